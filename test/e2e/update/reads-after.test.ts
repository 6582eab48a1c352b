import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from '../../support/gateway.js'
import { gate } from '../../support/with-upstream.js'
import { ACCOUNT, listed, plant, shown, update, updatedOf } from './updating.js'

let gateway: TestGateway
// One for each test: what one test has cached must not serve another.
beforeEach(async () => {
  gateway = await startTestGateway({ env: { CACHE_TTL_MS: '60000' } })
})
afterEach(() => gateway.stop())

const READS = [
  ['show', shown],
  ['list', listed],
] as const

describe.each(READS)('a %s after a write', (operation, read) => {
  it(`a ${operation} after a write sees the change, though an older response is cached`, async () => {
    const link = plant(gateway)
    expect((await read(gateway, link)).maxUsage).toBe(10)
    const asked = gateway.sandbox.log.count()
    await read(gateway, link)
    // Without a cached response the rest would prove nothing.
    expect(gateway.sandbox.log.count()).toBe(asked)
    updatedOf(await update(gateway, link, { maxUsage: 55 }))
    expect((await read(gateway, link)).maxUsage).toBe(55)
  })

  it(`a ${operation} after a write sees the change, though an older read is in flight, whose response is not cached`, async () => {
    const link = plant(gateway)
    const { opened, open } = gate()
    const arrived = gate()
    let isHeld = false
    const stop = gateway.sandbox.beforeResponse(async (call) => {
      if (call.operation !== operation || isHeld) return
      isHeld = true
      arrived.open()
      await opened
    })
    try {
      const slow = read(gateway, link)
      await arrived.opened
      updatedOf(await update(gateway, link, { maxUsage: 56 }))
      expect((await read(gateway, link)).maxUsage).toBe(56)
      open()
      await slow
      expect((await read(gateway, link)).maxUsage).toBe(56)
    } finally {
      open()
      stop()
    }
  })

  it(`a ${operation} sees a write whose response was lost`, async () => {
    const link = plant(gateway)
    await read(gateway, link)
    gateway.sandbox.faults.add({ kind: 'reset-after-write', operation: 'update', times: 1 })
    updatedOf(await update(gateway, link, { maxUsage: 57 }))
    expect((await read(gateway, link)).maxUsage).toBe(57)
  })

  it(`a ${operation} sees a write whose outcome is unknown`, async () => {
    const link = plant(gateway)
    await read(gateway, link)
    gateway.sandbox.faults.add({ kind: 'reset-after-write', operation: 'update', times: 1 })
    const stop = gateway.sandbox.beforeResponse((call) => {
      if (call.operation === 'update') gateway.sandbox.faults.add({ kind: 'truncated', operation: 'show', times: 1 })
    })
    const response = await update(gateway, link, { maxUsage: 58 })
    stop()
    expect(response.errors?.[0]?.extensions.code).toBe('UPSTREAM_OUTCOME_UNKNOWN')
    expect((await read(gateway, link)).maxUsage).toBe(58)
  })

  it(`the response of a ${operation} begun during a write is not cached`, async () => {
    const link = plant(gateway)
    const { opened, open } = gate()
    const arrived = gate()
    const stop = gateway.sandbox.beforeResponse(async (call) => {
      if (call.operation !== 'update') return
      arrived.open()
      await opened
    })
    try {
      const write = update(gateway, link, { maxUsage: 59 })
      await arrived.opened
      expect((await read(gateway, link)).maxUsage).toBe(10)
      open()
      updatedOf(await write)
      expect((await read(gateway, link)).maxUsage).toBe(59)
    } finally {
      open()
      stop()
    }
  })
})

describe('the fresh read of an update', () => {
  it('an update reads past the cache, so that it neither loses nor undoes a change by another client', async () => {
    const link = plant(gateway)
    await shown(gateway, link)
    await listed(gateway, link)
    gateway.sandbox.patchLink(ACCOUNT, link.id, { redirectUrl: 'https://other.example.com/', metadata: { other: 1 } })
    const updated = updatedOf(await update(gateway, link, { maxUsage: 60 }))
    expect(updated).toMatchObject({ redirectUrl: 'https://other.example.com/', optionalMetadata: { other: 1 } })
    expect(gateway.sandbox.linksOf(ACCOUNT).find(({ id }) => id === link.id)).toMatchObject({
      redirectUrl: 'https://other.example.com/',
      metadata: { other: 1 },
      maxUsage: 60,
    })
  })
})
