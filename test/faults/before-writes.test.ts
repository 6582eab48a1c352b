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

describe('a fault in a read before the write', () => {
  it.each(FAULT_KINDS)('sends no write when the single read before it meets %s', async (kind) => {
    await failsBefore('show', kind)
  })

  it.each(FAULT_KINDS)('sends no write when the list that has the metadata meets %s', async (kind) => {
    const code = FAULT_TABLE[kind].read
    // An error that a retry would not fix is reported on the unreadable field: setting that field helps.
    await failsBefore('list', kind, /REJECTED|MALFORMED/.test(code) ? 'REJECTED' : code)
  })

  async function failsBefore(
    operation: string,
    kind: (typeof FAULT_KINDS)[number],
    expected: string = FAULT_TABLE[kind].read,
  ): Promise<void> {
    const link = plant(gateway)
    gateway.sandbox.faults.add(ruleOf(kind, { operation }))
    expectOutcome(await askRaise(gateway, link.id, 11), expected)
    expect(putStatuses(gateway)).toHaveLength(expected === 'ok' ? 1 : 0)
    expect(stored(gateway, link.id)).toMatchObject({ maxUsage: expected === 'ok' ? 11 : 10, metadata: { keep: 1 } })
  }
})

describe('a fault in the catalogue', () => {
  it.each(FAULT_KINDS)('applies an update even when the catalogue meets %s', async (kind) => {
    const link = plant(gateway)
    gateway.sandbox.faults.add(ruleOf(kind, { operation: 'payment-methods' }))
    expectOutcome(await askRaise(gateway, link.id, 11), 'ok')
    expect(stored(gateway, link.id)).toMatchObject({ maxUsage: 11, metadata: { keep: 1 } })
    await expectIdle(gateway)
  })
})
