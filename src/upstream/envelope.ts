import type { Clock } from '../kernel/clock.js'
import { type Call, isOver, outOfTime, type Received } from './call.js'
import { type Exchange, ExchangeError, type HttpAnswer } from './exchange.js'
import { failureOfExchange, unreadableAnswer } from './failures.js'
import { countValues, parseJson } from './json.js'
import { failureOfRefusal } from './refusal.js'
import type { UpstreamRequest } from './request.js'
import { parseRetryAfter } from './retry-after.js'
import { toApiPath } from './url.js'
import { saysYes, verdictOf } from './verdict.js'

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

/**
 * Bytes to a successful answer, whichever envelope it wears; anything else is thrown as an `UpstreamFailure`.
 * @param isBare whether a body that says nothing of success is an answer all the same
 */
export function readAnswer(
  { status, retryAfter, bytes }: HttpAnswer,
  clock: Clock,
  isBare: (body: object) => boolean = () => false,
): Received {
  const refuse = (body: unknown, isPlain: boolean) =>
    failureOfRefusal({
      httpStatus: status,
      body,
      beginning: beginningOf(bytes),
      isPlain,
      retryAfterMs: parseRetryAfter(retryAfter, clock.now()),
    })
  const body = readBody(bytes)
  if (status >= 400) throw refuse(body, !saysYes(body))
  if (status < 200 || status >= 300 || typeof body !== 'object' || body === null) throw unreadableAnswer(status)
  const verdict = verdictOf(body)
  if (verdict === 'failure' || verdict === 'odd') throw refuse(body, verdict === 'failure')
  if (verdict === 'unclear' && !isBare(body)) throw unreadableAnswer(status)
  return { httpStatus: status, body, sizeBytes: bytes.byteLength }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** A list of 10,000 links has not so many; of millions reading takes seconds. */
const VALUES_MAX = 600_000

/** Undefined for anything that is not JSON in UTF-8, and for more of it than anybody means: no JSON text reads as undefined. */
function readBody(bytes: Uint8Array): unknown {
  try {
    if (countValues(bytes) > VALUES_MAX) return undefined
    return parseJson(utf8.decode(bytes))
  } catch {
    return undefined
  }
}

const BEGINNING_BYTES = 4096

function beginningOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, BEGINNING_BYTES))
}
