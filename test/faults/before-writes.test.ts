import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { FAULT_KINDS } from '../../src/sandbox/faults.js'
import type { LinkRecord } from '../../src/sandbox/store.js'
import type { TestGateway } from '../support/gateway.js'
import { FAULT_TABLE } from './fault-table.js'
import {
  ACCOUNT,
  askRaise,
  expectIdle,
  expectOutcome,
  handles,
  inTime,
  ruleOf,
  startFaulty,
  stopWhole,
} from './faulty-gateway.js'

let gateway: TestGateway
const handlesBefore = handles()
beforeAll(async () => {
  gateway = await startFaulty()
})
afterAll(() => stopWhole(gateway, handlesBefore))
afterEach(() => {
  gateway.sandbox.faults.clear()
  gateway.sandbox.log.clear()
})

const plant = (): LinkRecord => gateway.sandbox.insertLink({ accountId: ACCOUNT, maxUsage: 10, metadata: { keep: 1 } })
const stored = ({ id }: LinkRecord) => gateway.sandbox.linksOf(ACCOUNT).find((link) => link.id === id)
const putStatuses = () =>
  gateway.sandbox.log.entries.filter(({ method }) => method === 'PUT').map(({ status }) => status)

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
    const link = plant()
    const expected = FAULT_TABLE[kind].read
    gateway.sandbox.faults.add(ruleOf(kind, { operation }))
    expectOutcome(await inTime(() => askRaise(gateway, link.id, 11)), expected)
    expect(putStatuses()).toHaveLength(expected === 'ok' ? 1 : 0)
    expect(stored(link)).toMatchObject({ maxUsage: expected === 'ok' ? 11 : 10, metadata: { keep: 1 } })
  }
})

describe('a catalogue that meets', () => {
  it.each(FAULT_KINDS)('%s does not keep an update from going through', async (kind) => {
    const link = plant()
    gateway.sandbox.faults.add(ruleOf(kind, { operation: 'payment-methods' }))
    expectOutcome(await inTime(() => askRaise(gateway, link.id, 11)), 'ok')
    expect(stored(link)).toMatchObject({ maxUsage: 11, metadata: { keep: 1 } })
    await expectIdle(gateway)
  })
})
