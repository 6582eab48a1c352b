import { type CostTable, FREE } from '../../admission/field-cost.js'
import { connectionCost } from '../../graphql/connection/connection.cost.js'

/** An account costs one page of its links, which carries its facts. One reached through a link is counted with the link. */
export const accountCosts: CostTable = {
  'Query.account': { calls: 1 },
  'Account.paymentLinks': connectionCost,
  // Counted with the link.
  'PaymentLink.account': FREE,
  'Account.name': FREE,
  'Account.email': FREE,
  'Account.phone': FREE,
  'Account.status': FREE,
}
