import type { Clock } from '../../kernel/clock.js'
import { type Call, isOver, outOfTime, type SuccessfulResponse } from '../call.js'
import { openEnvelope } from '../envelope/envelope.js'
import { toTransportFailure } from '../failures.js'
import { type HttpRequest, type SendHttp, TransportError } from '../http/http.js'
import { toApiPath } from '../http/url.js'
import type { UpstreamRequest } from '../request.js'

/** The innermost step: it needs the headers that identify the caller. */
export type AuthorizedStep = (
  request: UpstreamRequest<unknown>,
  call: Call,
  headers: HttpRequest['headers'],
) => Promise<SuccessfulResponse>

export interface AttemptParts {
  readonly sendHttp: SendHttp
  /** Origin without `/api`. */
  readonly baseUrl: string
  readonly attemptTimeoutMs: number
  readonly clock: Clock
}

/** Sends one attempt and turns its outcome into a successful response or an `UpstreamFailure`. */
export function attempting(parts: AttemptParts): AuthorizedStep {
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
