import { sleep } from '../../kernel/async.js'
import type { Clock } from '../../kernel/clock.js'
import { outOfTime, type RawStep } from '../call.js'
import { UpstreamFailure } from '../failures.js'
import type { UpstreamRequest } from '../request.js'

const ATTEMPTS_MAX = 3
const BASE_DELAY_MS = 100
const DELAY_MS_MAX = 2000

/** Everything the decision depends on. */
export interface Attempt {
  readonly method: UpstreamRequest<unknown>['method']
  readonly failure: UpstreamFailure
  /** Counted from 1. */
  readonly number: number
  /** How long it took; a retry is expected to take as long. */
  readonly tookMs: number
  /** Until the caller's deadline. */
  readonly remainingMs: number
  /** The jitter, from 0 to 1. */
  readonly random: number
}

export type RetryDecision =
  | { readonly retry: true; readonly delayMs: number }
  | { readonly retry: false; readonly reason: 'write' | 'definite' | 'crowded' | 'attempts' | 'time' }

/** Whether to retry, and after how long. */
export function decideRetry(attempt: Attempt): RetryDecision {
  // The first may have taken effect.
  if (attempt.method !== 'GET') return { retry: false, reason: 'write' }
  // A retry would make the queue longer.
  if (attempt.failure.kind === 'crowded') return { retry: false, reason: 'crowded' }
  // The same call would get the same response.
  if (!isPassing(attempt.failure)) return { retry: false, reason: 'definite' }
  // More calls do not help an upstream that is down.
  if (attempt.number >= ATTEMPTS_MAX) return { retry: false, reason: 'attempts' }
  const delayMs = delayBefore(attempt)
  // A retry that cannot finish in time only keeps the caller waiting.
  if (delayMs + attempt.tookMs > attempt.remainingMs) return { retry: false, reason: 'time' }
  return { retry: true, delayMs }
}

/** Retries reads after a failure that may pass. When time runs out, the last failure is reported instead. */
export function retrying(next: RawStep, clock: Clock): RawStep {
  return async (request, call) => {
    for (let number = 1; ; number += 1) {
      const startedAtMs = clock.monotonicMs()
      try {
        return await next(request, call)
      } catch (error) {
        if (!(error instanceof UpstreamFailure)) throw error
        const tookMs = clock.monotonicMs() - startedAtMs
        const { method } = request
        const remainingMs = call.deadline.remainingMs()
        const decision = decideRetry({ method, failure: error, number, tookMs, remainingMs, random: Math.random() })
        if (!decision.retry) throw error
        call.trace.failure = error
        await sleep(decision.delayMs, call.deadline.signal)
        if (call.deadline.signal.aborted) throw outOfTime(call)
      }
    }
  }
}

/** 408, 429, 5xx, network errors and timeouts. */
function isPassing({ code }: UpstreamFailure): boolean {
  return code === 'UPSTREAM_TIMEOUT' || code === 'UPSTREAM_UNAVAILABLE' || code === 'RATE_LIMITED'
}

/** Full jitter under a doubling ceiling, and never sooner than the upstream asked for. */
function delayBefore({ number, random, failure }: Attempt): number {
  const ceilingMs = Math.min(DELAY_MS_MAX, BASE_DELAY_MS * 2 ** (number - 1))
  return Math.max(random * ceilingMs, failure.retryAfterMs ?? 0)
}
