import type { Step } from './call.js'
import type { EpochBook } from './epochs.js'

/**
 * A write ends what is known of its tags twice: before it is sent, so that no read joins a flight that may miss it, and
 * after its answer, which may be lost, so that nothing read meanwhile is kept.
 */
export function invalidating(next: Step, epochs: EpochBook): Step {
  return async (request, call) => {
    if (request.method === 'GET') return next(request, call)
    epochs.bump(request.tags)
    try {
      return await next(request, call)
    } finally {
      epochs.bump(request.tags)
    }
  }
}
