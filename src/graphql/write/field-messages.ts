import type { FieldMessages } from './send-once.js'
import { rejected, type UserError, userError } from './user-error.js'

export interface FieldMessageRules<Field extends string, Own extends string = never> {
  /** Input fields by the upstream's names for them. A map: the upstream may name `constructor`. */
  readonly fields: ReadonlyMap<string, Field>
  /** Which code a sentence on a field stands for; INVALID when left out. */
  readonly codeOf?: (field: Field, sentence: string) => UserError<Own>['code']
  /** Whether the input has this element of a list, `whitelisted_payment_method.1`; never when left out. */
  readonly hasElement?: (field: Field, index: string) => boolean
  /** User errors a payload may hold at most. */
  readonly errorsMax: number
}

/** The upstream's own sentences on the fields it refused, in the names of the input. */
export function toUserErrors<Field extends string, Own extends string>(
  messages: FieldMessages,
  rules: FieldMessageRules<Field, Own>,
): readonly UserError<Own>[] {
  const pairs = [...messages].flatMap(([wireField, sentences]) =>
    sentences.map((sentence) => [wireField, sentence] as const),
  )
  return pairs.slice(0, rules.errorsMax).map(([wireField, sentence]) => toUserError(wireField, sentence, rules))
}

function toUserError<Field extends string, Own extends string>(
  wireField: string,
  sentence: string,
  { fields, codeOf, hasElement }: FieldMessageRules<Field, Own>,
): UserError<Own> {
  const [head = '', index = ''] = wireField.split('.')
  const field = fields.get(head)
  if (field === undefined) return { ...rejected, message: publicSentence(sentence, fields) ?? rejected.message }
  const path = /^\d+$/.test(index) && hasElement?.(field, index) ? [field, index] : [field]
  const message = publicSentence(sentence, fields) ?? `The upstream refused ${field}.`
  return userError(codeOf?.(field, sentence) ?? 'INVALID', path, message)
}

/** A short plain sentence that states a rule, with our field names in it. Any other may reveal internals: undefined. */
function publicSentence(sentence: string, fields: ReadonlyMap<string, string>): string | undefined {
  const renamed = [...fields].reduce(
    (text, [wire, field]) =>
      text.replaceAll(wire, field).replaceAll(new RegExp(`\\b${wire.replaceAll('_', ' ')}\\b`, 'gi'), field),
    sentence.trim(),
  )
  const isPlain = /^[\p{L}][\p{L}\p{N} ,.:;'"()-]{1,199}$/u.test(renamed)
  const isPublic = STATES_A_RULE.test(sentence) && !LOOKS_INTERNAL.test(sentence) && !MIXED_CASE.test(sentence)
  return isPlain && isPublic ? renamed : undefined
}

const STATES_A_RULE =
  /\b(?:must|required|invalid|valid|cannot|can not|may not|at least|at most|between|already|too (?:long|short|large|small|many|few)|wajib|harus|tidak)\b/i

/** Addresses, host names, class names, queries and traces. */
const LOOKS_INTERNAL =
  /\d\.\d+\.\d|\w\.\p{L}\w|::|\b(?:\w*exception|sql\w*|quer(?:y|ies)|columns?|tables?|database|model|class|stack|trace|host|localhost|server|port|redis|php|api|tokens?|bearer|authorization|secret|password|key)\b/iu

/** `PaymentLink`, or a token. */
const MIXED_CASE = /\p{Ll}\p{Lu}/u
