import { setMaxListeners } from 'node:events'
import type { Deadline } from '../../kernel/deadline.js'
import { Sharers } from '../../kernel/fair-slots.js'
import { type Call, loadPathOf, type ParsedResponse, type Step, type Trace, waitFor } from '../call.js'
import type { UpstreamRequest } from '../request.js'
import { callKey } from './caching.js'
import type { EpochBook, Mark } from './epochs.js'

export interface Coalescing {
  readonly step: Step
  /** Aborts every read in flight, for the given reason. */
  stop(reason: Error): void
}

/**
 * Identical reads of one credential in flight share one call. Each waiter keeps its own deadline; the call has the latest
 * of these and is aborted when the last waiter has left. A read that began before a write to one of its tags accepts no
 * more waiters, and a fresh read or a write is never joined. A shared call queues for a slot on behalf of each waiter, so
 * that no waiter waits longer, or is refused, because of another caller's load.
 */
export function coalescing(next: Step, epochs: EpochBook): Coalescing {
  const shared = new Map<string, ReadInFlight<unknown>>()
  const inFlight = new Set<ReadInFlight<unknown>>()
  return {
    step: (request, call) => {
      if (request.method !== 'GET') return next(request, call)
      if (request.freshness === 'fresh') return start(request, call).join(call)
      const key = callKey(request, call)
      const joined = findJoinable(key, request)
      if (joined !== undefined) {
        call.trace.source = 'flight'
        return joined.join(call)
      }
      const own = start(request, call)
      shared.set(key, own)
      own.settled.finally(() => {
        if (shared.get(key) === own) shared.delete(key)
      })
      return own.join(call)
    },
    stop: (reason) => {
      for (const read of inFlight) read.abort(reason)
    },
  }

  function findJoinable<T>(key: string, { tags }: UpstreamRequest<T>): ReadInFlight<T> | undefined {
    const read = shared.get(key)
    const isJoinable = read !== undefined && !read.isOver && epochs.isCurrent(tags, read.mark)
    return isJoinable ? (read as ReadInFlight<T>) : undefined
  }

  function start<T>(request: UpstreamRequest<T>, call: Call): ReadInFlight<T> {
    const read = new ReadInFlight(call, epochs.mark(), (own) => next(request, own))
    inFlight.add(read)
    read.settled.finally(() => inFlight.delete(read))
    return read
  }
}

class ReadInFlight<T> {
  /** Resolves with the response or the failure; never rejects. */
  readonly settled: Promise<void>
  readonly #response: Promise<ParsedResponse<T>>
  readonly #trace: Trace
  /** Each with the function that removes it from the queue. */
  readonly #waiters = new Map<Call, () => void>()
  readonly #sharers = new Sharers()
  readonly #controller = new AbortController()
  #isSettled = false

  constructor(
    first: Call,
    readonly mark: Mark,
    send: (call: Call) => Promise<ParsedResponse<T>>,
  ) {
    setMaxListeners(0, this.#controller.signal)
    this.#trace = first.trace
    this.#add(first)
    this.#response = send({ ...first, sharers: this.#sharers, deadline: this.#deadline() })
    const settle = () => {
      this.#isSettled = true
    }
    this.settled = this.#response.then(settle, settle)
  }

  get isOver(): boolean {
    return this.#controller.signal.aborted || this.#sharers.isRefused
  }

  /** A waiter that runs out of time gets the last failure of this read, if there was one. */
  async join(call: Call): Promise<ParsedResponse<T>> {
    this.#add(call)
    try {
      return await waitFor(this.#response, { ...call, trace: this.#trace })
    } finally {
      this.#waiters.get(call)?.()
      this.#waiters.delete(call)
      if (this.#waiters.size === 0 && !this.#isSettled) this.#controller.abort()
    }
  }

  abort(reason: Error): void {
    this.#controller.abort(reason)
  }

  #add(call: Call): void {
    if (!this.#waiters.has(call)) this.#waiters.set(call, this.#sharers.add(loadPathOf(call)))
  }

  #deadline(): Deadline {
    return {
      signal: this.#controller.signal,
      remainingMs: () => Math.max(0, ...Array.from(this.#waiters.keys(), ({ deadline }) => deadline.remainingMs())),
    }
  }
}
