import { Field, ObjectType, registerEnumType } from 'type-graphql'
import type { Readable } from '../../../kernel/unreadable.js'
import type { PartlyReadLink, PaymentLink } from '../payment-link.model.js'
import { PaymentLinkType } from '../payment-link.type.js'

export const USER_ERROR_CODES = {
  INVALID: 'INVALID',
  BELOW_CURRENT_USAGE: 'BELOW_CURRENT_USAGE',
  UNKNOWN_PAYMENT_METHOD: 'UNKNOWN_PAYMENT_METHOD',
  NOT_FOUND: 'NOT_FOUND',
  STALE: 'STALE',
  REJECTED: 'REJECTED',
  NOT_APPLIED: 'NOT_APPLIED',
} as const

export type UserErrorCode = keyof typeof USER_ERROR_CODES

/** What a person can mend; nothing was written unless the code is NOT_APPLIED. */
export interface UserError {
  readonly code: UserErrorCode
  /** Starts at the input's own field; null when it concerns no single field. */
  readonly field: readonly string[] | null
  readonly message: string
}

export interface UpdatePaymentLinkPayload {
  /** The link as it is now, also when the update was refused; null when it could not be read or does not exist. */
  readonly paymentLink: PartlyReadLink | null
  readonly userErrors: readonly UserError[]
}

/** The same as it is answered: of a link that is not whole, why not. */
export interface AnsweredUpdate extends Omit<UpdatePaymentLinkPayload, 'paymentLink'> {
  readonly paymentLink: Readable<PaymentLink> | null
}

registerEnumType(USER_ERROR_CODES, {
  name: 'UpdatePaymentLinkUserErrorCode',
  description: 'Why an update was refused.',
  valuesConfig: {
    INVALID: { description: 'The value breaks a rule; the message says which.' },
    BELOW_CURRENT_USAGE: { description: 'maxUsage is below the number of payments the link already has.' },
    UNKNOWN_PAYMENT_METHOD: { description: 'The catalogue of payment methods has no such code.' },
    NOT_FOUND: { description: 'The account has no such link.' },
    STALE: { description: 'The link was changed since it was read: read it again and decide anew.' },
    REJECTED: {
      description: 'The upstream refused it, cannot express it, or does not tell what would have to go back unchanged.',
    },
    NOT_APPLIED: { description: 'The upstream said yes, but a read shows the field unchanged.' },
  },
})

@ObjectType('UpdatePaymentLinkUserError', {
  description:
    'What a person can mend, shown next to the form field: `field` starts at the input\'s own field, `["maxUsage"]`.',
  simpleResolvers: true,
})
class UserErrorType implements UserError {
  @Field(() => USER_ERROR_CODES, { description: 'For the program.' })
  code!: UserErrorCode

  @Field(() => [String], {
    nullable: true,
    description:
      "Path of the input field it concerns, starting at the input's own field; null when it concerns no single one.",
  })
  field!: readonly string[] | null

  @Field(() => String, { description: 'For the person, in English.' })
  message!: string
}

@ObjectType('UpdatePaymentLinkPayload', { description: 'What became of an update.', simpleResolvers: true })
export class UpdatePaymentLinkPayloadType implements UpdatePaymentLinkPayload {
  @Field(() => PaymentLinkType, {
    nullable: true,
    description:
      'The link as it is now, also when the update was refused; null when it does not exist or was not looked at.',
  })
  paymentLink!: PaymentLink | null

  @Field(() => [UserErrorType], {
    description: 'Why nothing was written, or what was not applied; empty when all went well.',
  })
  userErrors!: readonly UserError[]
}
