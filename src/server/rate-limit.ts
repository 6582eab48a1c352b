import type { onRequestAsyncHookHandler } from 'fastify'
import { LRUCache } from 'lru-cache'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { GatewayError } from '../kernel/errors.js'
import { refuseFor } from './refusals.js'

/** Counts a request of a caller. Resolves to undefined, or to how long to wait when there were too many. */
export type RateLimit = (caller: string) => Promise<number | undefined>

/** Made-up credentials are callers too, each with a counter and a timer of its own. */
const CALLERS_MAX = 50_000

/**
 * So many requests a minute, counted from the caller's first. Of more callers than `callersMax` within a minute, those who
 * asked longest ago are forgotten, and start anew.
 */
export function createRateLimit(perMinute: number, callersMax = CALLERS_MAX): RateLimit {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 })
  const counted = new LRUCache<string, true>({
    max: callersMax,
    dispose: (_value, caller, reason) => void (reason === 'evict' && limiter.delete(caller)),
  })
  return async (caller) => {
    counted.set(caller, true)
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
