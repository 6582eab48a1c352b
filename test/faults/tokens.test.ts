import { beforeAll, describe, expect, it } from 'vitest'
import { FAULT_KINDS } from '../../src/sandbox/faults.js'
import { FAULT_TABLE } from './fault-table.js'
import {
  askRaise,
  askShow,
  expectIdle,
  expectOutcome,
  faultyGateway,
  plant,
  putStatuses,
  ruleOf,
  stored,
} from './faulty-gateway.js'

const gateway = faultyGateway()
let id = 0
beforeAll(async () => {
  id = plant(gateway).id
  expectOutcome(await askShow(gateway, id), 'ok')
})

describe('a fault in the token route', () => {
  it.each(FAULT_KINDS)(
    'returns the documented error for %s of the token route, and sends nothing else',
    async (kind) => {
      const expected = FAULT_TABLE[kind].token
      gateway.sandbox.revokeTokens()
      gateway.sandbox.faults.add(ruleOf(kind, { operation: 'token' }))
      expectOutcome(await askShow(gateway, id), expected)
      expectOutcome(await askRaise(gateway, id, 11), expected)
      // The old token was sent once and refused; without a new one, nothing is sent.
      expect(
        gateway.sandbox.log.entries.filter(({ operation, status }) => operation === 'show' && status === 200).length,
      ).toBe(expected === 'ok' ? gateway.sandbox.log.count('show') - 1 : 0)
      expect(gateway.sandbox.log.count('update')).toBe(expected === 'ok' ? 1 : 0)
      gateway.sandbox.faults.clear()
      await expectIdle(gateway)
      // A refusal is remembered for a second, then for two.
      const isServed = async (): Promise<boolean> => (await askRaise(gateway, id, 12)).errors === undefined
      await expect.poll(isServed, { timeout: 10_000 }).toBe(true)
      expectOutcome(await askRaise(gateway, id, 13), 'ok')
    },
  )

  it('reports a write as not applied when the token route fails before the write is sent again', async () => {
    const stop = gateway.sandbox.beforeResponse(({ operation }) => {
      if (operation !== 'update') return
      gateway.sandbox.revokeTokens()
      gateway.sandbox.faults.add({ kind: 'json-500', operation: 'token' })
    })
    try {
      expectOutcome(await askRaise(gateway, id, 77), 'UPSTREAM_UNAVAILABLE')
    } finally {
      stop()
    }
    expect(putStatuses(gateway)).toEqual([401])
    expect(stored(gateway, id)?.maxUsage).not.toBe(77)
  })
})
