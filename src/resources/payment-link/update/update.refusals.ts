import { excerpt } from '../../../kernel/excerpt.js'
import { Unreadable } from '../../../kernel/unreadable.js'
import type { ShownLink } from '../payment-link.api.js'
import { USER_ERRORS_MAX } from '../payment-link.cost.js'
import { epochSecondOf, isVersionOf, type PartlyReadLink, type UpdateChanges } from '../payment-link.model.js'
import type { UpdatePaymentLinkInput } from './update.input.js'
import type { UserError, UserErrorCode } from './update.type.js'
import { FIELDS_BY_WIRE_KEY, type Inexpressible, tellsChange } from './update.wire.js'

/** What the upstream's own refusal looks like from here: the wire field and its sentences. */
export type FieldMessages = ReadonlyMap<string, readonly string[]>

export const notFound: UserError = {
  code: 'NOT_FOUND',
  field: ['id'],
  message: 'The account has no such payment link.',
}

/** What speaks against the update as the link is now; the caller's picture first, then the values. */
export function refusalsByState(
  shown: ShownLink,
  input: UpdatePaymentLinkInput,
  catalogue: readonly string[] | undefined,
): readonly UserError[] {
  const stale = staleErrors(shown, input)
  return stale.length > 0 ? stale : [...usageErrors(shown.link, input), ...methodErrors(input, catalogue)]
}

/** The one rule of the input that hangs on a setting. */
export function metadataErrors({ optionalMetadata }: UpdatePaymentLinkInput, bytesMax: number): readonly UserError[] {
  if (optionalMetadata == null) return []
  const bytes = Buffer.byteLength(JSON.stringify(optionalMetadata))
  if (bytes <= bytesMax) return []
  const message = `optionalMetadata must have at most ${bytesMax} bytes as JSON, but has ${bytes}.`
  return [userError('INVALID', ['optionalMetadata'], message)]
}

export function inexpressible({ field, message }: Inexpressible): UserError {
  return userError('REJECTED', [field], message)
}

/** What was not found is not what is not there: left out of the write, the upstream would clear it. */
export function unread(field: keyof UpdateChanges): UserError {
  const message = `The link's ${field} could not be read, and would be cleared by the update; set ${field} to change the link.`
  return userError('REJECTED', [field], message)
}

export const uncheckedMethods: UserError = {
  code: 'REJECTED',
  field: ['whitelistedPaymentMethod'],
  message: 'The upstream gives no catalogue of payment methods that can be read, so the codes cannot be checked.',
}

export function notApplied(fields: readonly (keyof UpdateChanges)[]): readonly UserError[] {
  return fields.map((field) =>
    userError('NOT_APPLIED', [field], `The upstream accepted the update, but ${field} still reads otherwise.`),
  )
}

/** The upstream's own 422, in our field names; one error without a field where it named none. */
export function rejectedByUpstream(
  messages: FieldMessages,
  link: PartlyReadLink,
  changes: UpdateChanges,
): readonly UserError[] {
  const said = [...messages].flatMap(([wireField, sentences]) => sentences.map((sentence) => ({ wireField, sentence })))
  const errors = said.slice(0, USER_ERRORS_MAX).map((one) => upstreamError(one, link, changes))
  return errors.length > 0 ? errors : [rejected]
}

export const rejected: UserError = {
  code: 'REJECTED',
  field: null,
  message: 'The upstream refused the update.',
}

function staleErrors(shown: ShownLink, input: UpdatePaymentLinkInput): UserError[] {
  const { link } = shown
  const errors: UserError[] = []
  if (input.expectedVersion != null && !isVersionOf(link, input.expectedVersion)) {
    errors.push(userError('STALE', ['expectedVersion'], 'The link was changed since: its version is another one now.'))
  }
  const { updatedAt } = link
  if (input.expectedUpdatedAt == null) return errors
  if (updatedAt instanceof Unreadable || !tellsChange(shown)) {
    const message = 'When the link was last changed cannot be read: expect its version, or nothing.'
    errors.push(userError('REJECTED', ['expectedUpdatedAt'], message))
  } else if (epochSecondOf(input.expectedUpdatedAt) !== epochSecondOf(updatedAt)) {
    errors.push(userError('STALE', ['expectedUpdatedAt'], `The link was changed since: on ${updatedAt}.`))
  }
  return errors
}

