import { type Entity, isReference } from '../../graphql/federation/entity.js'
import { rowsCost } from './payment-link.cost.js'
import { type LinkKey, parseLinkKey } from './payment-link.keys.js'
import { paymentLinkLoaders } from './read/payment-link.loader.js'

export const paymentLinkEntity: Entity<LinkKey> = {
  typename: 'PaymentLink',
  resolveReference: async (scope, reference, selected) =>
    scope.get(paymentLinkLoaders).load(parseLinkKey(reference), selected),
  listIdOf: (key) => (isReference(key) ? key['accountId'] : undefined),
  cost: rowsCost,
  keyList: { field: 'paymentLinksByKeys', argument: 'keys' },
}
