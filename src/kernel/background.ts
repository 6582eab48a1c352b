/** Work that must finish before the process ends: writes that have started to be sent. */
export interface Background {
  /** Makes shutdown wait for the work. Returns the same promise. */
  run<T>(work: Promise<T>): Promise<T>
}

export interface TrackedBackground extends Background {
  /** Resolves when no work is left, including work added while waiting. Never rejects. */
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
