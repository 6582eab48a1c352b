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

/** Retried: 408, 429, 5xx, network errors and timeouts. */
const PASSING = new Set(['UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE', 'RATE_LIMITED'])

const READS: readonly [string, () => ReturnType<typeof askList>][] = [
  ['list', () => askList(gateway)],
  ['show', () => askShow(gateway, id)],
]

describe.each(READS)('%s with a fault in every call', (operation, ask) => {
  it.each(FAULT_KINDS)(
    `returns the documented error for %s in every ${operation}, and leaves nothing behind`,
    async (kind) => {
      const expected = FAULT_TABLE[kind].read
      gateway.sandbox.faults.add(ruleOf(kind, { operation }))
      expectOutcome(await ask(), expected)
      // A 401 is sent once more with a new token, temporary errors are retried, and the rest is final.
      const count = gateway.sandbox.log.count(operation)
      if (PASSING.has(expected)) expect(count).toBeGreaterThan(1)
      else expect(count).toBe(kind === 'unauthorised' ? 2 : 1)
      gateway.sandbox.faults.clear()
      await expectIdle(gateway)
      expectOutcome(await ask(), 'ok')
    },
  )
})

describe('a read with one fault', () => {
  it.each(FAULT_KINDS.filter((each) => PASSING.has(FAULT_TABLE[each].read)))(
    'recovers from a single %s during a read',
    async (each) => {
      gateway.sandbox.faults.add(ruleOf(each, { operation: 'show', times: 1 }))
      expectOutcome(await askShow(gateway, id), 'ok')
      expect(gateway.sandbox.log.count('show')).toBe(2)
    },
  )

  it('renews the token once for all calls that got a 401', async () => {
    gateway.sandbox.revokeTokens()
    const responses = await Promise.all([askList(gateway), askShow(gateway, id), askShow(gateway, id + 1)])
    for (const response of responses) expectOutcome(response, 'ok')
    expect(gateway.sandbox.log.count('token')).toBe(1)
  })
})

describe('a Retry-After', () => {
  const patient = gatewayOfFile({ env: { UPSTREAM_TIMEOUT_MS: '60000', REQUEST_TIMEOUT_MS: '600000' } })

  it('waits for a Retry-After that fits into the time limit', async () => {
    patient.sandbox.faults.add({ kind: 'rate-limited', operation: 'show', times: 1, retryAfterSeconds: 1 })
    expectOutcome(await askShow(patient, id), 'ok')
    const [first, second] = patient.sandbox.log.entries.filter(({ operation }) => operation === 'show')
    expect((second?.startedAtMs ?? 0) - (first?.startedAtMs ?? 0)).toBeGreaterThanOrEqual(950)
  })

  it('reports a Retry-After that does not fit into the time limit at once', async () => {
    // Both time limits are longer than a test may take.
    patient.sandbox.faults.add({ kind: 'rate-limited', operation: 'show', retryAfterSeconds: 900 })
    const response = await askShow(patient, id)
    expectOutcome(response, 'RATE_LIMITED')
    expect(response.errors?.[0]?.extensions).toMatchObject({ retryAfterMs: 900_000, upstreamStatus: 429 })
    expect(patient.sandbox.log.count('show')).toBe(1)
  })
})
