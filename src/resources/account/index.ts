import type { Resource } from '../../graphql/schema/build-schema.js'
import { accountCosts } from './account.cost.js'
import { accountEntity } from './account.entity.js'
import { AccountPaymentLinksResolver, PaymentLinkAccountResolver } from './account.links.resolver.js'
import { AccountResolver } from './account.resolver.js'

export const account: Resource = {
  name: 'account',
  resolvers: [AccountResolver, AccountPaymentLinksResolver, PaymentLinkAccountResolver],
  costs: accountCosts,
  entities: [accountEntity],
}
