import { Directive, Field, ID, Int, ObjectType } from 'type-graphql'
import { connectionType } from '../../graphql/connection/connection.type.js'
import { createEnumType } from '../../graphql/enum-type.js'
import { DateTimeScalar, DecimalScalar, JSONObjectScalar } from '../../graphql/scalars.js'
import type { Decimal } from '../../kernel/decimal.js'
import type { Instant } from '../../kernel/instant.js'
import type { Item, JsonObject, PaymentLink, PaymentLinkStatus } from './payment-link.model.js'

const PaymentLinkStatusEnum = createEnumType<PaymentLinkStatus>(
  'PaymentLinkStatus',
  'Where a payment link is in its lifecycle.',
  {
    OPEN: 'The link takes payments.',
    CLOSED: 'The merchant closed the link.',
    EXPIRED: 'The link no longer takes payments because it has expired.',
    UNKNOWN: 'A value that this version of the gateway does not know.',
  },
)

@ObjectType('Item', { description: 'One line of what is being paid for (`items[]`).', simpleResolvers: true })
class ItemType implements Item {
  @Field(() => String, { description: 'What it is (`name`).' })
  name!: string

  @Field(() => Int, { description: 'How many of them (`quantity`).' })
  quantity!: number

  @Field(() => DecimalScalar, {
    description: "Price of one, in the link's currency (`unit_price`); negative for a discount.",
  })
  unitPrice!: Decimal

  @Field(() => DecimalScalar, {
    description:
      "Price of all of them, in the link's currency (`subtotal`); quantity times unit price when the upstream leaves it out.",
  })
  subtotal!: Decimal
}

@Directive('@key(fields: "accountId id")')
@ObjectType('PaymentLink', {
  description: 'A link through which customers pay a merchant, as stored by SingaPay.',
  simpleResolvers: true,
})
export class PaymentLinkType implements Omit<PaymentLink, 'accountFacts'> {
  @Field(() => ID, { description: "The upstream's numeric id, as text (`id`)." })
  id!: string

  @Field(() => ID, { description: 'ULID of the account under which the link was read.' })
  accountId!: string

  @Field(() => String, { description: "The merchant's reference (`reff_no`)." })
  reffNo!: string

  @Field(() => String, {
    nullable: true,
    description: 'The heading the payer sees (`title`); null when there is none.',
  })
  title!: string | null | undefined

  @Field(() => String, {
    nullable: true,
    description: 'Where the payer goes to pay (`payment_url`); null when the upstream gives none.',
  })
  paymentUrl!: string | null | undefined

  @Field(() => PaymentLinkStatusEnum, { description: 'The status as stored (`status`); it stays OPEN after expiry.' })
  status!: PaymentLinkStatus

  @Field(() => PaymentLinkStatusEnum, {
    description:
      'The status as of now (`status_computed`); derived from status and expiry when the upstream leaves it out.',
  })
  statusComputed!: PaymentLinkStatus

  @Field(() => Boolean, {
    description: 'Whether the link has expired (`is_expired`); derived from expiredAt when the upstream leaves it out.',
  })
  isExpired!: boolean

  @Field(() => Boolean, { description: 'Whether the payer must give name and contact (`required_customer_detail`).' })
  requiredCustomerDetail!: boolean

  @Field(() => Int, { description: 'How often the link may be paid (`max_usage`); 0 means no limit.' })
  maxUsage!: number

  @Field(() => Int, { description: 'How often the link was paid (`current_usage`).' })
  currentUsage!: number

  @Field(() => Boolean, {
    description: 'Whether the link was paid at least once: the only proof of payment that a link carries.',
  })
  hasPayments!: boolean

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the link expires (`expired_at`); null for never.' })
  expiredAt!: Instant | null | undefined

  @Field(() => DecimalScalar, { description: 'What is to be paid, in `currency` (`total_amount`).' })
  totalAmount!: Decimal

  @Field(() => String, { description: 'ISO 4217 code for every amount of this link: `IDR`.' })
  currency!: string

  @Field(() => [ItemType], {
    nullable: true,
    description: 'What is being paid for (`items`); null when the link lists nothing.',
  })
  items!: readonly Item[] | null | undefined

  @Field(() => [String], {
    nullable: true,
    description:
      'Codes of the payment methods that the payer may use (`whitelisted_payment_method`), spelt as in the catalogue; null means every method.',
  })
  whitelistedPaymentMethod!: readonly string[] | null | undefined

  @Field(() => String, {
    nullable: true,
    description: 'Where the payer goes afterwards (`redirect_url`); null for nowhere.',
  })
  redirectUrl!: string | null | undefined

  @Field(() => JSONObjectScalar, {
    nullable: true,
    description:
      "The merchant's own data (`optional_metadata`); null when there is none. For a link read by its key it is looked up in the account's list, which may take more upstream calls.",
  })
  optionalMetadata!: JsonObject | null | undefined

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'What the upstream stores as the payment date (`payment_date`). Not proof of payment: it is set at creation.',
  })
  paymentDate!: Instant | null | undefined

  @Field(() => DateTimeScalar, { description: 'When the link was created (`created_at`).' })
  createdAt!: Instant

  @Field(() => DateTimeScalar, {
    description: 'When the link last changed, including by a payment, in whole seconds (`updated_at`).',
  })
  updatedAt!: Instant
}

export const PaymentLinkConnectionType = connectionType('PaymentLink', () => PaymentLinkType)
