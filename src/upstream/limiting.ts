import { FairSlots } from '../kernel/fair-slots.js'
import { outOfTime, type Step } from './call.js'
import { UpstreamFailure } from './failures.js'

/** Calls that may wait behind each slot, and behind few slots at least. */
const QUEUE_PER_SLOT = 10
const QUEUE_MIN = 256

/**
 * So many calls at once; behind them a bounded queue that is left when a call's time ends. Slots and places are shared by
 * caller, and inside a caller by request: whoever asks for much waits behind their own calls, not before those of others.
 */
export function limiting(next: Step, maxConcurrency: number): Step {
  const slots = new FairSlots(maxConcurrency, Math.max(QUEUE_MIN, maxConcurrency * QUEUE_PER_SLOT))
  return async (request, call) => {
    const slot = await slots.acquire(call.sharers, call.deadline.signal)
    if (slot === 'left') throw outOfTime(call)
    if (slot === 'full') throw new UpstreamFailure('UPSTREAM_UNAVAILABLE', { kind: 'crowded', outcome: 'not-sent' })
    try {
      return await next(request, call)
    } finally {
      slot()
    }
  }
}
