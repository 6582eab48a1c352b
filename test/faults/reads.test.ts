import { beforeAll, describe, expect, it } from 'vitest'
import { FAULT_KINDS } from '../../src/sandbox/faults.js'
import { FAULT_TABLE } from './fault-table.js'
import {
  ACCOUNT,
  askList,
  askShow,
  expectIdle,
  expectOutcome,
  faultyGateway,
  inTime,
  ruleOf,
} from './faulty-gateway.js'

const gateway = faultyGateway()
let id = 0
beforeAll(() => {
  id = gateway.sandbox.linksOf(ACCOUNT)[0]?.id ?? 0
})

/** Tried again: 408, 429, 5xx, the network, no answer in time. */
const PASSING = new Set(['UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE', 'RATE_LIMITED'])

const READS: readonly [string, () => ReturnType<typeof askList>][] = [
  ['list', () => askList(gateway)],
  ['show', () => askShow(gateway, id)],
]

describe.each(READS)('a %s that meets each time', (operation, ask) => {
  it.each(FAULT_KINDS)('%s answers what the contract says and leaves nothing behind', async (kind) => {
    const expected = FAULT_TABLE[kind].read
    gateway.sandbox.faults.add(ruleOf(kind, { operation }))
    expectOutcome(await inTime(ask), expected)
    // A 401 is asked once more with a new token; what may pass is tried again; the rest is definite.
    const count = gateway.sandbox.log.count(operation)
    if (PASSING.has(expected)) expect(count).toBeGreaterThan(1)
    else expect(count).toBe(kind === 'unauthorised' ? 2 : 1)
    gateway.sandbox.faults.clear()
    await expectIdle(gateway)
    expectOutcome(await inTime(ask), 'ok')
  })
})

describe('a read that meets once', () => {
  it.each(FAULT_KINDS.filter((each) => PASSING.has(FAULT_TABLE[each].read)))(
    '%s is answered all the same',
    async (each) => {
      gateway.sandbox.faults.add(ruleOf(each, { operation: 'show', times: 1 }))
      expectOutcome(await inTime(() => askShow(gateway, id)), 'ok')
      expect(gateway.sandbox.log.count('show')).toBe(2)
    },
  )

  it('401 renews the token, once for all who met it', async () => {
    gateway.sandbox.revokeTokens()
    const answers = await Promise.all([askList(gateway), askShow(gateway, id), askShow(gateway, id + 1)])
    for (const answer of answers) expectOutcome(answer, 'ok')
    expect(gateway.sandbox.log.count('token')).toBe(1)
  })
})

describe('a Retry-After', () => {
  it('that fits into the time is honoured', async () => {
    gateway.sandbox.faults.add({ kind: 'rate-limited', operation: 'show', times: 1, retryAfterSeconds: 1 })
    expectOutcome(await inTime(() => askShow(gateway, id)), 'ok')
    const [first, second] = gateway.sandbox.log.entries.filter(({ operation }) => operation === 'show')
    expect((second?.startedAtMs ?? 0) - (first?.startedAtMs ?? 0)).toBeGreaterThanOrEqual(950)
  })

  it('that does not is told at once', async () => {
    gateway.sandbox.faults.add({ kind: 'rate-limited', operation: 'show', retryAfterSeconds: 7 })
    const startedAt = performance.now()
    const answer = await askShow(gateway, id)
    expect(performance.now() - startedAt).toBeLessThan(700)
    expectOutcome(answer, 'RATE_LIMITED')
    expect(answer.errors?.[0]?.extensions).toMatchObject({ retryAfterMs: 7000, upstreamStatus: 429 })
    expect(gateway.sandbox.log.count('show')).toBe(1)
  })
})
