import { type CostTable, FREE } from '../../admission/field-cost.js'
import { connectionCost } from '../../graphql/connection/connection.cost.js'

/** An account is one page of its links; its facts are on it, and every way to an account has read it or counts it. */
export const accountCosts: CostTable = {
  'Query.account': { calls: 1 },
  'Account.paymentLinks': connectionCost,
  // Counted where the link comes from.
  'PaymentLink.account': FREE,
  'Account.name': FREE,
  'Account.email': FREE,
  'Account.phone': FREE,
  'Account.status': FREE,
}
