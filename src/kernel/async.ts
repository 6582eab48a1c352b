/** Ends after `ms`, or as soon as the signal fires: the caller looks at the signal to know which. Leaves nothing behind. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}

/** What became of waiting for a slot. Only `granted` must be given back. */
export type Admission = 'granted' | 'full' | 'left'

/** So many at once; the others wait first come first served, and no more than `queueMax` of them. */
export class Semaphore {
  #free: number
  /** In order of arrival; a set, so that leaving from the middle costs nothing. */
  readonly #queue = new Set<() => void>()

  constructor(
    slots: number,
    private readonly queueMax: number,
  ) {
    this.#free = slots
  }

  acquire(signal: AbortSignal): Promise<Admission> {
    if (signal.aborted) return Promise.resolve('left')
    if (this.#free > 0) {
      this.#free -= 1
      return Promise.resolve('granted')
    }
    if (this.#queue.size >= this.queueMax) return Promise.resolve('full')
    return new Promise((resolve) => {
      const grant = () => {
        signal.removeEventListener('abort', leave)
        resolve('granted')
      }
      const leave = () => {
        this.#queue.delete(grant)
        resolve('left')
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#queue.add(grant)
    })
  }

  /** Gives a slot to whoever has waited longest. */
  release(): void {
    const [next] = this.#queue
    if (next === undefined) {
      this.#free += 1
      return
    }
    this.#queue.delete(next)
    next()
  }
}
