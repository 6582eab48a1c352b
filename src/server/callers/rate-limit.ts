import type { onRequestAsyncHookHandler } from 'fastify'
import { LRUCache } from 'lru-cache'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { GatewayError } from '../../kernel/errors.js'
import { sendError } from '../http/error-responses.js'

/** Counts one request of a caller. Resolves to the milliseconds to wait, or undefined when it is within the limit. */
export type RateLimit = (caller: string) => Promise<number | undefined>

/** Made-up credentials count as callers too, and each caller takes a counter and a timer. */
const CALLERS_MAX = 50_000

/**
 * Allows `perMinute` requests in the minute that starts with a caller's first one. With more than `callersMax` callers
 * in a minute, the counters of the least recent are dropped and start over.
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

/** Runs once the caller is identified and before the body is read. */
export function limitRate(rateLimit: RateLimit): onRequestAsyncHookHandler {
  return async (request, reply) => {
    const retryAfterMs = await rateLimit(request.state.principal?.caller ?? 'unknown')
    if (retryAfterMs === undefined) return
    return sendError(
      reply,
      new GatewayError('RATE_LIMITED', 'This caller has sent too many requests within a minute.', { retryAfterMs }),
    )
  }
}
