/** Time as a dependency: `now` for instants, `monotonicMs` for durations (it never jumps when the wall clock is set). */
export interface Clock {
  /** Milliseconds since 1970 in UTC. */
  now(): number
  /** Milliseconds since some fixed moment of this process. */
  monotonicMs(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
}
