import type { Entity } from '../../graphql/entity.js'
import { parseAccountId } from '../../kernel/ids.js'
import { accountLoader } from './account.loader.js'

export const accountEntity: Entity<{ readonly id: string }> = {
  typename: 'Account',
  find: async (scope, { id }) => scope.get(accountLoader).load(parseAccountId(id)),
  // A page of its links each, however often it is referred to.
  calls: (references) => new Set(references.map(({ id }) => id)).size,
  keyList: { field: 'accountsByIds', argument: 'ids' },
}
