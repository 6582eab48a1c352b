import { type FailureCode, type FailureDetails, type Outcome, UpstreamFailure } from './failures.js'

/** An answer that says no: its HTTP status, and whatever its body is (undefined when it is no JSON). */
export interface Refusal {
  readonly httpStatus: number
  readonly body: unknown
  readonly retryAfterMs: number | undefined
}

/**
 * The upstream's no as a failure. HTTP status first, then the body's own code: v1 says `error.code`, v2 `response_code`,
 * the framework only a message, a proxy nothing or HTML (fact sheet, section 7).
 */
export function failureOfRefusal({ httpStatus, body, retryAfterMs }: Refusal): UpstreamFailure {
  const status = meaningOf(httpStatus, body)
  const upstreamMessage = messageOf(body)
  const details: FailureDetails = {
    kind: status === 401 ? 'token-refused' : 'answered',
    outcome: outcomeOf(status),
    upstreamStatus: httpStatus,
    retryAfterMs,
    upstreamMessage,
    fieldMessages: fieldMessagesOf(body),
  }
  return new UpstreamFailure(codeOf(status, httpStatus, isAddressRefused(body, upstreamMessage)), details)
}

/** The v2 code of an answer, or of the error in a v1 answer: `SP018`, `422`. */
export function bodyCodeOf(body: unknown): string | undefined {
  const code = field(body, 'response_code') ?? field(field(body, 'error'), 'code')
  return typeof code === 'string' || typeof code === 'number' ? String(code) : undefined
}

/** Statuses that say enough by themselves; of the others the body may say more. */
const DECISIVE = new Set([401, 403, 404, 408, 409, 422, 429])

/** SP codes as the HTTP status that says the same [old:disbursement/response-code][lsp]. */
const SP_STATUSES: Readonly<Record<string, number>> = {
  SP002: 500,
  SP005: 408,
  SP013: 401,
  SP014: 404,
  SP015: 403,
  SP017: 403,
  SP018: 422,
  SP019: 500,
  SP403: 403,
}

function meaningOf(httpStatus: number, body: unknown): number {
  if (DECISIVE.has(httpStatus) || httpStatus >= 500) return httpStatus
  const code = bodyCodeOf(body)
  const spStatus = code === undefined ? undefined : SP_STATUSES[code]
  if (spStatus !== undefined) return spStatus
  return httpStatus < 300 && /^[45]\d\d$/.test(code ?? '') ? Number(code) : httpStatus
}

function codeOf(status: number, httpStatus: number, addressRefused: boolean): FailureCode {
  if (status === 401) return 'UPSTREAM_UNAUTHENTICATED'
  if (status === 403) return addressRefused ? 'UPSTREAM_UNAUTHENTICATED' : 'FORBIDDEN'
  if (status === 404) return 'NOT_FOUND'
  if (status === 408) return 'UPSTREAM_TIMEOUT'
  if (status === 429) return 'RATE_LIMITED'
  return httpStatus >= 500 ? 'UPSTREAM_UNAVAILABLE' : 'UPSTREAM_REJECTED'
}

/** A server that failed or gave up half-way may have acted all the same. */
function outcomeOf(status: number): Outcome {
  return status >= 500 || status === 408 ? 'lost' : 'refused'
}

/** `403` with "Your IP address (a.b.c.d) is not registered" and no code [lsp: captured from sandbox], or SP017. */
function isAddressRefused(body: unknown, message = ''): boolean {
  return bodyCodeOf(body) === 'SP017' || (/\bip\b/i.test(message) && /\bnot\b/i.test(message))
}

function messageOf(body: unknown): string | undefined {
  const message = field(field(body, 'error'), 'message') ?? field(body, 'response_message') ?? field(body, 'message')
  return typeof message === 'string' ? message : undefined
}

/** Four places, by dialect; a message may stand alone or in a list. */
function fieldMessagesOf(body: unknown): ReadonlyMap<string, readonly string[]> {
  const error = field(body, 'error')
  const places = [
    field(error, 'errors'),
    field(error, 'fields'),
    field(field(body, 'data'), 'errors'),
    field(body, 'errors'),
  ]
  const messages = new Map<string, readonly string[]>()
  for (const [name, said] of places.flatMap((place) => (isObject(place) ? Object.entries(place) : []))) {
    const lines = (Array.isArray(said) ? said : [said]).filter((line) => typeof line === 'string')
    if (lines.length > 0) messages.set(name, [...(messages.get(name) ?? []), ...lines])
  }
  return messages
}

function field(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
