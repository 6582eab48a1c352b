import { createHmac } from 'node:crypto'
import type { Clock } from '../../kernel/clock.js'
import { field, toWord } from '../envelope/body.js'
import { openEnvelope } from '../envelope/envelope.js'
import { type FailureCode, toTransportFailure, UpstreamFailure, unreadableResponse } from '../failures.js'
import { type SendHttp, TransportError } from '../http/http.js'
import { isJsonObject } from '../json/json.js'
import { jakartaDay } from './jakarta-day.js'

export interface ClientCredentials {
  readonly apiKey: string
  readonly clientId: string
  readonly clientSecret: string
}

/** `1.0` uses Basic authentication, `1.1` a signature of the day. */
export type TokenVersion = '1.0' | '1.1'

/** An access token; it stays the same object while it is current. */
export interface Token {
  readonly value: string
  /** Both on the monotonic clock. */
  readonly expiresAtMs: number
  readonly renewFromMs: number
}

export interface TokenRoute {
  readonly sendHttp: SendHttp
  readonly baseUrl: string
  readonly credentials: ClientCredentials
  readonly tokenVersion: TokenVersion
  readonly timeoutMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Calls the token route. Every failure has the outcome `not-sent`, since the call that needs the token was not sent. */
export async function fetchToken(route: TokenRoute): Promise<Token> {
  const startedAtMs = route.clock.monotonicMs()
  try {
    const response = await route.sendHttp({
      method: 'POST',
      url: new URL(`/api/v${route.tokenVersion}/access-token/b2b`, route.baseUrl).href,
      headers: { ...identify(route), accept: 'application/json', 'content-type': 'application/json' },
      body: '{"grant_type":"client_credentials"}',
      timeoutMs: route.timeoutMs,
      signal: route.signal,
    })
    const { body } = openEnvelope(response, route.clock, (bare) => tokenFieldsOf(bare) !== undefined)
    const token = parseToken(body, startedAtMs)
    if (token === undefined) throw unreadableResponse(response.status)
    return token
  } catch (error) {
    throw toNotSent(error instanceof TransportError ? toTransportFailure(error) : error)
  }
}

/** The `X-Signature` header of version 1.1, valid for one day in Jakarta [new:security/access-token-v11]. */
function signTokenCall({ clientId, clientSecret }: ClientCredentials, day: string): string {
  return createHmac('sha512', clientSecret).update(`${clientId}_${clientSecret}_${day}`).digest('hex')
}

function identify({ credentials, tokenVersion, clock }: TokenRoute): Readonly<Record<string, string>> {
  const { apiKey, clientId, clientSecret } = credentials
  if (tokenVersion === '1.0') {
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
    return { 'x-partner-id': apiKey, authorization: `Basic ${basic}` }
  }
  const signature = signTokenCall(credentials, jakartaDay(clock.now()))
  return { 'x-partner-id': apiKey, 'x-client-id': clientId, 'x-signature': signature }
}

const LIFE_MS_MAX = 60 * 3_600_000
const LIFE_MS_UNKNOWN = 60_000
/** Servers do not accept longer headers than this. */
const TOKEN_CHARACTERS_MAX = 8192

function parseToken(body: unknown, startedAtMs: number): Token | undefined {
  const fields = tokenFieldsOf(body)
  const value = fields?.['access_token']
  // Anything else cannot be sent as a header.
  if (typeof value !== 'string' || !isToken(value)) return undefined
  const lifeMs = parseLifeMs(fields?.['expires_in'])
  const expiresAtMs = startedAtMs + lifeMs
  return { value, expiresAtMs, renewFromMs: expiresAtMs - Math.min(60_000, lifeMs / 10) }
}

/** In `data` [new:security/access-token-v11], at the top [spjs], or in a list of one in either place [oldest]. */
function tokenFieldsOf(body: unknown): Record<string, unknown> | undefined {
  const places = [field(body, 'data'), body].map((place) =>
    Array.isArray(place) && place.length === 1 ? place[0] : place,
  )
  return places.filter(isJsonObject).find((place) => Object.hasOwn(place, 'access_token'))
}

function isToken(value: string): boolean {
  return value.length <= TOKEN_CHARACTERS_MAX && /^[\x21-\x7e]+$/.test(value)
}

/** `expires_in` is in seconds, as text or a number; a nonsense value means a short life. */
function parseLifeMs(expiresIn: unknown): number {
  const lifeMs = Number.parseFloat(toWord(expiresIn) ?? '') * 1000
  return lifeMs > 0 ? Math.min(lifeMs, LIFE_MS_MAX) : LIFE_MS_UNKNOWN
}

/** Failures that may pass keep their code. Any other means that the upstream refuses these credentials. */
const PASSING: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'RATE_LIMITED',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_MALFORMED',
])

function toNotSent(error: unknown): unknown {
  if (!(error instanceof UpstreamFailure)) return error
  // A proxy in front of the route may refuse our address with a 403 that looks like a failure of its own.
  const isPassing = PASSING.has(error.code) && error.upstreamStatus !== 403
  return error.with({ code: isPassing ? error.code : 'UPSTREAM_UNAUTHENTICATED', outcome: 'not-sent' })
}
