import { type FieldMessageRules, toUserErrors } from '../../../graphql/write/field-messages.js'
import type { FieldMessages } from '../../../graphql/write/send-once.js'
import { userError } from '../../../graphql/write/user-error.js'
import { excerpt } from '../../../kernel/excerpt.js'
import { Unreadable } from '../../../kernel/unreadable.js'
import { USER_ERRORS_MAX } from '../payment-link.cost.js'
import { epochSecondOf, isVersionOf, type PartlyReadLink, type UpdateChanges } from '../payment-link.model.js'
import type { LinkResponse } from '../wire/responses.wire.js'
import type { UpdatePaymentLinkInput } from './update.input.js'
import type { UpdateUserError, UpdateUserErrorCode } from './update.type.js'
import { FIELDS_BY_WIRE_KEY, hasUpdateTime } from './update.wire.js'

export const notFound: UpdateUserError = userError('NOT_FOUND', 'id', 'The account has no such payment link.')

export const uncheckedMethods: UpdateUserError = userError(
  'REJECTED',
  'whitelistedPaymentMethod',
  'The upstream has no readable catalogue of payment methods, so the codes cannot be checked.',
)

/** A field that the write would clear by omitting it: it may have a value, although no read has shown it. */
export function unknownField(field: keyof UpdateChanges): UpdateUserError {
  const message = `The link's ${field} could not be read and would be cleared by the update; set ${field} to change the link.`
  return userError('REJECTED', field, message)
}

/** Conflicts of the update with the link as it is now. If the caller's view is stale, only that is reported. */
export function stateErrors(
  response: LinkResponse,
  input: UpdatePaymentLinkInput,
  catalogue: readonly string[] | undefined,
): readonly UpdateUserError[] {
  const stale = staleErrors(response, input)
  return stale.length > 0 ? stale : [...usageErrors(response.link, input), ...methodErrors(input, catalogue)]
}

/** The upstream's messages on the fields it refused. */
export function upstreamErrors(
  messages: FieldMessages,
  { link }: LinkResponse,
  changes: UpdateChanges,
): readonly UpdateUserError[] {
  const rules: FieldMessageRules<keyof UpdateChanges, UpdateUserErrorCode> = {
    fields: FIELDS_BY_WIRE_KEY,
    errorsMax: USER_ERRORS_MAX,
    codeOf: (field, text) => {
      if (field === 'whitelistedPaymentMethod') return 'UNKNOWN_PAYMENT_METHOD'
      const isBelowUsage = field === 'maxUsage' && link.hasPayments === true
      return isBelowUsage && /current.?usage|already/i.test(text) ? 'BELOW_CURRENT_USAGE' : 'INVALID'
    },
    // Metadata is set as a whole, and a field that is sent back unchanged is not in the input.
    hasElement: (field, index) => field === 'whitelistedPaymentMethod' && Object.hasOwn(changes[field] ?? [], index),
  }
  return toUserErrors(messages, rules)
}

function staleErrors(
  response: LinkResponse,
  { expectedVersion, expectedUpdatedAt }: UpdatePaymentLinkInput,
): UpdateUserError[] {
  const { link } = response
  const errors: UpdateUserError[] = []
  if (expectedVersion != null && !isVersionOf(link, expectedVersion)) {
    errors.push(userError('STALE', 'expectedVersion', 'The link has been changed: it has another version now.'))
  }
  const { updatedAt } = link
  if (expectedUpdatedAt == null) return errors
  if (updatedAt instanceof Unreadable || !hasUpdateTime(response)) {
    const message = 'The time of the last change cannot be read: give expectedVersion instead, or neither.'
    errors.push(userError('REJECTED', 'expectedUpdatedAt', message))
  } else if (epochSecondOf(expectedUpdatedAt) !== epochSecondOf(updatedAt)) {
    errors.push(userError('STALE', 'expectedUpdatedAt', `The link has been changed: on ${updatedAt}.`))
  }
  return errors
}

/** If the number of payments is unreadable, the upstream's own check decides. */
function usageErrors({ currentUsage }: PartlyReadLink, { maxUsage }: UpdatePaymentLinkInput): UpdateUserError[] {
  if (maxUsage == null || currentUsage instanceof Unreadable || maxUsage >= currentUsage) return []
  const message = `maxUsage must be at least ${currentUsage}, the payments the link already has, but got: ${maxUsage}.`
  return [userError('BELOW_CURRENT_USAGE', 'maxUsage', message)]
}

function methodErrors(
  { whitelistedPaymentMethod: codes }: UpdatePaymentLinkInput,
  catalogue: readonly string[] | undefined,
): UpdateUserError[] {
  if (catalogue === undefined) return []
  const known = new Set(catalogue)
  return (codes ?? []).flatMap((code, index) => {
    if (known.has(code)) return []
    const message = `whitelistedPaymentMethod must hold codes of the catalogue, but got: ${excerpt(code)}.`
    return [userError('UNKNOWN_PAYMENT_METHOD', ['whitelistedPaymentMethod', String(index)], message)]
  })
}
