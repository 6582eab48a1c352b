import type { Clock } from '../../kernel/clock.js'

const FIRST_MS = 1000
const MAX_MS = 10_000
/** A server that asks for longer is presumed to be wrong. */
const ASKED_MAX_MS = 600_000

/** The pause after each refusal. It doubles each time: nine tries in the first minute, six in every later one. */
export class GrowingPause {
  #lengthMs = 0
  #untilMs = 0

  constructor(private readonly clock: Clock) {}

  /** Begins the next pause and returns its length; `atLeastMs` counts up to ten minutes. */
  grow(atLeastMs = 0): number {
    this.#lengthMs = Math.min(Math.max(FIRST_MS, this.#lengthMs * 2), MAX_MS)
    const lengthMs = Math.max(this.#lengthMs, Math.min(atLeastMs, ASKED_MAX_MS))
    this.#untilMs = this.clock.monotonicMs() + lengthMs
    return lengthMs
  }

  clear(): void {
    this.#lengthMs = 0
    this.#untilMs = 0
  }

  remainingMs(): number {
    return Math.max(0, this.#untilMs - this.clock.monotonicMs())
  }
}
