import { setMaxListeners } from 'node:events'
import type { Clock } from './clock.js'

/** When a request's time ends. The signal fires then, or when the caller leaves. */
export interface Deadline {
  readonly signal: AbortSignal
  /** Milliseconds left; never negative. */
  remainingMs(): number
}

export interface OwnedDeadline extends Deadline {
  /** Fires the signal now: the caller has left. */
  cancel(): void
  /** Clears the timer once the response is out. */
  release(): void
}

export function createDeadline(clock: Clock, budgetMs: number): OwnedDeadline {
  const controller = new AbortController()
  // Many calls of one request share this signal, so more than ten listeners are not a leak.
  setMaxListeners(0, controller.signal)
  const endsAt = clock.monotonicMs() + budgetMs
  const timer = setTimeout(() => controller.abort(), budgetMs)
  return {
    signal: controller.signal,
    remainingMs: () => Math.max(0, endsAt - clock.monotonicMs()),
    cancel: () => {
      clearTimeout(timer)
      controller.abort()
    },
    release: () => clearTimeout(timer),
  }
}
