import { Field, ObjectType } from 'type-graphql'
import type { UserError } from '../../../graphql/write/user-error.js'
import { COMMON_CODES, createUserErrorType } from '../../../graphql/write/user-error.type.js'
import type { Readable } from '../../../kernel/unreadable.js'
import type { PaymentLink } from '../payment-link.model.js'
import { PaymentLinkType } from '../payment-link.type.js'

const OWN_CODES = {
  BELOW_CURRENT_USAGE: 'maxUsage is below the number of payments the link already has.',
  UNKNOWN_PAYMENT_METHOD: 'The catalogue of payment methods has no such code.',
} as const

export type UpdateUserErrorCode = keyof typeof OWN_CODES
export type UpdateUserError = UserError<UpdateUserErrorCode>

export interface UpdatePaymentLinkPayload {
  readonly paymentLink: Readable<PaymentLink> | null
  readonly userErrors: readonly UpdateUserError[]
}

const UserErrorType = createUserErrorType<UpdateUserErrorCode>('UpdatePaymentLink', {
  ...COMMON_CODES,
  ...OWN_CODES,
  NOT_FOUND: 'The account has no such link.',
})

@ObjectType('UpdatePaymentLinkPayload', { description: 'The result of an update.', simpleResolvers: true })
export class UpdatePaymentLinkPayloadType implements UpdatePaymentLinkPayload {
  @Field(() => PaymentLinkType, {
    nullable: true,
    description: 'The link as it is now, even if the update was refused; null when it does not exist or was not read.',
  })
  paymentLink!: PaymentLink | null

  @Field(() => [UserErrorType], {
    description: 'Why nothing was written, or which fields were not applied; empty when all went well.',
  })
  userErrors!: readonly UpdateUserError[]
}
