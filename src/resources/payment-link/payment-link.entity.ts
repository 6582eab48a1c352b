import { type Entity, isReference } from '../../graphql/entity.js'
import { parseAccountId, parseLinkId } from '../../kernel/ids.js'
import type { LinkKey } from './payment-link.api.js'
import { rowsCost } from './payment-link.cost.js'
import { paymentLinkLoaders } from './payment-link.loader.js'

export const paymentLinkEntity: Entity<LinkKey> = {
  typename: 'PaymentLink',
  find: async (scope, { accountId, id }, asks) =>
    scope.get(paymentLinkLoaders).load({ accountId: parseAccountId(accountId), id: parseLinkId(id) }, asks),
  groupOf: (key) => (isReference(key) ? key['accountId'] : undefined),
  cost: rowsCost,
  keyList: { field: 'paymentLinksByKeys', argument: 'keys' },
}
