import type { Entity } from '../../graphql/entity.js'
import { parseAccountId, parseLinkId } from '../../kernel/ids.js'
import type { LinkKey } from './payment-link.api.js'
import { referenceCalls } from './payment-link.cost.js'
import { paymentLinkLoaders } from './payment-link.loader.js'

export const paymentLinkEntity: Entity<LinkKey> = {
  typename: 'PaymentLink',
  find: async (scope, { accountId, id }) =>
    scope.get(paymentLinkLoaders).byKey.load({ accountId: parseAccountId(accountId), id: parseLinkId(id) }),
  calls: referenceCalls,
  keyList: { field: 'paymentLinksByKeys', argument: 'keys' },
}
