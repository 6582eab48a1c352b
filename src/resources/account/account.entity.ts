import { type Entity, isReference } from '../../graphql/federation/entity.js'
import { parseAccountId } from '../account-facts/account-id.js'
import { accountLoader } from './account.loader.js'

export const accountEntity: Entity<{ readonly id: string }> = {
  typename: 'Account',
  resolveReference: async (scope, { id }) => scope.get(accountLoader).load(parseAccountId(id)),
  listIdOf: (key) => (isReference(key) ? key['id'] : key),
  // One page of links per account, however many references name it.
  cost: (counts) => ({ calls: counts.size }),
  keyList: { field: 'accountsByIds', argument: 'ids' },
}
