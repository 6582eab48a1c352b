import type { Deadline } from './deadline.js'

/** Releases the lock; calling it again does nothing. */
export type Release = () => void

/** Observes a key without queueing for its lock. */
export interface LockWatch {
  /** Whether the lock was released since the watch began. */
  readonly sawRelease: boolean
  stop(): void
}

/** One lock per key, granted in the order of arrival. Keys do not wait for each other. */
export class KeyedLock {
  readonly #tails = new Map<string, Promise<void>>()
  readonly #watches = new Map<string, Set<{ sawRelease: boolean }>>()

  /** Resolves with the function that releases the lock, or with undefined if the deadline passes first. */
  async acquire(key: string, deadline: Deadline): Promise<Release | undefined> {
    const ahead = this.#tails.get(key)
    let open = (): void => {}
    const released = new Promise<void>((resolve) => {
      open = resolve
    })
    const tail = (ahead ?? Promise.resolve()).then(() => released)
    this.#tails.set(key, tail)
    const release = (): void => {
      for (const watch of this.#watches.get(key) ?? []) watch.sawRelease = true
      open()
      // Nobody is queued behind.
      if (this.#tails.get(key) === tail) this.#tails.delete(key)
    }
    if (ahead === undefined || (await endsBefore(ahead, deadline))) return release
    // Those behind still wait for the holder ahead.
    void ahead.then(release)
    return undefined
  }

  /** For a reader who locks later: tells whether another holder may have made the read stale by then. Must be stopped. */
  watch(key: string): LockWatch {
    const watches = this.#watches.get(key) ?? new Set()
    this.#watches.set(key, watches)
    const stop = (): void => {
      watches.delete(watch)
      if (watches.size === 0 && this.#watches.get(key) === watches) this.#watches.delete(key)
    }
    const watch = { sawRelease: false, stop }
    watches.add(watch)
    return watch
  }
}

function endsBefore(work: Promise<void>, { signal }: Deadline): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false)
  return new Promise((resolve) => {
    const giveUp = (): void => resolve(false)
    signal.addEventListener('abort', giveUp, { once: true })
    void work.then(() => {
      signal.removeEventListener('abort', giveUp)
      resolve(true)
    })
  })
}
