import { FAILURE_KINDS, type Failure, type FailureKind, type FailureOptions } from './failures.js'
import type { IdName, RequestTarget } from './routes.js'

export type FaultKind = 'latency' | FailureKind

export const FAULT_KINDS: readonly FaultKind[] = ['latency', ...FAILURE_KINDS]

/** One way to fail, and when. A rule without an operation or ids matches every request. */
export interface FaultRule extends FailureOptions {
  readonly kind: FaultKind
  /** `token`, an operation of a resource, `unknown` or `any` (default). */
  readonly operation?: string
  /** Ids that the path must have: `accountId`, `linkId`, or another resource's. */
  readonly [param: IdName]: string
  /** Fires this many times, then is removed. Default: until removed. */
  readonly times?: number
  /** Fires on every Nth request that matches. Default 1. */
  readonly oneIn?: number
}

/** What happens to one request: a wait, and at most one failure. */
export interface FaultPlan {
  readonly latencyMs: number
  readonly failure: Failure | null
}

/** The active faults. Waits add up; of the others, only the first that fires happens. */
export class Faults {
  #rules: { readonly id: number; readonly rule: FaultRule; met: number; fired: number }[] = []
  #lastId = 0

  /** Every operation and id name of this sandbox's routes: a rule for another would never fire, so it is refused. */
  constructor(
    private readonly operations: readonly string[],
    private readonly idNames: readonly IdName[],
  ) {}

  /** Returns the id to remove it by. @throws TypeError for an invalid rule */
  add(rule: FaultRule): number {
    check(rule, this.idNames)
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

  /** Removes the rule with this id, or all rules. */
  clear(id?: number): void {
    this.#rules = id === undefined ? [] : this.#rules.filter((entry) => entry.id !== id)
  }

  /** Picks the faults of this request and counts them as fired. */
  take(target: RequestTarget): FaultPlan {
    let latencyMs = 0
    for (const entry of this.#rules.filter(({ rule }) => matches(rule, target, this.idNames))) {
      entry.met += 1
      if (entry.met % (entry.rule.oneIn ?? 1) !== 0) continue
      entry.fired += 1
      if (entry.fired >= (entry.rule.times ?? Number.POSITIVE_INFINITY)) this.clear(entry.id)
      const { kind, ...options } = entry.rule
      if (kind !== 'latency') return { latencyMs, failure: { ...options, kind } }
      latencyMs += options.ms ?? 100
    }
    return { latencyMs, failure: null }
  }
}

function matches(rule: FaultRule, target: RequestTarget, idNames: readonly IdName[]): boolean {
  const { operation = 'any' } = rule
  if (operation !== 'any' && operation !== target.operation) return false
  return idNames.every((name) => rule[name] === undefined || rule[name] === target[name])
}

function check(rule: FaultRule, idNames: readonly string[]): void {
  if (!FAULT_KINDS.includes(rule.kind)) {
    throw new TypeError(`kind takes ${FAULT_KINDS.join(' | ')}, but got: ${JSON.stringify(rule.kind)}`)
  }
  const unknown = Object.keys(rule).find((key) => !RULE_KEYS.has(key) && !idNames.includes(key))
  if (unknown !== undefined) throw new TypeError(`A fault has no ${unknown}`)
  for (const [key, least] of Object.entries(LEAST)) {
    const value = rule[key as keyof typeof LEAST]
    if (value !== undefined && !(Number.isInteger(value) && value >= least)) {
      throw new TypeError(`${key} takes an integer of at least ${least}, but got: ${JSON.stringify(value)}`)
    }
  }
}

/** The least integer that each takes. */
const LEAST = { times: 1, oneIn: 1, bytes: 1, ms: 0, retryAfterSeconds: 0 }
const RULE_KEYS = new Set(['kind', 'operation', 'applies', 'location', ...Object.keys(LEAST)])
