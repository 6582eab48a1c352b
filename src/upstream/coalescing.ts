import { setMaxListeners } from 'node:events'
import type { Deadline } from '../kernel/deadline.js'
import { Sharers } from '../kernel/fair-slots.js'
import { callKey } from './caching.js'
import { type Call, lineOf, type Received, type Step, type Trace, waitFor } from './call.js'
import type { EpochBook, Mark } from './epochs.js'
import type { UpstreamRequest } from './request.js'

export interface Coalescing {
  readonly step: Step
  /** Ends every read under way, for the given reason. */
  stop(reason: Error): void
}

/**
 * Identical reads of one credential in flight share one call. Each waiter has its own time and leaves alone; the flight
 * has the time of whoever waits longest and ends when the last one has left. A flight begun before a write to one of its
 * tags takes no more passengers; a fresh read flies alone. Writes are nobody's flight. While it waits for its turn, it
 * stands in line for each of its passengers: nobody waits longer, or is refused, for the load of another.
 */
export function coalescing(next: Step, epochs: EpochBook): Coalescing {
  const shared = new Map<string, Flight>()
  const flying = new Set<Flight>()
  return {
    step: (request, call) => {
      if (request.method !== 'GET') return next(request, call)
      if (request.freshness === 'fresh') return takeOff(request, call).board(call)
      const key = callKey(request, call)
      const flight = shared.get(key)
      if (flight !== undefined && !flight.isOver && epochs.isCurrent(request.tags, flight.mark)) {
        call.trace.source = 'flight'
        return flight.board(call)
      }
      const own = takeOff(request, call)
      shared.set(key, own)
      own.landed.finally(() => {
        if (shared.get(key) === own) shared.delete(key)
      })
      return own.board(call)
    },
    stop: (reason) => {
      for (const flight of flying) flight.end(reason)
    },
  }

  function takeOff(request: UpstreamRequest, call: Call): Flight {
    const flight = new Flight(call, epochs.mark(), (own) => next(request, own))
    flying.add(flight)
    flight.landed.finally(() => flying.delete(flight))
    return flight
  }
}

class Flight {
  /** When the answer or the failure is there; never rejects. */
  readonly landed: Promise<void>
  readonly #answer: Promise<Received>
  readonly #trace: Trace
  /** Each with the way to leave the line. */
  readonly #waiters = new Map<Call, () => void>()
  readonly #sharers = new Sharers()
  readonly #controller = new AbortController()
  #hasLanded = false

  constructor(
    first: Call,
    readonly mark: Mark,
    send: (call: Call) => Promise<Received>,
  ) {
    setMaxListeners(0, this.#controller.signal)
    this.#trace = first.trace
    this.#seat(first)
    this.#answer = send({ ...first, sharers: this.#sharers, deadline: this.#deadline() })
    const land = () => {
      this.#hasLanded = true
    }
    this.landed = this.#answer.then(land, land)
  }

  get isOver(): boolean {
    return this.#controller.signal.aborted || this.#sharers.isRefused
  }

  /** A failure that the flight has already seen says more to whoever leaves than "out of time". */
  async board(call: Call): Promise<Received> {
    this.#seat(call)
    try {
      return await waitFor(this.#answer, { ...call, trace: this.#trace })
    } finally {
      this.#waiters.get(call)?.()
      this.#waiters.delete(call)
      if (this.#waiters.size === 0 && !this.#hasLanded) this.#controller.abort()
    }
  }

  end(reason: Error): void {
    this.#controller.abort(reason)
  }

  #seat(call: Call): void {
    if (!this.#waiters.has(call)) this.#waiters.set(call, this.#sharers.add(lineOf(call)))
  }

  #deadline(): Deadline {
    return {
      signal: this.#controller.signal,
      remainingMs: () => Math.max(0, ...Array.from(this.#waiters.keys(), ({ deadline }) => deadline.remainingMs())),
    }
  }
}
