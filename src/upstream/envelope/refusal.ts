import { type FailureCode, type Outcome, UpstreamFailure } from '../failures.js'
import { isJsonObject } from '../json/json.js'
import { field, toSentence, toWord } from './body.js'
import { errorCodeOf, isLostStatus, type Meaning, plainCodesOf, responseCodeOf, statusNumberOf } from './meaning.js'

/** A response that says no, and what decides which failure it is. */
export interface RefusingResponse {
  readonly httpStatus: number
  /** Undefined when it is not JSON. */
  readonly body: unknown
  /** The first part of the body as text. */
  readonly beginning: string
  /** Whether it says no in known words and nowhere says yes. */
  readonly isPlain: boolean
  readonly retryAfterMs: number | undefined
}

/**
 * Turns a refusing response into a failure. The HTTP status counts first, then the codes of the body: `error.code` in v1,
 * `response_code` in v2. The framework sends only a message, a proxy nothing or HTML (fact sheet, section 7).
 */
export function toRefusal(response: RefusingResponse): UpstreamFailure {
  const { httpStatus, body, isPlain, retryAfterMs } = response
  const codes = codesOf(body, httpStatus)
  const status = statusOf(httpStatus, codes)
  const outcome = outcomeOf(status, response, codes)
  const isUnderstood = isPlain && !codes.some(({ proves }) => proves === 'lost')
  return new UpstreamFailure(failureCodeOf(status, response), {
    kind: status === 401 && outcome === 'refused' ? 'token-refused' : isUnderstood ? 'answered' : 'unreadable',
    outcome,
    upstreamStatus: httpStatus,
    retryAfterMs,
    upstreamMessage: messageOf(body),
    fieldMessages: fieldMessagesOf(body),
  })
}

/** Statuses that decide by themselves. With any other, the codes of the body count too. */
const DECISIVE = new Set([401, 403, 404, 408, 409, 422, 429])

function isDecisive(httpStatus: number): boolean {
  return DECISIVE.has(httpStatus) || httpStatus >= 500
}

/** The codes of a body, the most specific first; with an HTTP error, plain numbers only repeat it. */
function codesOf(body: unknown, httpStatus: number): Meaning[] {
  const numbers = httpStatus < 300 ? [statusNumberOf(body), ...plainCodesOf(body)] : []
  return [responseCodeOf(body), errorCodeOf(body), ...numbers].flatMap((code) =>
    code && code.status >= 400 ? code : [],
  )
}

function statusOf(httpStatus: number, codes: readonly Meaning[]): number {
  if (isDecisive(httpStatus)) return httpStatus
  const code = codes.find(({ spelling }) => spelling === 'own' || (spelling === 'http' && httpStatus < 300))
  return code?.status ?? (httpStatus < 300 ? 400 : httpStatus)
}

/** Only a code, or a status that cannot follow a write, proves that nothing was done. */
function outcomeOf(status: number, { httpStatus, isPlain }: RefusingResponse, codes: readonly Meaning[]): Outcome {
  const doubts = codes.filter(({ proves }) => proves === 'lost')
  if (isLostStatus(status)) return 'lost'
  if (isDecisive(httpStatus)) return doubts.some(({ spelling }) => spelling === 'own') ? 'lost' : 'refused'
  const isProved = codes.some(({ proves }) => proves === 'refused')
  return isPlain && isProved && doubts.length === 0 ? 'refused' : 'lost'
}

/** The API sends an object. HTML, text or nothing comes from a proxy in front of it, which knows no accounts or links. */
function failureCodeOf(status: number, { body, beginning }: RefusingResponse): FailureCode {
  switch (status) {
    case 401:
      return 'UPSTREAM_UNAUTHENTICATED'
    case 403:
      if (isAddressRefused(body, beginning)) return 'UPSTREAM_UNAUTHENTICATED'
      return isJsonObject(body) ? 'FORBIDDEN' : 'UPSTREAM_UNAVAILABLE'
    case 404:
      return isJsonObject(body) ? 'NOT_FOUND' : 'UPSTREAM_UNAVAILABLE'
    case 408:
      return 'UPSTREAM_TIMEOUT'
    case 429:
      return 'RATE_LIMITED'
    default:
      return status >= 500 ? 'UPSTREAM_UNAVAILABLE' : 'UPSTREAM_REJECTED'
  }
}

/**
 * The words of a firewall, or of the API: "Your IP address (a.b.c.d) is not registered" without a code [lsp: captured from
 * sandbox], "alamat IP … tidak terdaftar", SP017.
 */
function isAddressRefused(body: unknown, beginning: string): boolean {
  const words = isJsonObject(body) ? (messageOf(body) ?? '') : beginning
  const codes = [field(body, 'response_code'), field(field(body, 'error'), 'code')]
  return codes.some((code) => toWord(code) === 'sp017') || ADDRESS.test(words) || ALLOWLIST.test(words)
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
  return toSentence(places.find((place) => typeof place === 'string'))
}

/** The most messages read of one response, and characters of a field name. */
const FIELD_MESSAGES_MAX = 200
const FIELD_NAME_MAX = 200

/** Four places, by dialect. A field has one message or a list of them. */
function fieldMessagesOf(body: unknown): ReadonlyMap<string, readonly string[]> {
  const error = field(body, 'error')
  const places = [
    field(error, 'errors'),
    field(error, 'fields'),
    field(field(body, 'data'), 'errors'),
    field(body, 'errors'),
  ]
  const entries = places
    .flatMap((place) => (isJsonObject(place) ? Object.entries(place) : []))
    .flatMap(([name, lines]) =>
      (Array.isArray(lines) ? lines : [lines]).map(
        (line) => [name.slice(0, FIELD_NAME_MAX), toSentence(line)] as const,
      ),
    )
    .filter((pair): pair is readonly [string, string] => pair[1] !== undefined)
  const messages = new Map<string, readonly string[]>()
  for (const [name, line] of entries.slice(0, FIELD_MESSAGES_MAX)) {
    messages.set(name, [...(messages.get(name) ?? []), line])
  }
  return messages
}
