import { Semaphore } from '../kernel/async.js'
import { outOfTime, type Step } from './call.js'
import { UpstreamFailure } from './failures.js'

/** Callers that may wait behind each slot, and behind few slots at least. */
const QUEUE_PER_SLOT = 10
const QUEUE_MIN = 256

/** So many calls at once; behind them a bounded queue, first come first served, that is left when a call's time ends. */
export function limiting(next: Step, maxConcurrency: number): Step {
  const slots = new Semaphore(maxConcurrency, Math.max(QUEUE_MIN, maxConcurrency * QUEUE_PER_SLOT))
  return async (request, call) => {
    const admission = await slots.acquire(call.deadline.signal)
    if (admission === 'left') throw outOfTime(call)
    if (admission === 'full')
      throw new UpstreamFailure('UPSTREAM_UNAVAILABLE', { kind: 'crowded', outcome: 'not-sent' })
    try {
      return await next(request, call)
    } finally {
      slots.release()
    }
  }
}
