import type { Deadline } from './deadline.js'

/** Gives the turn back; calling it again does nothing. */
export type Release = () => void

/** Turns at things named by key: one holder at a time, first come first served, other keys side by side. */
export class Turns {
  readonly #tails = new Map<string, Promise<void>>()

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
      open()
      // Nobody came behind: the key is forgotten.
      if (this.#tails.get(key) === tail) this.#tails.delete(key)
    }
    if (ahead === undefined || (await isOverBefore(ahead, deadline))) return release
    // Whoever is behind waits for those ahead of this one all the same.
    void ahead.then(release)
    return undefined
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
