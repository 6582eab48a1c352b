import { describe, expect, it } from 'vitest'
import { FAULT_KINDS } from '../../src/sandbox/faults.js'
import { FAULT_TABLE } from './fault-table.js'
import {
  askRaise,
  expectIdle,
  expectOutcome,
  faultyGateway,
  plant,
  putStatuses,
  ruleOf,
  stored,
} from './faulty-gateway.js'

const gateway = faultyGateway()

/** Kinds that carry out the call before they spoil its response. */
const SPOILING = new Set([
  'latency',
  'reset-after-write',
  'drip',
  'truncated',
  'cut',
  'wrong-content-type',
  'invalid-utf8',
])

describe('a faulty write', () => {
  it.each(FAULT_KINDS)('a write that meets %s is sent once and gets the documented result', async (kind) => {
    const link = plant(gateway)
    gateway.sandbox.faults.add(ruleOf(kind, { operation: 'update' }))
    expectOutcome(await askRaise(gateway, link.id, 11), FAULT_TABLE[kind].lostWrite)
    expect(putStatuses(gateway)).toHaveLength(kind === 'unauthorised' ? 2 : 1)
    expect(stored(gateway, link.id)).toMatchObject({ maxUsage: SPOILING.has(kind) ? 11 : 10, metadata: { keep: 1 } })
    gateway.sandbox.faults.clear()
    await expectIdle(gateway)
    expectOutcome(await askRaise(gateway, link.id, 12), 'ok')
    expect(stored(gateway, link.id)).toMatchObject({ maxUsage: 12, metadata: { keep: 1 } })
  })

  it.each(FAULT_KINDS.filter((kind) => FAULT_TABLE[kind].doneWrite === 'ok'))(
    'a write that meets %s after it was carried out is applied, because a read shows it',
    async (kind) => {
      const link = plant(gateway)
      gateway.sandbox.faults.add(ruleOf(kind, { operation: 'update', applies: true }))
      expectOutcome(await askRaise(gateway, link.id, 11), 'ok')
      expect(putStatuses(gateway)).toHaveLength(1)
      expect(stored(gateway, link.id)?.maxUsage).toBe(11)
    },
  )

  it.each(['json-500', 'reset-after-write', 'truncated', 'hang', 'redirect'] as const)(
    'a write that meets %s and cannot be read back has an unknown outcome',
    async (kind) => {
      const link = plant(gateway)
      gateway.sandbox.faults.add(ruleOf(kind, { operation: 'update', applies: true }))
      const stop = gateway.sandbox.beforeResponse(({ operation }) => {
        if (operation === 'update') gateway.sandbox.faults.add({ kind: 'json-500', operation: 'show' })
      })
      try {
        expectOutcome(await askRaise(gateway, link.id, 11), 'UPSTREAM_OUTCOME_UNKNOWN')
      } finally {
        stop()
      }
      expect(putStatuses(gateway)).toHaveLength(1)
    },
  )

  it('a write that meets one 401 is sent once more, with a new token', async () => {
    const link = plant(gateway)
    gateway.sandbox.faults.add({ kind: 'unauthorised', operation: 'update', times: 1 })
    expectOutcome(await askRaise(gateway, link.id, 11), 'ok')
    expect(putStatuses(gateway)).toEqual([401, 200])
    expect(stored(gateway, link.id)?.maxUsage).toBe(11)
  })
})
