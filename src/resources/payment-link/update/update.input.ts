import { ArrayMaxSize, ArrayNotEmpty, Matches, Max, MaxLength, Min } from 'class-validator'
import { Field, ID, InputType, Int } from 'type-graphql'
import { createEnumType } from '../../../graphql/enum-type.js'
import { DateTimeScalar, JSONObjectScalar } from '../../../graphql/scalars.js'
import { clearable, itemRule, notNull, rule } from '../../../graphql/write/input-rules.js'
import { type UserError, userError } from '../../../graphql/write/user-error.js'
import { excerpt } from '../../../kernel/excerpt.js'
import { epochMsOf, type Instant } from '../../../kernel/instant.js'
import { ACCOUNT_ID } from '../../account-facts/account-id.js'
import { LINK_ID } from '../payment-link.keys.js'
import type { JsonObject, UpdateChanges } from '../payment-link.model.js'
import { findHalfCharacter, findNumberedMap, isMethodCode, isWebAddress, isWholeText } from './update.rules.js'

const PaymentLinkStatusInputEnum = createEnumType(
  'PaymentLinkStatusInput',
  'The statuses a payment link can be set to.',
  {
    OPEN: 'The link takes payments.',
    CLOSED: 'The link takes no payments until it is opened again.',
    EXPIRED: 'The link is expired, whatever its expiredAt says.',
  },
)
type PaymentLinkStatusInput = keyof typeof PaymentLinkStatusInputEnum

@InputType('UpdatePaymentLinkInput', {
  description:
    'An omitted field stays as it is, null clears it (INVALID for status, maxUsage and requiredCustomerDetail, which cannot be empty), and a value sets it.',
})
export class UpdatePaymentLinkInput implements Nullable<UpdateChanges> {
  @Field(() => ID, { description: 'ULID of the account that owns the link.' })
  @Matches(ACCOUNT_ID, { message: 'accountId must be a ULID, 26 characters in upper case.' })
  accountId!: string

  @Field(() => ID, { description: "The link's numeric id, as text." })
  @Matches(LINK_ID, { message: 'id must be a whole number of 1 to 19 digits.' })
  id!: string

  @Field(() => PaymentLinkStatusInputEnum, { nullable: true, description: 'The status to store (`status`).' })
  @notNull
  status?: PaymentLinkStatusInput | null

  @Field(() => Int, {
    nullable: true,
    description: 'How often the link may be paid, from 1 to 1,000,000 and not below currentUsage (`max_usage`).',
  })
  @notNull
  @Min(1, { message: 'maxUsage must be from 1 to 1000000, but got: $value.' })
  @Max(1_000_000, { message: 'maxUsage must be from 1 to 1000000, but got: $value.' })
  maxUsage?: number | null

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the payer must give name and contact (`required_customer_detail`).',
  })
  @notNull
  requiredCustomerDetail?: boolean | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When the link expires, from 2001-09-09 to 2286-11-20, stored in whole seconds (`expired_at`). null: never.',
  })
  @clearable
  @rule<Instant>('hasThirteenDigits', (value) =>
    /^\d{13}$/.test(String(epochMsOf(value)))
      ? undefined
      : 'expiredAt must be from 2001-09-09T01:46:40Z to 2286-11-20T17:46:39Z: the upstream takes milliseconds of 13 digits.',
  )
  expiredAt?: Instant | null

  @Field(() => [String], {
    nullable: true,
    description:
      'Codes of the payment methods the payer may use (`whitelisted_payment_method`). null: every method. An empty list is INVALID, because the upstream would read it as every method. A code has 1 to 64 letters, digits, dots, dashes and underscores.',
  })
  @clearable
  @ArrayNotEmpty({
    message: 'whitelistedPaymentMethod must name at least one method: give null to allow every method.',
  })
  @ArrayMaxSize(200, { message: 'whitelistedPaymentMethod can name at most 200 methods.' })
  @itemRule('isMethodCode', (code) =>
    isMethodCode(code)
      ? undefined
      : `whitelistedPaymentMethod must hold codes of 1 to 64 letters, digits, dots, dashes and underscores, but got: ${excerpt(code)}.`,
  )
  whitelistedPaymentMethod?: readonly string[] | null

  @Field(() => String, {
    nullable: true,
    description:
      'Where the payer is sent afterwards: an http or https URL of at most 2048 characters (`redirect_url`). null: nowhere.',
  })
  @clearable
  @MaxLength(2048, { message: 'redirectUrl must have at most 2048 characters.' })
  @rule<string>('isWholeText', (value) => (isWholeText(value) ? undefined : halfCharacterAt('redirectUrl')))
  @rule<string>('isWebAddress', (value) =>
    isWebAddress(value) ? undefined : 'redirectUrl must be an http or https address without user and password.',
  )
  redirectUrl?: string | null

  @Field(() => JSONObjectScalar, {
    nullable: true,
    description:
      "The merchant's own data, replaced as a whole (`optional_metadata`). At most 16384 bytes of JSON unless the gateway is configured otherwise. An object in it whose keys are 0, 1, 2 … is INVALID, because the upstream would store it as a list. null: none.",
  })
  @clearable
  @rule<JsonObject>('hasWholeText', (value) => {
    const place = findHalfCharacter(value)
    return place === undefined ? undefined : halfCharacterAt(`optionalMetadata${place}`)
  })
  @rule<JsonObject>('hasNoNumberedMap', (value) => {
    const place = findNumberedMap(value)
    return place === undefined
      ? undefined
      : `optionalMetadata must not hold an object whose keys are 0, 1, 2 …, which the upstream stores as a list, but has one at: ${excerpt(`optionalMetadata${place}`)}.`
  })
  optionalMetadata?: JsonObject | null

  @Field(() => String, {
    nullable: true,
    description: 'Refuse the update (STALE) unless the link still has this version.',
  })
  expectedVersion?: string | null

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'Refuse the update (STALE) if the link was changed since. Coarser than expectedVersion: the upstream keeps whole seconds, and a payment may change it.',
  })
  expectedUpdatedAt?: Instant | null
}

/** GraphQL lets null in everywhere; the rules refuse it where a field cannot be empty. */
type Nullable<T> = { [K in keyof T]?: T[K] | null }

function halfCharacterAt(place: string): string {
  return `Text must hold whole characters, but has half of one (a lone surrogate, as when text is cut inside an emoji) at: ${excerpt(place)}.`
}

/** The one rule of the input that depends on a setting. */
export function metadataErrors({ optionalMetadata }: UpdatePaymentLinkInput, bytesMax: number): readonly UserError[] {
  if (optionalMetadata == null) return []
  const bytes = Buffer.byteLength(JSON.stringify(optionalMetadata))
  if (bytes <= bytesMax) return []
  const message = `optionalMetadata must have at most ${bytesMax} bytes as JSON, but has ${bytes}.`
  return [userError('INVALID', 'optionalMetadata', message)]
}
