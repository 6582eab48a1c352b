import type { Step } from '../call.js'
import type { EpochBook } from './epochs.js'

/**
 * A write invalidates its tags twice: before it is sent, so that no read joins one in flight that may miss the write,
 * and after its response, which may be lost, so that nothing read meanwhile stays cached.
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
