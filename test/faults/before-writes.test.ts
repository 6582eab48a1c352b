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

describe('a fresh read before the write that meets', () => {
  it.each(FAULT_KINDS)('%s, in show, ends the update before anything is sent', async (kind) => {
    await failsBefore('show', kind)
  })

  it.each(FAULT_KINDS)(
    '%s, in the list that has the metadata, ends the update before anything is sent',
    async (kind) => {
      await failsBefore('list', kind)
    },
  )

  async function failsBefore(operation: string, kind: (typeof FAULT_KINDS)[number]): Promise<void> {
    const link = plant(gateway)
    const expected = FAULT_TABLE[kind].read
    gateway.sandbox.faults.add(ruleOf(kind, { operation }))
    expectOutcome(await askRaise(gateway, link.id, 11), expected)
    expect(putStatuses(gateway)).toHaveLength(expected === 'ok' ? 1 : 0)
    expect(stored(gateway, link.id)).toMatchObject({ maxUsage: expected === 'ok' ? 11 : 10, metadata: { keep: 1 } })
  }
})

describe('a catalogue that meets', () => {
  it.each(FAULT_KINDS)('%s does not keep an update from going through', async (kind) => {
    const link = plant(gateway)
    gateway.sandbox.faults.add(ruleOf(kind, { operation: 'payment-methods' }))
    expectOutcome(await askRaise(gateway, link.id, 11), 'ok')
    expect(stored(gateway, link.id)).toMatchObject({ maxUsage: 11, metadata: { keep: 1 } })
    await expectIdle(gateway)
  })
})
