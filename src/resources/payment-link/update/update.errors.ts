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

/** A field that would be cleared if it were left out of the write: it may exist though no read has shown it. */
export function unread(field: keyof UpdateChanges): UpdateUserError {
  const message = `The link's ${field} could not be read, and would be cleared by the update; set ${field} to change the link.`
  return userError('REJECTED', field, message)
}

/** What the link as it is now has against the update. A caller whose picture of the link is stale hears of that alone. */
export function stateErrors(
  shown: LinkResponse,
  input: UpdatePaymentLinkInput,
  catalogue: readonly string[] | undefined,
): readonly UpdateUserError[] {
  const stale = staleErrors(shown, input)
  return stale.length > 0 ? stale : [...usageErrors(shown.link, input), ...methodErrors(input, catalogue)]
}

/** The upstream's sentences on the fields it refused. */
export function upstreamErrors(
  messages: FieldMessages,
  { link }: LinkResponse,
  changes: UpdateChanges,
): readonly UpdateUserError[] {
  const rules: FieldMessageRules<keyof UpdateChanges, UpdateUserErrorCode> = {
    fields: FIELDS_BY_WIRE_KEY,
    errorsMax: USER_ERRORS_MAX,
    codeOf: (field, sentence) => {
      if (field === 'whitelistedPaymentMethod') return 'UNKNOWN_PAYMENT_METHOD'
      const isBelowUsage = field === 'maxUsage' && link.hasPayments === true
      return isBelowUsage && /current.?usage|already/i.test(sentence) ? 'BELOW_CURRENT_USAGE' : 'INVALID'
    },
    // Metadata is set as a whole, and what is sent back unchanged is not in the input.
    hasElement: (field, index) => field === 'whitelistedPaymentMethod' && Object.hasOwn(changes[field] ?? [], index),
  }
  return toUserErrors(messages, rules)
}

function staleErrors(
  shown: LinkResponse,
  { expectedVersion, expectedUpdatedAt }: UpdatePaymentLinkInput,
): UpdateUserError[] {
  const { link } = shown
  const errors: UpdateUserError[] = []
  if (expectedVersion != null && !isVersionOf(link, expectedVersion)) {
    errors.push(userError('STALE', 'expectedVersion', 'The link was changed since: it has another version now.'))
  }
  const { updatedAt } = link
  if (expectedUpdatedAt == null) return errors
  if (updatedAt instanceof Unreadable || !hasUpdateTime(shown)) {
    const message = 'It cannot be read when the link was last changed: expect its version, or nothing.'
    errors.push(userError('REJECTED', 'expectedUpdatedAt', message))
  } else if (epochSecondOf(expectedUpdatedAt) !== epochSecondOf(updatedAt)) {
    errors.push(userError('STALE', 'expectedUpdatedAt', `The link was changed since: on ${updatedAt}.`))
  }
  return errors
}

/** An unreadable count of payments is left to the upstream's own check. */
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
