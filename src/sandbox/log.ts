import type { RequestTarget } from './routes.js'

/** One request that came in. Never holds a token, a signature or a secret. */
export interface LogEntry extends RequestTarget {
  readonly id: number
  /** `token`, an operation of a resource, or `unknown` for a path that no route has. */
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** The merchant's name, once the request has been authenticated. */
  readonly credential: string | null
  /** HTTP status sent; null when none was, or not yet. */
  readonly status: number | null
  /** Kind of the fault that happened to it. */
  readonly fault: string | null
  /** Epoch milliseconds on the machine's clock, even where the sandbox has a clock of its own. */
  readonly startedAtMs: number
  /** When the response was sent or the socket closed; null until then. */
  readonly endedAtMs: number | null
  /** The JSON body, if there is one. */
  readonly body?: unknown
}

/** Adds to the entry of one request. */
export interface EntryWriter {
  note(known: Partial<Pick<LogEntry, 'credential' | 'body' | 'fault'>>): void
  /** Only the first call counts. `status` is null when nothing was sent. */
  end(status: number | null): void
}

/** The last 10,000 requests in order of arrival, and counts over all of them. */
export class RequestLog {
  #entries: LogEntry[] = []
  readonly #tallies = new Map<string, Tally>()
  #lastId = 0

  get entries(): readonly LogEntry[] {
    return this.#entries.map((entry) => ({ ...entry }))
  }

  /** Requests that came in, of one operation or of all. */
  count(operation = ALL): number {
    return this.#tallyOf(operation).count
  }

  /** The most requests in progress at once, of one operation or of all. */
  peakConcurrency(operation = ALL): number {
    return this.#tallyOf(operation).peak
  }

  /** Forgets the requests; those in progress still count towards the next peak. */
  clear(): void {
    this.#entries = []
    for (const tally of this.#tallies.values()) Object.assign(tally, { count: 0, peak: 0 })
  }

  begin(request: RequestTarget & Pick<LogEntry, 'method' | 'path' | 'query'>): EntryWriter {
    this.#lastId += 1
    const unknownYet = { credential: null, status: null, fault: null, endedAtMs: null }
    const entry: LogEntry = { id: this.#lastId, ...request, ...unknownYet, startedAtMs: Date.now() }
    if (this.#entries.push(entry) > ENTRIES_MAX) this.#entries.shift()
    const tallies = [this.#tallyOf(ALL), this.#tallyOf(request.operation)]
    for (const tally of tallies) {
      tally.count += 1
      tally.inProgress += 1
      tally.peak = Math.max(tally.peak, tally.inProgress)
    }
    return {
      note: (known) => void Object.assign(entry, known),
      end: (status) => {
        if (entry.endedAtMs !== null) return
        Object.assign(entry, { status, endedAtMs: Date.now() })
        for (const tally of tallies) tally.inProgress -= 1
      },
    }
  }

  #tallyOf(operation: string): Tally {
    const tally = this.#tallies.get(operation) ?? { count: 0, inProgress: 0, peak: 0 }
    this.#tallies.set(operation, tally)
    return tally
  }
}

interface Tally {
  count: number
  inProgress: number
  peak: number
}

const ALL = '*'
const ENTRIES_MAX = 10_000
