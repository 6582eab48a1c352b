import type { Resource } from '../../graphql/build-schema.js'
import { paymentLinkCosts } from './payment-link.cost.js'
import { paymentLinkEntity } from './payment-link.entity.js'
import { AccountPaymentLinksResolver, PaymentLinkResolver } from './payment-link.resolver.js'
import { UpdatePaymentLinkResolver } from './update-payment-link.resolver.js'

export const paymentLink: Resource = {
  name: 'payment-link',
  resolvers: [PaymentLinkResolver, AccountPaymentLinksResolver, UpdatePaymentLinkResolver],
  costs: paymentLinkCosts,
  entities: [paymentLinkEntity],
}
