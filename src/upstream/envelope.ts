import type { Clock } from '../kernel/clock.js'
import { type Call, isOver, outOfTime, type Received } from './call.js'
import { type Exchange, ExchangeError, type HttpAnswer } from './exchange.js'
import { failureOfExchange, unreadableAnswer } from './failures.js'
import { parseJson } from './json.js'
import { bodyCodeOf, failureOfRefusal } from './refusal.js'
import type { UpstreamRequest } from './request.js'
import { toApiPath } from './url.js'

/** The last step: needs the headers that say who asks. */
export type AuthorizedStep = (
  request: UpstreamRequest,
  call: Call,
  headers: Readonly<Record<string, string>>,
) => Promise<Received>

export interface EnvelopeParts {
  readonly exchange: Exchange
  /** Origin without `/api`. */
  readonly baseUrl: string
  readonly attemptTimeoutMs: number
  readonly clock: Clock
}

/** Sends one attempt and turns whatever comes of it into a successful answer or an `UpstreamFailure`. */
export function enveloping(parts: EnvelopeParts): AuthorizedStep {
  return async (request, call, headers) => {
    if (isOver(call)) throw outOfTime(call)
    call.trace.attempts += 1
    try {
      return readAnswer(await parts.exchange(toHttpCall(request, call, headers)), parts.clock)
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error
      throw error.fault === 'cut-off' ? outOfTime(call) : failureOfExchange(error)
    }
  }

  function toHttpCall(request: UpstreamRequest, call: Call, headers: Readonly<Record<string, string>>) {
    const isRead = request.method === 'GET'
    return {
      method: request.method,
      url: new URL(toApiPath(request.path, request.query), parts.baseUrl).href,
      headers: isRead ? headers : { ...headers, 'content-type': 'application/json' },
      body: request.body,
      timeoutMs: parts.attemptTimeoutMs,
      // A write that was begun is not cut off: nobody would know whether it took effect.
      signal: isRead ? call.deadline.signal : undefined,
    }
  }
}

/** Bytes to a successful answer, whichever envelope it wears; anything else is thrown as an `UpstreamFailure`. */
export function readAnswer({ status, retryAfter, bytes }: HttpAnswer, clock: Clock): Received {
  const refuse = (body: unknown) =>
    failureOfRefusal({ httpStatus: status, body, retryAfterMs: parseRetryAfter(retryAfter, clock.now()) })
  const body = readBody(bytes)
  if (status >= 400) throw refuse(body)
  if (status < 200 || status >= 300 || typeof body !== 'object' || body === null) throw unreadableAnswer(status)
  switch (verdictOf(body)) {
    case 'success':
      return { httpStatus: status, body, sizeBytes: bytes.byteLength }
    case 'failure':
      throw refuse(body)
    case 'unclear':
      throw unreadableAnswer(status)
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Undefined for anything that is not JSON in UTF-8: no JSON text reads as undefined. */
function readBody(bytes: Uint8Array): unknown {
  try {
    return parseJson(utf8.decode(bytes))
  } catch {
    return undefined
  }
}

/** v1 says `success`, v2 `response_code` SP000; where both speak, both must agree; where neither does, `data` speaks. */
function verdictOf(body: object): 'success' | 'failure' | 'unclear' {
  const success = 'success' in body ? body.success : undefined
  const code = 'response_code' in body ? bodyCodeOf(body) : undefined
  if (success === false || (code !== undefined && code !== 'SP000')) return 'failure'
  const isSilent = success === undefined && code === undefined
  return success === true || code === 'SP000' || (isSilent && 'data' in body) ? 'success' : 'unclear'
}

const DAY_MS = 86_400_000

/** Seconds or an HTTP date; more than a day is a day. */
function parseRetryAfter(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined) return undefined
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : HTTP_DATE.test(text) ? Date.parse(text) - nowMs : Number.NaN
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), DAY_MS)
}

const HTTP_DATE = /^[A-Z][a-z]{2}, .* GMT$/
