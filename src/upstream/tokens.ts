import { createHmac } from 'node:crypto'
import type { Clock } from '../kernel/clock.js'
import { jakartaDay } from '../kernel/jakarta-day.js'
import { field, isObject, wordOf } from './body.js'
import { readAnswer } from './envelope.js'
import { type Exchange, ExchangeError } from './exchange.js'
import { type FailureCode, failureOfExchange, UpstreamFailure, unreadableAnswer } from './failures.js'

export interface Credentials {
  readonly apiKey: string
  readonly clientId: string
  readonly clientSecret: string
}

/** `1.1` signs with the day, `1.0` is Basic. */
export type TokenVersion = '1.0' | '1.1'

/** An access token; the same object for as long as it is the current one. */
export interface Token {
  readonly value: string
  /** Moments of the monotonic clock. */
  readonly expiresAtMs: number
  readonly renewFromMs: number
}

export interface TokenRoute {
  readonly exchange: Exchange
  readonly baseUrl: string
  readonly credentials: Credentials
  readonly tokenVersion: TokenVersion
  readonly timeoutMs: number
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Asks the token route. Every failure has outcome `not-sent`: the call that needed the token was not sent. */
export async function fetchToken(route: TokenRoute): Promise<Token> {
  const startedAtMs = route.clock.monotonicMs()
  try {
    const answer = await route.exchange({
      method: 'POST',
      url: new URL(`/api/v${route.tokenVersion}/access-token/b2b`, route.baseUrl).href,
      headers: { ...identify(route), accept: 'application/json', 'content-type': 'application/json' },
      body: '{"grant_type":"client_credentials"}',
      timeoutMs: route.timeoutMs,
      signal: route.signal,
    })
    const { body } = readAnswer(answer, route.clock, (bare) => tokenFieldsOf(bare) !== undefined)
    return parseToken(body, startedAtMs) ?? fail(unreadableAnswer(answer.status))
  } catch (error) {
    throw notSent(error instanceof ExchangeError ? failureOfExchange(error) : error)
  }
}

/** `X-Signature` of token route 1.1, valid on one Jakarta day [new:security/access-token-v11]. */
function signTokenCall({ clientId, clientSecret }: Credentials, day: string): string {
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
/** More is more than servers take as a header. */
const TOKEN_CHARACTERS_MAX = 8192

function parseToken(body: unknown, startedAtMs: number): Token | undefined {
  const fields = tokenFieldsOf(body)
  const value = fields?.['access_token']
  // What cannot stand in a header cannot be sent.
  if (typeof value !== 'string' || !isToken(value)) return undefined
  const lifeMs = parseLifeMs(fields?.['expires_in'])
  const expiresAtMs = startedAtMs + lifeMs
  return { value, expiresAtMs, renewFromMs: expiresAtMs - Math.min(60_000, lifeMs / 10) }
}

/** In `data` [new:security/access-token-v11], without it [spjs], or where either is a list of one [oldest]. */
function tokenFieldsOf(body: unknown): Record<string, unknown> | undefined {
  const places = [field(body, 'data'), body].map((place) =>
    Array.isArray(place) && place.length === 1 ? place[0] : place,
  )
  return places.filter(isObject).find((place) => Object.hasOwn(place, 'access_token'))
}

function isToken(value: string): boolean {
  return value.length <= TOKEN_CHARACTERS_MAX && /^[\x21-\x7e]+$/.test(value)
}

/** `expires_in` is text in some answers and a number in others, in seconds; what makes no sense is short. */
function parseLifeMs(expiresIn: unknown): number {
  const lifeMs = Number.parseFloat(wordOf(expiresIn) ?? '') * 1000
  return lifeMs > 0 ? Math.min(lifeMs, LIFE_MS_MAX) : LIFE_MS_UNKNOWN
}

/** What says that nobody can be served now stays as it is; any other no is a no to these credentials. */
const PASSING: ReadonlySet<FailureCode> = new Set<FailureCode>([
  'RATE_LIMITED',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
  'UPSTREAM_MALFORMED',
])

function notSent(error: unknown): unknown {
  if (!(error instanceof UpstreamFailure)) return error
  // Whatever stands before the route may refuse an address; it is told no more than the route itself.
  const isPassing = PASSING.has(error.code) && error.upstreamStatus !== 403
  return error.with({ code: isPassing ? error.code : 'UPSTREAM_UNAUTHENTICATED', outcome: 'not-sent' })
}

function fail(failure: UpstreamFailure): never {
  throw failure
}
