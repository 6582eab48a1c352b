import type { onRequestAsyncHookHandler } from 'fastify'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { GatewayError } from '../kernel/errors.js'
import { refuseFor } from './refusals.js'

/** Counts a request of a caller. Resolves to undefined, or to how long to wait when there were too many. */
export type RateLimit = (caller: string) => Promise<number | undefined>

/** So many requests a minute, counted from the caller's first. */
export function createRateLimit(perMinute: number): RateLimit {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 })
  return async (caller) => {
    try {
      await limiter.consume(caller)
      return undefined
    } catch (reason) {
      if (reason instanceof RateLimiterRes) return Math.max(1, reason.msBeforeNext)
      throw reason
    }
  }
}

/** Once it is known who asks and before anything of the request is read; health routes are not passed through here. */
export function limitRate(rateLimit: RateLimit): onRequestAsyncHookHandler {
  return async (request, reply) => {
    const retryAfterMs = await rateLimit(request.exchange.principal?.caller ?? 'unknown')
    if (retryAfterMs === undefined) return
    return refuseFor(
      reply,
      new GatewayError('RATE_LIMITED', 'Too many requests of this caller within a minute.', { retryAfterMs }),
    )
  }
}
