import { connectionCost, LIST_SEARCH_CALLS } from '../../graphql/connection/connection.cost.js'
import type { Reference } from '../../graphql/entity.js'
import { type CostTable, FREE, listLength } from '../../graphql/field-cost.js'

/**
 * One key of a batch. The batch plan reads pages only while they are fewer than the rows missing, then asks what it has
 * not seen singly: N keys that do not exist take at most N pages and N single reads. A key by itself takes one read, and
 * leaves one for its account's name, which the row may lack.
 */
const KEY_CALLS = 2

/**
 * All references to links of one account, however many. They name links that another subgraph knows of, so they are taken to
 * exist, in an account of no more than 3,200 links: then the batch plan reads its pages at most. Where that is wrong, the
 * running count of a request's calls ends it.
 */
const ACCOUNT_REFERENCES_CALLS = 32

/** The link, and its row in the list for what `show` does not carry. */
const FRESH_READ_CALLS = 1 + LIST_SEARCH_CALLS

/** A fresh read, the catalogue of payment methods, the write, a read-back, and a page for the account's name. */
const UPDATE_CALLS = FRESH_READ_CALLS + 1 + 1 + FRESH_READ_CALLS + 1

/** 255 characters, most of them in one or two bytes [new:payment-link/create-payment-link]. */
const TITLE_BYTES = 512
/** The longest that the update route takes. */
const REDIRECT_URL_BYTES = 2_048
/** Some 50 codes of the catalogue. */
const WHITELIST_BYTES = 1_024
/** The API names no limit. */
const ITEMS = 10

/** One of each code of a whitelist of 200, and of the other fields. */
const USER_ERRORS = 210

export const paymentLinkCosts: CostTable = {
  'Query.paymentLinks': connectionCost,
  'Query.paymentLink': { calls: KEY_CALLS },
  'Query.paymentLinksByKeys': ({ keys }) => {
    const count = listLength(keys)
    return { calls: KEY_CALLS * count, rows: count, keys: count }
  },
  'Account.paymentLinks': connectionCost,
  // What its account takes is counted where the link comes from.
  'PaymentLink.account': FREE,
  'PaymentLink.version': FREE,
  // Where it may have to be looked up, that is counted where the link comes from.
  'PaymentLink.optionalMetadata': FREE,
  'PaymentLink.title': { calls: 0, bytes: TITLE_BYTES },
  'PaymentLink.redirectUrl': { calls: 0, bytes: REDIRECT_URL_BYTES },
  'PaymentLink.whitelistedPaymentMethod': { calls: 0, bytes: WHITELIST_BYTES },
  'PaymentLink.items': { calls: 0, rows: ITEMS },
  'Mutation.updatePaymentLink': { calls: UPDATE_CALLS },
  'UpdatePaymentLinkPayload.userErrors': { calls: 0, rows: USER_ERRORS },
}

export function referenceCalls(references: readonly Reference[]): number {
  const counts = new Map<unknown, number>()
  for (const { accountId } of references) counts.set(accountId, (counts.get(accountId) ?? 0) + 1)
  return [...counts.values()].reduce((sum, count) => sum + Math.min(KEY_CALLS * count, ACCOUNT_REFERENCES_CALLS), 0)
}
