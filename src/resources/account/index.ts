import type { Resource } from '../../graphql/build-schema.js'
import { accountCosts } from './account.cost.js'
import { accountEntity } from './account.entity.js'
import { AccountResolver } from './account.resolver.js'

export const account: Resource = {
  name: 'account',
  resolvers: [AccountResolver],
  costs: accountCosts,
  entities: [accountEntity],
}
