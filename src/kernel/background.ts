/** Work that must end before the process may: writes whose first byte went out. */
export interface Background {
  /** Registers work so that stopping waits for it; gives the same promise back. */
  run<T>(work: Promise<T>): Promise<T>
}

export interface TrackedBackground extends Background {
  /** Resolves when no work is left, the work that was added meanwhile included. Never rejects. */
  settled(): Promise<void>
}

export function createBackground(): TrackedBackground {
  const running = new Set<Promise<unknown>>()
  return {
    run(work) {
      running.add(work)
      const forget = () => running.delete(work)
      work.then(forget, forget)
      return work
    },
    async settled() {
      while (running.size > 0) await Promise.allSettled(running)
    },
  }
}
