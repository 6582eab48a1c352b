import { beforeAll, describe, expect, it } from 'vitest'
import { FAULT_KINDS } from '../../src/sandbox/faults.js'
import { gatewayOfFile } from '../support/gateway.js'
import { FAULT_TABLE } from './fault-table.js'
import { ACCOUNT, askList, askShow, expectIdle, expectOutcome, faultyGateway, ruleOf } from './faulty-gateway.js'

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
    expectOutcome(await ask(), expected)
    // A 401 is asked once more with a new token; what may pass is tried again; the rest is definite.
    const count = gateway.sandbox.log.count(operation)
    if (PASSING.has(expected)) expect(count).toBeGreaterThan(1)
    else expect(count).toBe(kind === 'unauthorised' ? 2 : 1)
    gateway.sandbox.faults.clear()
    await expectIdle(gateway)
    expectOutcome(await ask(), 'ok')
  })
})

describe('a read that meets once', () => {
  it.each(FAULT_KINDS.filter((each) => PASSING.has(FAULT_TABLE[each].read)))(
    '%s is answered all the same',
    async (each) => {
      gateway.sandbox.faults.add(ruleOf(each, { operation: 'show', times: 1 }))
      expectOutcome(await askShow(gateway, id), 'ok')
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
  const patient = gatewayOfFile({ env: { UPSTREAM_TIMEOUT_MS: '60000', REQUEST_TIMEOUT_MS: '600000' } })

  it('that fits into the time is honoured', async () => {
    patient.sandbox.faults.add({ kind: 'rate-limited', operation: 'show', times: 1, retryAfterSeconds: 1 })
    expectOutcome(await askShow(patient, id), 'ok')
    const [first, second] = patient.sandbox.log.entries.filter(({ operation }) => operation === 'show')
    expect((second?.startedAtMs ?? 0) - (first?.startedAtMs ?? 0)).toBeGreaterThanOrEqual(950)
  })

  it('that does not is told at once', async () => {
    // Both times are longer than a test may take.
    patient.sandbox.faults.add({ kind: 'rate-limited', operation: 'show', retryAfterSeconds: 900 })
    const answer = await askShow(patient, id)
    expectOutcome(answer, 'RATE_LIMITED')
    expect(answer.errors?.[0]?.extensions).toMatchObject({ retryAfterMs: 900_000, upstreamStatus: 429 })
    expect(patient.sandbox.log.count('show')).toBe(1)
  })
})
