import { type CostTable, countByList, type FieldCost, FREE, type SelectedFields } from '../../admission/field-cost.js'
import { connectionCost, LIST_SEARCH_CALLS } from '../../graphql/connection/connection.cost.js'
import type { AccountFacts } from '../account-facts/account-facts.model.js'
import { NOT_IN_EVERY_ROUTE } from './payment-link.model.js'

/** The link, and its row in the list for what `show` does not carry. */
const FRESH_READ_CALLS = 1 + LIST_SEARCH_CALLS

/** A fresh read, the catalogue of payment methods, the write, a read-back, and a page for the account's name. */
const UPDATE_CALLS = FRESH_READ_CALLS + 1 + 1 + FRESH_READ_CALLS + 1

/**
 * The error of a field that cannot be read, which takes more than the value: a moment, an address, or a title of 255
 * characters, most of them in one or two bytes [new:payment-link/create-payment-link].
 */
const UNREADABLE_BYTES = 512
/** The longest that the update route takes. */
const REDIRECT_URL_BYTES = 2_048
/** Some 50 codes of the catalogue. */
const WHITELIST_BYTES = 1_024
/** The API names no limit. */
const ITEMS = 10

/** One of each code of a whitelist of 200, and of the other fields. */
export const USER_ERRORS_MAX = 210

export const paymentLinkCosts: CostTable = {
  'Query.paymentLinks': connectionCost,
  'Query.paymentLink': ({ accountId }, selected) =>
    rowsCost(
      countByList([accountId], (id) => id),
      selected,
    ),
  'PaymentLink.version': FREE,
  // Where it may have to be looked up, that is counted where the link comes from.
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

/** Facts of an account that the row of a link need not carry: a page of its links is read for them. */
const ACCOUNT_FACTS = ['name', 'email', 'phone', 'status'] satisfies (keyof AccountFacts)[]

/** Links read by their ids, so many of each account. */
export function rowsCost(counts: ReadonlyMap<string, number>, selected: SelectedFields): FieldCost {
  return { calls: 0, batches: new Map([[counts, pagesBesides(selected)]]) }
}

/** Pages of the list for what a single read lacks. Links of one account are looked for on the same, and facts are on each. */
function pagesBesides({ has }: SelectedFields): number {
  if (NOT_IN_EVERY_ROUTE.some(has)) return LIST_SEARCH_CALLS
  return ACCOUNT_FACTS.some((fact) => has(`account.${fact}`)) ? 1 : 0
}