/** Where the count of payments cannot be read, the upstream's own check has to do. */
function usageErrors({ currentUsage }: PartlyReadLink, { maxUsage }: UpdatePaymentLinkInput): UserError[] {
  if (maxUsage == null || currentUsage instanceof Unreadable || maxUsage >= currentUsage) return []
  const message = `maxUsage must be at least ${currentUsage}, the payments the link already has, but got: ${maxUsage}.`
  return [userError('BELOW_CURRENT_USAGE', ['maxUsage'], message)]
}

function methodErrors(input: UpdatePaymentLinkInput, catalogue: readonly string[] | undefined): UserError[] {
  if (catalogue === undefined) return []
  const known = new Set(catalogue)
  return (input.whitelistedPaymentMethod ?? []).flatMap((code, index) =>
    known.has(code)
      ? []
      : [
          userError(
            'UNKNOWN_PAYMENT_METHOD',
            ['whitelistedPaymentMethod', String(index)],
            `whitelistedPaymentMethod must hold codes of the catalogue, but got: ${excerpt(code)}.`,
          ),
        ],
  )
}

interface Said {
  readonly wireField: string
  readonly sentence: string
}

function upstreamError({ wireField, sentence }: Said, link: PartlyReadLink, changes: UpdateChanges): UserError {
  const [head = '', place = ''] = wireField.split('.')
  const ours = FIELDS_BY_WIRE_KEY.get(head)
  if (ours === undefined) return { ...rejected, message: shownSentence(sentence, rejected.message) }
  const message = shownSentence(sentence, `The upstream refused ${ours}.`)
  // A place in a list that the input has; of metadata the whole is set, and what goes back unchanged has no place in it.
  const isPlace =
    ours === 'whitelistedPaymentMethod' && Object.hasOwn(changes[ours] ?? [], place) && /^\d+$/.test(place)
  return userError(codeOf(ours, sentence, link), isPlace ? [ours, place] : [ours], message)
}

function codeOf(field: keyof UpdateChanges, sentence: string, link: PartlyReadLink): UserErrorCode {
  if (field === 'whitelistedPaymentMethod') return 'UNKNOWN_PAYMENT_METHOD'
  if (field === 'maxUsage' && link.hasPayments === true && /current.?usage|already/i.test(sentence)) {
    return 'BELOW_CURRENT_USAGE'
  }
  return 'INVALID'
}

/** A short plain sentence that states a rule is passed on with our field names; whatever else is said may show the inside. */
function shownSentence(sentence: string, otherwise: string): string {
  const ours = [...FIELDS_BY_WIRE_KEY].reduce(
    (text, [wire, name]) =>
      text.replaceAll(wire, name).replaceAll(new RegExp(`\\b${wire.replaceAll('_', ' ')}\\b`, 'gi'), name),
    sentence.trim(),
  )
  const isPlain = /^[\p{L}][\p{L}\p{N} ,.:;'"()-]{1,199}$/u.test(ours)
  const isShowable = STATES_A_RULE.test(sentence) && !LOOKS_INTERNAL.test(sentence) && !MIXED_CASE.test(sentence)
  return isPlain && isShowable ? ours : otherwise
}

const STATES_A_RULE =
  /\b(?:must|required|invalid|valid|cannot|can not|may not|at least|at most|between|already|too (?:long|short|large|small|many|few)|wajib|harus|tidak)\b/i

/** Addresses, host names, class names, queries and traces have no place in a sentence for a person. */
const LOOKS_INTERNAL =
  /\d\.\d+\.\d|\w\.\p{L}\w|::|\b(?:\w*exception|sql\w*|quer(?:y|ies)|columns?|tables?|database|model|class|stack|trace|host|localhost|server|port|redis|php|api|tokens?|bearer|authorization|secret|password|key)\b/iu

/** `PaymentLink`, or a token. */
const MIXED_CASE = /\p{Ll}\p{Lu}/u

function userError(code: UserErrorCode, field: readonly string[], message: string): UserError {
  return { code, field, message }
}
