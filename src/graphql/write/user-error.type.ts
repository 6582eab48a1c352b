import { Field, ObjectType } from 'type-graphql'
import { createEnumType } from '../enum-type.js'
import type { CommonCode, UserError } from './user-error.js'

type Descriptions<Code extends string> = Readonly<Record<Code, string>>

/** What the common codes mean; a mutation may say it in words of its own. */
export const COMMON_CODES: Descriptions<CommonCode> = {
  INVALID: 'The value breaks a rule; the message says which.',
  NOT_FOUND: 'There is nothing under this id.',
  STALE: 'It was changed since it was read: read it again before you decide.',
  REJECTED:
    'The upstream refused it, cannot express it, or does not show a value that would have to be sent back unchanged.',
  NOT_APPLIED: 'The upstream accepted the write, but a read shows the field unchanged.',
}

/**
 * The GraphQL types `<prefix>UserError` and `<prefix>UserErrorCode` of one mutation: `createUserErrorType('UpdatePaymentLink', …)`.
 * @param codes each code a payload may hold, with its description
 */
export function createUserErrorType<Own extends string>(prefix: string, codes: Descriptions<CommonCode | Own>) {
  const CodeEnum = createEnumType(`${prefix}UserErrorCode`, 'Why a write was refused or not applied.', codes)

  @ObjectType(`${prefix}UserError`, {
    description: 'Something a person can fix, to be shown next to the form field it concerns.',
    simpleResolvers: true,
  })
  class UserErrorType implements UserError<Own> {
    @Field(() => CodeEnum, { description: 'The reason, for programs.' })
    code!: CommonCode | Own

    @Field(() => [String], {
      nullable: true,
      description:
        'Path of the input field it concerns, from the input\'s own field: `["maxUsage"]`. null when it concerns no single field.',
    })
    field!: readonly string[] | null

    @Field(() => String, { description: 'The reason, for people, in English.' })
    message!: string
  }
  return UserErrorType
}
