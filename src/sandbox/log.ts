/** One request the sandbox has seen; never a token, a signature or a secret. */
export interface LogEntry {
  readonly id: number
  /** `token`, a resource's operation, or `unknown` for a path that no route has. */
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly accountId: string | null
  readonly linkId: string | null
  /** Name of the merchant, once the request has proved who it is. */
  readonly credential: string | null
  /** HTTP status sent, or null while none was (hanging, reset). */
  readonly status: number | null
  /** Kind of the fault it met. */
  readonly fault: string | null
  /** Wall clock of the machine, epoch milliseconds, also where the sandbox's own clock is set. */
  readonly startedAtMs: number
  /** When the answer was out or the socket was gone; null while under way. */
  readonly endedAtMs: number | null
  /** The JSON body of a PUT. */
  readonly body?: unknown
}

export type LogFacts = Pick<LogEntry, 'operation' | 'method' | 'path' | 'query' | 'accountId' | 'linkId'>

/** What came in, in order of arrival: the last 10,000 requests, and figures over all of them. */
export class RequestLog {
  /** A ring: an entry lies at its id modulo the size. */
  #ring: LogEntry[] = []
  readonly #counts = new Map<string, number>()
  #lastId = 0
  readonly #underWay = new Map<number, string>()
  readonly #concurrency = new Map<string, number>()
  readonly #peaks = new Map<string, number>()

  get entries(): readonly LogEntry[] {
    return Object.values(this.#ring).sort((a, b) => a.id - b.id)
  }

  /** How many requests came in, of one operation or of all. */
  count(operation = ALL): number {
    return this.#counts.get(operation) ?? 0
  }

  /** The most requests that were under way at once, of one operation or of all. */
  peakConcurrency(operation = ALL): number {
    return this.#peaks.get(operation) ?? 0
  }

  /** Forgets what came in; requests under way still count towards the next peak. */
  clear(): void {
    this.#ring = []
    this.#counts.clear()
    this.#peaks.clear()
  }

  begin(facts: LogFacts): number {
    this.#lastId += 1
    this.#underWay.set(this.#lastId, facts.operation)
    for (const name of [ALL, facts.operation]) {
      this.#counts.set(name, this.count(name) + 1)
      this.#peaks.set(name, Math.max(this.peakConcurrency(name), this.#shiftConcurrency(name, 1)))
    }
    const times = { startedAtMs: Date.now(), endedAtMs: null }
    const entry = { id: this.#lastId, ...facts, credential: null, status: null, fault: null, ...times }
    this.#ring[this.#lastId % ENTRIES_MAX] = entry
    return this.#lastId
  }

  note(id: number, facts: Partial<Pick<LogEntry, 'credential' | 'body' | 'fault'>>): void {
    this.#change(id, facts)
  }

  /** The first end counts; `status` is what was sent, if anything was. */
  end(id: number, status: number | null): void {
    const operation = this.#underWay.get(id)
    if (operation === undefined) return
    this.#underWay.delete(id)
    for (const name of [ALL, operation]) this.#shiftConcurrency(name, -1)
    this.#change(id, { status, endedAtMs: Date.now() })
  }

  #change(id: number, changes: Partial<LogEntry>): void {
    const entry = this.#ring[id % ENTRIES_MAX]
    if (entry?.id === id) this.#ring[id % ENTRIES_MAX] = { ...entry, ...changes }
  }

  #shiftConcurrency(operation: string, by: 1 | -1): number {
    const concurrency = (this.#concurrency.get(operation) ?? 0) + by
    this.#concurrency.set(operation, concurrency)
    return concurrency
  }
}

const ALL = '*'
const ENTRIES_MAX = 10_000
