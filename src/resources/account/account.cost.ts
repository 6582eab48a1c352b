import { type CostTable, FREE } from '../../admission/field-cost.js'
import { connectionCost } from '../../graphql/connection/connection.cost.js'

/** An account costs one page of its links, which carries its facts; an account reached through a link is counted there. */
export const accountCosts: CostTable = {
  'Query.account': { calls: 1 },
  'Account.paymentLinks': connectionCost,
  // Counted where the link is read.
  'PaymentLink.account': FREE,
  'Account.name': FREE,
  'Account.email': FREE,
  'Account.phone': FREE,
  'Account.status': FREE,
}
