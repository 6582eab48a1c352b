import type { Entity } from '../../graphql/entity.js'
import { parseAccountId, parseLinkId } from '../../kernel/ids.js'
import type { LinkKey } from './payment-link.api.js'
import { referenceCalls } from './payment-link.cost.js'
import { paymentLinkLoaders } from './payment-link.loader.js'

export const paymentLinkEntity: Entity<LinkKey> = {
  typename: 'PaymentLink',
  find: async (scope, { accountId, id }, asks) =>
    scope.get(paymentLinkLoaders).load({ accountId: parseAccountId(accountId), id: parseLinkId(id) }, asks),
  calls: referenceCalls,
  keyList: { field: 'paymentLinksByKeys', argument: 'keys' },
}
