/** Time as a dependency: `now` for instants, `monotonicMs` for durations, which ignores changes of the clock. */
export interface Clock {
  /** Milliseconds since 1970 in UTC. */
  now(): number
  /** Milliseconds since a fixed point in the life of this process. */
  monotonicMs(): number
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
}
