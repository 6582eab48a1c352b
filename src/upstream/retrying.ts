import { sleep } from '../kernel/async.js'
import type { Clock } from '../kernel/clock.js'
import { outOfTime, type Step } from './call.js'
import { UpstreamFailure } from './failures.js'
import type { UpstreamRequest } from './request.js'

const ATTEMPTS_MAX = 3
const BASE_DELAY_MS = 100
const DELAY_MS_MAX = 2000

/** All that the decision rests on. */
export interface Attempt {
  readonly method: UpstreamRequest['method']
  readonly failure: UpstreamFailure
  /** Counted from 1. */
  readonly number: number
  /** How long it took: a retry is expected to take as long. */
  readonly tookMs: number
  /** Of the request's time. */
  readonly remainingMs: number
  /** From 0 to 1: the jitter. */
  readonly random: number
}

export type RetryDecision =
  | { readonly retry: true; readonly delayMs: number }
  | { readonly retry: false; readonly reason: 'write' | 'definite' | 'crowded' | 'attempts' | 'time' }

/** Whether to ask again, and after how long. */
export function decideRetry(attempt: Attempt): RetryDecision {
  // The first may have taken effect.
  if (attempt.method !== 'GET') return { retry: false, reason: 'write' }
  // Asking again while callers queue makes the queue longer.
  if (attempt.failure.kind === 'crowded') return { retry: false, reason: 'crowded' }
  // The same question gets the same answer.
  if (!isPassing(attempt.failure)) return { retry: false, reason: 'definite' }
  // An upstream that is down is not helped by more of the same.
  if (attempt.number >= ATTEMPTS_MAX) return { retry: false, reason: 'attempts' }
  const delayMs = delayBefore(attempt)
  // What cannot end in time would only take the caller's time.
  if (delayMs + attempt.tookMs > attempt.remainingMs) return { retry: false, reason: 'time' }
  return { retry: true, delayMs }
}

/** Asks again after a failure that may pass. The failure seen last wins over running out of time. */
export function retrying(next: Step, clock: Clock): Step {
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

/** 408, 429, 5xx, the network, an attempt without a whole answer in time: tomorrow's answer may differ. */
function isPassing({ code }: UpstreamFailure): boolean {
  return code === 'UPSTREAM_TIMEOUT' || code === 'UPSTREAM_UNAVAILABLE' || code === 'RATE_LIMITED'
}

/** Full jitter under a doubling ceiling, and never sooner than the upstream asked for. */
function delayBefore({ number, random, failure }: Attempt): number {
  const ceilingMs = Math.min(DELAY_MS_MAX, BASE_DELAY_MS * 2 ** (number - 1))
  return Math.max(random * ceilingMs, failure.retryAfterMs ?? 0)
}
