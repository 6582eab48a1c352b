import type { FieldMessages } from './send-once.js'
import { rejected, type UserError, userError } from './user-error.js'

export interface FieldMessageRules<Field extends string, Own extends string = never> {
  /** Input fields by the upstream's names for them. A Map, because the upstream may send `constructor`. */
  readonly fields: ReadonlyMap<string, Field>
  /** The code for a message on a field; INVALID by default. */
  readonly codeOf?: (field: Field, text: string) => UserError<Own>['code']
  /** Whether the input has this element of a list, `whitelisted_payment_method.1`; false by default. */
  readonly hasElement?: (field: Field, index: string) => boolean
  /** The most user errors that a payload may have. */
  readonly errorsMax: number
}

/** The upstream's messages on the fields it refused, in terms of the input. */
export function toUserErrors<Field extends string, Own extends string>(
  messages: FieldMessages,
  rules: FieldMessageRules<Field, Own>,
): readonly UserError<Own>[] {
  const pairs = [...messages].flatMap(([wireField, texts]) => texts.map((text) => [wireField, text] as const))
  return pairs.slice(0, rules.errorsMax).map(([wireField, text]) => toUserError(wireField, text, rules))
}

function toUserError<Field extends string, Own extends string>(
  wireField: string,
  text: string,
  { fields, codeOf, hasElement }: FieldMessageRules<Field, Own>,
): UserError<Own> {
  const [head = '', index = ''] = wireField.split('.')
  const field = fields.get(head)
  if (field === undefined) return { ...rejected, message: publicMessage(text, fields) ?? rejected.message }
  const path = /^\d+$/.test(index) && hasElement?.(field, index) ? [field, index] : [field]
  const message = publicMessage(text, fields) ?? `The upstream refused ${field}.`
  return userError(codeOf?.(field, text) ?? 'INVALID', path, message)
}

/** The message with our field names, if it is short and plainly states a rule; undefined otherwise: it may reveal internals. */
function publicMessage(text: string, fields: ReadonlyMap<string, string>): string | undefined {
  const renamed = [...fields].reduce(
    (renaming, [wire, field]) =>
      renaming.replaceAll(wire, field).replaceAll(new RegExp(`\\b${wire.replaceAll('_', ' ')}\\b`, 'gi'), field),
    text.trim(),
  )
  const isPlain = /^[\p{L}][\p{L}\p{N} ,.:;'"()-]{1,199}$/u.test(renamed)
  const isPublic = STATES_A_RULE.test(text) && !LOOKS_INTERNAL.test(text) && !MIXED_CASE.test(text)
  return isPlain && isPublic ? renamed : undefined
}

const STATES_A_RULE =
  /\b(?:must|required|invalid|valid|cannot|can not|may not|at least|at most|between|already|too (?:long|short|large|small|many|few)|wajib|harus|tidak)\b/i

/** Addresses, host names, class names, queries and traces. */
const LOOKS_INTERNAL =
  /\d\.\d+\.\d|\w\.\p{L}\w|::|\b(?:\w*exception|sql\w*|quer(?:y|ies)|columns?|tables?|database|model|class|stack|trace|host|localhost|server|port|redis|php|api|tokens?|bearer|authorization|secret|password|key)\b/iu

/** `PaymentLink`, or a token. */
const MIXED_CASE = /\p{Ll}\p{Lu}/u
