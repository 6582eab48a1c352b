import type { Resource } from '../../graphql/schema/build-schema.js'
import { paymentLinkCosts } from './payment-link.cost.js'
import { paymentLinkEntity } from './payment-link.entity.js'
import { PaymentLinkResolver } from './payment-link.resolver.js'
import { UpdatePaymentLinkResolver } from './update/update.resolver.js'

export const paymentLink: Resource = {
  name: 'payment-link',
  resolvers: [PaymentLinkResolver, UpdatePaymentLinkResolver],
  costs: paymentLinkCosts,
  entities: [paymentLinkEntity],
}
