import type { Clock } from '../kernel/clock.js'
import { type Call, isOver, outOfTime, type SuccessfulResponse } from './call.js'
import { toTransportFailure, unreadableResponse } from './failures.js'
import { type HttpRequest, type HttpResponse, type SendHttp, TransportError } from './http.js'
import { countValues, parseJson } from './json.js'
import { toRefusal } from './refusal.js'
import type { UpstreamRequest } from './request.js'
import { parseRetryAfter } from './retry-after.js'
import { toApiPath } from './url.js'
import { saysYes, verdictOf } from './verdict.js'

/** The innermost step: it needs the headers that identify the caller. */
export type AuthorizedStep = (
  request: UpstreamRequest<unknown>,
  call: Call,
  headers: HttpRequest['headers'],
) => Promise<SuccessfulResponse>

export interface EnvelopeParts {
  readonly sendHttp: SendHttp
  /** Origin without `/api`. */
  readonly baseUrl: string
  readonly attemptTimeoutMs: number
  readonly clock: Clock
}

/** Sends one attempt and turns its outcome into a successful response or an `UpstreamFailure`. */
export function enveloping(parts: EnvelopeParts): AuthorizedStep {
  return async (request, call, headers) => {
    if (isOver(call)) throw outOfTime(call)
    call.trace.attempts += 1
    try {
      return openEnvelope(await parts.sendHttp(toHttpRequest(request, call, headers)), parts.clock)
    } catch (error) {
      if (!(error instanceof TransportError)) throw error
      throw error.fault === 'aborted' ? outOfTime(call) : toTransportFailure(error)
    }
  }

  function toHttpRequest(request: UpstreamRequest<unknown>, call: Call, headers: HttpRequest['headers']): HttpRequest {
    const isRead = request.method === 'GET'
    return {
      method: request.method,
      url: new URL(toApiPath(request.path, request.query), parts.baseUrl).href,
      headers: isRead ? headers : { ...headers, 'content-type': 'application/json' },
      body: request.body,
      timeoutMs: parts.attemptTimeoutMs,
      // A write in progress is never aborted: nobody would know whether it took effect.
      signal: isRead ? call.deadline.signal : undefined,
    }
  }
}

/**
 * Reads a successful response in whichever envelope it comes.
 * @param isBare whether a body that says nothing about success counts as one
 * @throws UpstreamFailure for any other response
 */
export function openEnvelope(
  { status, retryAfter, bytes }: HttpResponse,
  clock: Clock,
  isBare: (body: object) => boolean = () => false,
): SuccessfulResponse {
  const refusal = (body: unknown, isPlain: boolean) =>
    toRefusal({
      httpStatus: status,
      body,
      beginning: beginningOf(bytes),
      isPlain,
      retryAfterMs: parseRetryAfter(retryAfter, clock.now()),
    })
  const body = parseBody(bytes)
  if (status >= 400) throw refusal(body, !saysYes(body))
  if (status < 200 || status >= 300 || typeof body !== 'object' || body === null) throw unreadableResponse(status)
  const verdict = verdictOf(body)
  if (verdict === 'failure' || verdict === 'unknown') throw refusal(body, verdict === 'failure')
  if (verdict === 'unclear' && !isBare(body)) throw unreadableResponse(status)
  return { httpStatus: status, body, sizeBytes: bytes.byteLength }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** A list of 10,000 links has fewer; millions would take seconds to parse. */
const VALUES_MAX = 600_000

/** Undefined for anything but JSON in UTF-8 of a sensible size. */
function parseBody(bytes: Uint8Array): unknown {
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
