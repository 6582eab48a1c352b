import type { Deadline } from './deadline.js'

/** Gives the turn back; calling it again does nothing. */
export type Release = () => void

/** Looks on without standing in the line. */
export interface Watch {
  /** Whether a turn has ended since the watch began. */
  readonly sawEnd: boolean
  stop(): void
}

/** Turns at things named by key: one holder at a time, first come first served, other keys side by side. */
export class Turns {
  readonly #tails = new Map<string, Promise<void>>()
  readonly #watches = new Map<string, Set<{ sawEnd: boolean }>>()

  /** Resolves with the turn, or with undefined when the time is over first. */
  async take(key: string, deadline: Deadline): Promise<Release | undefined> {
    const ahead = this.#tails.get(key)
    let open = (): void => {}
    const done = new Promise<void>((resolve) => {
      open = resolve
    })
    const tail = (ahead ?? Promise.resolve()).then(() => done)
    this.#tails.set(key, tail)
    const release = (): void => {
      for (const watch of this.#watches.get(key) ?? []) watch.sawEnd = true
      open()
      // Nobody came behind: the key is forgotten.
      if (this.#tails.get(key) === tail) this.#tails.delete(key)
    }
    if (ahead === undefined || (await isOverBefore(ahead, deadline))) return release
    // Whoever is behind waits for those ahead of this one all the same.
    void ahead.then(release)
    return undefined
  }

  /** For whoever reads before taking a turn: whether what was read may be old by then. Must be stopped. */
  watch(key: string): Watch {
    const watches = this.#watches.get(key) ?? new Set()
    this.#watches.set(key, watches)
    const stop = (): void => {
      watches.delete(watch)
      if (watches.size === 0 && this.#watches.get(key) === watches) this.#watches.delete(key)
    }
    const watch = { sawEnd: false, stop }
    watches.add(watch)
    return watch
  }
}

/** Whether the work ends before the time does. */
function isOverBefore(work: Promise<void>, { signal }: Deadline): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false)
  return new Promise((resolve) => {
    const leave = (): void => resolve(false)
    signal.addEventListener('abort', leave, { once: true })
    void work.then(() => {
      signal.removeEventListener('abort', leave)
      resolve(true)
    })
  })
}
