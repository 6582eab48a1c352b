export const FAULT_KINDS = [
  'latency',
  'hang',
  'reset',
  'reset-after-write',
  'drip',
  'truncated',
  'cut',
  'html-500',
  'json-500',
  'empty-502',
  'empty-503',
  'rate-limited',
  'unauthorised',
  'request-timeout',
  'redirect',
  'wrong-content-type',
  'invalid-utf8',
  'gzip-bomb',
  'huge',
  'success-false',
  'no-content',
  'sp-envelope',
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

/** One way to fail, and when. What is left out of the match fits every request. */
export interface FaultRule {
  readonly kind: FaultKind
  /** `token`, `list`, `show`, `update`, `payment-methods`, `unknown` or `any` (default). */
  readonly operation?: string
  readonly accountId?: string
  readonly linkId?: string
  /** Fires so many times, then is gone. Default: until removed. */
  readonly times?: number
  /** Fires on every Nth request that matches. Default 1. */
  readonly oneIn?: number
  /** The request is carried out before it fails, so that a write whose answer is lost has happened. Default false. */
  readonly applies?: boolean
  /** `latency`: how long, default 100; `drip`: between chunks, default 50. */
  readonly ms?: number
  /** `drip`: bytes in a chunk, default 16. `gzip-bomb` (default 200 MiB) and `huge` (default 64 MiB): bytes in all. */
  readonly bytes?: number
  /** `rate-limited`: seconds in `Retry-After`; no header when left out. */
  readonly retryAfterSeconds?: number
  /** `redirect`: default another host. */
  readonly location?: string
}

/** A rule that ends in something else than the true answer. */
export type Failure = FaultRule & { readonly kind: Exclude<FaultKind, 'latency'> }

export interface FaultTarget {
  readonly operation: string
  readonly accountId: string | null
  readonly linkId: string | null
}

/** What one request meets: waiting, and perhaps one failure. */
export interface FaultPlan {
  readonly latencyMs: number
  readonly failure: Failure | null
}

/** The faults in force. Waits add up; of the others the first that fires is the one that happens. */
export class Faults {
  #rules: { readonly id: number; readonly rule: FaultRule; met: number; fired: number }[] = []
  #lastId = 0

  /** @param operations every name a request can have here; a rule for another would never fire, so it is refused. */
  constructor(private readonly operations: readonly string[]) {}

  /** Returns the id under which it can be removed. @throws TypeError for a rule that cannot be. */
  add(rule: FaultRule): number {
    check(rule)
    if (rule.operation !== undefined && ![...this.operations, 'any'].includes(rule.operation)) {
      throw new TypeError(`operation takes ${this.operations.join(' | ')} | any, but got: ${rule.operation}`)
    }
    this.#lastId += 1
    this.#rules.push({ id: this.#lastId, rule, met: 0, fired: 0 })
    return this.#lastId
  }

  list(): readonly { readonly id: number; readonly rule: FaultRule; readonly fired: number }[] {
    return this.#rules.map(({ id, rule, fired }) => ({ id, rule, fired }))
  }

  /** Removes one, or all. */
  clear(id?: number): void {
    this.#rules = id === undefined ? [] : this.#rules.filter((entry) => entry.id !== id)
  }

  /** What this request meets; counts as met and fired. */
  take(target: FaultTarget): FaultPlan {
    let latencyMs = 0
    for (const entry of this.#rules.filter(({ rule }) => fits(rule, target))) {
      entry.met += 1
      if (entry.met % (entry.rule.oneIn ?? 1) !== 0) continue
      entry.fired += 1
      if (entry.fired >= (entry.rule.times ?? Number.POSITIVE_INFINITY)) this.clear(entry.id)
      if (isFailure(entry.rule)) return { latencyMs, failure: entry.rule }
      latencyMs += entry.rule.ms ?? 100
    }
    return { latencyMs, failure: null }
  }
}

function isFailure(rule: FaultRule): rule is Failure {
  return rule.kind !== 'latency'
}

function fits(rule: FaultRule, target: FaultTarget): boolean {
  return (
    (rule.operation === undefined || rule.operation === 'any' || rule.operation === target.operation) &&
    (rule.accountId === undefined || rule.accountId === target.accountId) &&
    (rule.linkId === undefined || rule.linkId === target.linkId)
  )
}

function check(rule: FaultRule): void {
  if (!FAULT_KINDS.includes(rule.kind)) {
    throw new TypeError(`kind takes ${FAULT_KINDS.join(' | ')}, but got: ${JSON.stringify(rule.kind)}`)
  }
  const unknown = Object.keys(rule).find((key) => !RULE_KEYS.has(key))
  if (unknown !== undefined) throw new TypeError(`A fault has no ${unknown}`)
  for (const key of ['times', 'oneIn', 'ms', 'bytes', 'retryAfterSeconds'] as const) {
    const value = rule[key]
    const least = key === 'times' || key === 'oneIn' || key === 'bytes' ? 1 : 0
    if (value !== undefined && !(Number.isInteger(value) && value >= least)) {
      throw new TypeError(`${key} takes an integer of at least ${least}, but got: ${JSON.stringify(value)}`)
    }
  }
}

const RULE_KEYS = new Set<string>([
  'kind',
  'operation',
  'accountId',
  'linkId',
  'times',
  'oneIn',
  'applies',
  'ms',
  'bytes',
  'retryAfterSeconds',
  'location',
] satisfies (keyof FaultRule)[])
