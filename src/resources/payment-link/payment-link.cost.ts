import { type CostTable, countByList, type FieldCost, FREE, type SelectedFields } from '../../admission/field-cost.js'
import { connectionCost, LIST_SEARCH_CALLS } from '../../graphql/connection/connection.cost.js'
import type { AccountFacts } from '../account-facts/account-facts.model.js'
import { LIST_ONLY_FIELDS } from './payment-link.model.js'

/** The link, and its list row for what `show` does not carry. */
const FRESH_READ_CALLS = 1 + LIST_SEARCH_CALLS

/** A fresh read, the catalogue of payment methods, the write, a read-back, and a page for the account's name. */
const UPDATE_CALLS = FRESH_READ_CALLS + 1 + 1 + FRESH_READ_CALLS + 1

/**
 * The error of an unreadable field, which is longer than the value: a time, a URL, or a title of 255 characters, most of them
 * one or two bytes long [new:payment-link/create-payment-link].
 */
const UNREADABLE_BYTES = 512
/** The longest that the update route accepts. */
const REDIRECT_URL_BYTES = 2_048
/** About 50 codes of the catalogue. */
const WHITELIST_BYTES = 1_024
/** The API documents no limit. */
const ITEMS = 10

/** One for each code of a whitelist of 200, and those of the other fields. */
export const USER_ERRORS_MAX = 210

export const paymentLinkCosts: CostTable = {
  'Query.paymentLinks': connectionCost,
  'Query.paymentLink': ({ accountId }, selected) =>
    rowsCost(
      countByList([accountId], (id) => id),
      selected,
    ),
  'PaymentLink.version': FREE,
  // The lookup is counted where the link is read.
  'PaymentLink.optionalMetadata': FREE,
  'PaymentLink.title': { calls: 0, bytes: UNREADABLE_BYTES },
  'PaymentLink.paymentUrl': { calls: 0, bytes: UNREADABLE_BYTES },
  'PaymentLink.expiredAt': { calls: 0, bytes: UNREADABLE_BYTES },
  'PaymentLink.paymentDate': { calls: 0, bytes: UNREADABLE_BYTES },
  'PaymentLink.redirectUrl': { calls: 0, bytes: REDIRECT_URL_BYTES },
  'PaymentLink.whitelistedPaymentMethod': { calls: 0, bytes: WHITELIST_BYTES },
  'PaymentLink.items': { calls: 0, rows: ITEMS },
  'Mutation.updatePaymentLink': { calls: UPDATE_CALLS },
  'UpdatePaymentLinkPayload.userErrors': { calls: 0, rows: USER_ERRORS_MAX },
}

/** Account facts that a single read may lack. A page of the account's links is then read for them. */
const ACCOUNT_FACTS = ['name', 'email', 'phone', 'status'] satisfies (keyof AccountFacts)[]

/** The cost of reading links by id. @param counts how many of each account */
export function rowsCost(counts: ReadonlyMap<string, number>, selected: SelectedFields): FieldCost {
  return { calls: 0, batches: new Map([[counts, extraPages(selected)]]) }
}

/** Pages of the list for what single reads lack. Links of one account share them, and every page carries account facts. */
function extraPages({ has }: SelectedFields): number {
  if (LIST_ONLY_FIELDS.some(has)) return LIST_SEARCH_CALLS
  return ACCOUNT_FACTS.some((fact) => has(`account.${fact}`)) ? 1 : 0
}
