import type { RequestTarget } from './routes.js'

/** One request that came in. Never holds a token, a signature or a secret. */
export interface LogEntry extends RequestTarget {
  readonly id: number
  /** `token`, an operation of a resource, or `unknown` for a path that no route has. */
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** The merchant's name, once the request has proved who it is. */
  readonly credential: string | null
  /** HTTP status sent; null when none was, or not yet. */
  readonly status: number | null
  /** Kind of the fault that happened to it. */
  readonly fault: string | null
  /** Epoch milliseconds on the machine's clock, even where the sandbox has a clock of its own. */
  readonly startedAtMs: number
  /** When the response was sent or the socket closed; null until then. */
  readonly endedAtMs: number | null
  /** The JSON body of a PUT. */
  readonly body?: unknown
}

export type LoggedRequest = RequestTarget & Pick<LogEntry, 'method' | 'path' | 'query'>

/** The last 10,000 requests in order of arrival, and counts over all of them. */
export class RequestLog {
  /** A ring buffer: an entry is at its id modulo the size. */
  #ring: LogEntry[] = []
  readonly #counts = new Map<string, number>()
  #lastId = 0
  readonly #inProgress = new Map<number, string>()
  readonly #concurrency = new Map<string, number>()
  readonly #peaks = new Map<string, number>()

  get entries(): readonly LogEntry[] {
    return Object.values(this.#ring).sort((a, b) => a.id - b.id)
  }

  /** Requests that came in, of one operation or of all. */
  count(operation = ALL): number {
    return this.#counts.get(operation) ?? 0
  }

  /** The most requests in progress at once, of one operation or of all. */
  peakConcurrency(operation = ALL): number {
    return this.#peaks.get(operation) ?? 0
  }

  /** Forgets the requests; those in progress still count towards the next peak. */
  clear(): void {
    this.#ring = []
    this.#counts.clear()
    this.#peaks.clear()
  }

  begin(request: LoggedRequest): number {
    this.#lastId += 1
    this.#inProgress.set(this.#lastId, request.operation)
    for (const name of [ALL, request.operation]) {
      this.#counts.set(name, this.count(name) + 1)
      this.#peaks.set(name, Math.max(this.peakConcurrency(name), this.#shiftConcurrency(name, 1)))
    }
    const times = { startedAtMs: Date.now(), endedAtMs: null }
    const entry = { id: this.#lastId, ...request, credential: null, status: null, fault: null, ...times }
    this.#ring[this.#lastId % ENTRIES_MAX] = entry
    return this.#lastId
  }

  note(id: number, changes: Pick<Changes, 'credential' | 'body' | 'fault'>): void {
    this.#change(id, changes)
  }

  /** Only the first call for an id counts. `status` is null when nothing was sent. */
  end(id: number, status: number | null): void {
    const operation = this.#inProgress.get(id)
    if (operation === undefined) return
    this.#inProgress.delete(id)
    for (const name of [ALL, operation]) this.#shiftConcurrency(name, -1)
    this.#change(id, { status, endedAtMs: Date.now() })
  }

  #change(id: number, changes: Changes): void {
    const entry = this.#ring[id % ENTRIES_MAX]
    if (entry?.id === id) this.#ring[id % ENTRIES_MAX] = { ...entry, ...changes }
  }

  #shiftConcurrency(operation: string, by: 1 | -1): number {
    const concurrency = (this.#concurrency.get(operation) ?? 0) + by
    this.#concurrency.set(operation, concurrency)
    return concurrency
  }
}

/** What becomes known of a request after it came in. */
type Changes = Partial<Pick<LogEntry, 'credential' | 'body' | 'fault' | 'status' | 'endedAtMs'>>

const ALL = '*'
const ENTRIES_MAX = 10_000
