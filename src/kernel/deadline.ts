import { setMaxListeners } from 'node:events'
import type { Clock } from './clock.js'

/** The end of a request's time: a moment on the monotonic clock, and a signal that fires then or when the caller leaves. */
export interface Deadline {
  readonly signal: AbortSignal
  /** Milliseconds left, never negative. */
  remainingMs(): number
}

export interface OwnedDeadline extends Deadline {
  /** Ends the time now: the caller has left. */
  cancel(): void
  /** Frees the timer once the answer is out. */
  release(): void
}

export function createDeadline(clock: Clock, budgetMs: number): OwnedDeadline {
  const controller = new AbortController()
  // One request waits for many calls under one signal: more than ten listeners are no leak.
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
