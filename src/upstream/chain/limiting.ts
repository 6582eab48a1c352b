import { FairSlots } from '../../kernel/fair-slots.js'
import { outOfTime, type RawStep } from '../call.js'
import { UpstreamFailure } from '../failures.js'

/** The length of the queue: ten calls per slot, and at least 256. */
const QUEUE_PER_SLOT = 10
const QUEUE_MIN = 256

/**
 * Limits concurrent calls. The others wait in a bounded queue, which a call leaves when its deadline ends. Slots and places
 * in the queue are shared fairly between callers, then between the requests of a caller: a caller who sends many calls
 * queues behind their own, not ahead of others.
 */
export function limiting(next: RawStep, maxConcurrency: number): RawStep {
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
