import { field, isObject, sentenceOf, wordOf } from './body.js'
import { type FailureCode, type Outcome, UpstreamFailure } from './failures.js'
import { errorCodeOf, isLostStatus, type Meaning, plainCodesOf, responseCodeOf, statusNumberOf } from './meaning.js'

/** An answer that says no: its HTTP status, and whatever its body is. */
export interface Refusal {
  readonly httpStatus: number
  /** Undefined when it is no JSON. */
  readonly body: unknown
  /** How it begins, as text. */
  readonly beginning: string
  /** Whether it says no in words that are known, and nowhere yes. */
  readonly isPlain: boolean
  readonly retryAfterMs: number | undefined
}

/**
 * The upstream's no as a failure. HTTP status first, then the body's own codes: v1 says `error.code`, v2 `response_code`,
 * the framework only a message, a proxy nothing or HTML (fact sheet, section 7).
 */
export function failureOfRefusal(refusal: Refusal): UpstreamFailure {
  const { httpStatus, body, isPlain, retryAfterMs } = refusal
  const said = codesOf(body, httpStatus)
  const status = statusOf(httpStatus, said)
  const outcome = outcomeOf(status, refusal, said)
  const isUnderstood = isPlain && !said.some(({ proves }) => proves === 'lost')
  return new UpstreamFailure(codeOf(status, refusal), {
    kind: status === 401 && outcome === 'refused' ? 'token-refused' : isUnderstood ? 'answered' : 'unreadable',
    outcome,
    upstreamStatus: httpStatus,
    retryAfterMs,
    upstreamMessage: messageOf(body),
    fieldMessages: fieldMessagesOf(body),
  })
}

/** Statuses that say enough by themselves; of the others the body may say more. */
const DECISIVE = new Set([401, 403, 404, 408, 409, 422, 429])

function isDecisive(httpStatus: number): boolean {
  return DECISIVE.has(httpStatus) || httpStatus >= 500
}

/** The codes of a body, those first that say the most; numbers beside an HTTP error only repeat it. */
function codesOf(body: unknown, httpStatus: number): Meaning[] {
  const numbers = httpStatus < 300 ? [statusNumberOf(body), ...plainCodesOf(body)] : []
  return [responseCodeOf(body), errorCodeOf(body), ...numbers].flatMap((code) =>
    code && code.status >= 400 ? code : [],
  )
}

function statusOf(httpStatus: number, said: readonly Meaning[]): number {
  if (isDecisive(httpStatus)) return httpStatus
  const code = said.find(({ spelling }) => spelling === 'own' || (spelling === 'http' && httpStatus < 300))
  return code?.status ?? (httpStatus < 300 ? 400 : httpStatus)
}

/** Only a code, or an HTTP status that cannot follow a write, proves that nothing was done; anything else may have been. */
function outcomeOf(status: number, { httpStatus, isPlain }: Refusal, said: readonly Meaning[]): Outcome {
  const doubts = said.filter(({ proves }) => proves === 'lost')
  if (isLostStatus(status)) return 'lost'
  if (isDecisive(httpStatus)) return doubts.some(({ spelling }) => spelling === 'own') ? 'lost' : 'refused'
  const isProved = said.some(({ proves }) => proves === 'refused')
  return isPlain && isProved && doubts.length === 0 ? 'refused' : 'lost'
}

/** The API answers with an object. HTML, text or nothing comes from what stands before it and knows no account and no link. */
function codeOf(status: number, { body, beginning }: Refusal): FailureCode {
  switch (status) {
    case 401:
      return 'UPSTREAM_UNAUTHENTICATED'
    case 403:
      if (isAddressRefused(body, beginning)) return 'UPSTREAM_UNAUTHENTICATED'
      return isObject(body) ? 'FORBIDDEN' : 'UPSTREAM_UNAVAILABLE'
    case 404:
      return isObject(body) ? 'NOT_FOUND' : 'UPSTREAM_UNAVAILABLE'
    case 408:
      return 'UPSTREAM_TIMEOUT'
    case 429:
      return 'RATE_LIMITED'
    default:
      return status >= 500 ? 'UPSTREAM_UNAVAILABLE' : 'UPSTREAM_REJECTED'
  }
}

/**
 * A firewall's words, or the API's: "Your IP address (a.b.c.d) is not registered" without a code [lsp: captured from
 * sandbox], "alamat IP … tidak terdaftar", SP017.
 */
function isAddressRefused(body: unknown, beginning: string): boolean {
  const words = isObject(body) ? (messageOf(body) ?? '') : beginning
  const codes = [field(body, 'response_code'), field(field(body, 'error'), 'code')]
  return codes.some((code) => wordOf(code) === 'sp017') || ADDRESS.test(words) || ALLOWLIST.test(words)
}

const ADDRESS = /(?<![\p{L}\p{N}])(?:ip(?:v[46])?(?![\p{L}\p{N}])|ip ?address|\d{1,3}(?:\.\d{1,3}){3}(?![\p{N}.]))/iu
const ALLOWLIST = /(?:white|allow)[- ]?list/i

function messageOf(body: unknown): string | undefined {
  const error = field(body, 'error')
  const places = [
    field(error, 'message'),
    error,
    field(body, 'response_message'),
    field(body, 'responseMessage'),
    field(body, 'message'),
  ]
  return sentenceOf(places.find((place) => typeof place === 'string'))
}

/** Sentences that are kept of one answer, more than the rows of a form; and characters of a field's name. */
const FIELD_MESSAGES_MAX = 200
const FIELD_NAME_MAX = 200

/** Four places, by dialect; a message may stand alone or in a list. */
function fieldMessagesOf(body: unknown): ReadonlyMap<string, readonly string[]> {
  const error = field(body, 'error')
  const places = [
    field(error, 'errors'),
    field(error, 'fields'),
    field(field(body, 'data'), 'errors'),
    field(body, 'errors'),
  ]
  const said = places
    .flatMap((place) => (isObject(place) ? Object.entries(place) : []))
    .flatMap(([name, lines]) =>
      (Array.isArray(lines) ? lines : [lines]).map(
        (line) => [name.slice(0, FIELD_NAME_MAX), sentenceOf(line)] as const,
      ),
    )
    .filter((pair): pair is readonly [string, string] => pair[1] !== undefined)
  const messages = new Map<string, readonly string[]>()
  for (const [name, line] of said.slice(0, FIELD_MESSAGES_MAX)) {
    messages.set(name, [...(messages.get(name) ?? []), line])
  }
  return messages
}
