import { print } from 'graphql'
import { afterEach, describe, expect, it } from 'vitest'
import { UpdatePaymentLinkDocument } from '../../../src/client/graphql.js'
import type { LinkRecord } from '../../../src/resources/payment-link/sandbox/records.js'
import { startTestGateway, type TestGateway } from '../../support/gateway.js'
import { gate } from '../../support/with-upstream.js'
import { ACCOUNT, codeOf, plant, puts, stored, update, updatedOf } from './updating.js'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

async function start(attemptMs: number, requestMs: number): Promise<TestGateway> {
  const env = { UPSTREAM_TIMEOUT_MS: `${attemptMs}`, REQUEST_TIMEOUT_MS: `${requestMs}` }
  const gateway = await startTestGateway({ env })
  stops.push(() => gateway.stop())
  // Warms up: the first call of everything is slow.
  await update(gateway, plant(gateway), { maxUsage: 11 })
  gateway.sandbox.log.clear()
  return gateway
}

/** Holds every write at the upstream until `letGo`. */
function holdWrites(gateway: TestGateway): { readonly arrived: Promise<void>; readonly letGo: () => void } {
  const arrived = gate()
  const held = gate()
  gateway.sandbox.beforeResponse(async ({ operation }) => {
    if (operation !== 'update') return
    arrived.open()
    await held.opened
  })
  return { arrived: arrived.opened, letGo: held.open }
}

describe('an update without enough time', () => {
  it('sends nothing and returns WRITE_BUSY when too little time is left for a write and its read-back', async () => {
    const gateway = await start(500, 1000)
    gateway.sandbox.faults.add({ kind: 'latency', operation: 'show', ms: 450 })
    const response = await update(gateway, plant(gateway), { maxUsage: 12 })
    expect(codeOf(response)).toBe('WRITE_BUSY')
    expect(response.errors?.[0]?.extensions.retryable).toBe(true)
    expect(response.data).toEqual({ updatePaymentLink: null })
    expect(puts(gateway)).toEqual([])
  })

  it.each(['token', 'show', 'list'] as const)(
    'sends nothing and gives WRITE_BUSY, not REQUEST_TIMEOUT, when the time ends during the %s call',
    async (operation) => {
      const gateway = await start(60_000, 2000)
      const link = plant(gateway)
      if (operation === 'token') gateway.sandbox.revokeTokens()
      gateway.sandbox.faults.add({ kind: 'hang', operation })
      const response = await update(gateway, link, { maxUsage: 12 })
      expect(codeOf(response)).toBe('WRITE_BUSY')
      expect(response.errors?.[0]?.extensions.retryable).toBe(true)
      expect(gateway.sandbox.log.count(operation)).toBe(1)
      expect(puts(gateway)).toEqual([])
    },
  )

  it('sends nothing and returns WRITE_BUSY when it cannot get the lock, and the next update gets it', async () => {
    const gateway = await start(15_000, 3000)
    const link = plant(gateway)
    const { arrived, letGo } = holdWrites(gateway)
    const first = update(gateway, link, { maxUsage: 12 })
    await arrived
    const waiting = [update(gateway, link, { maxUsage: 13 }), update(gateway, link, { maxUsage: 14 })]
    for (const response of await Promise.all(waiting)) {
      expect(codeOf(response)).toBe('WRITE_BUSY')
      expect(response.errors?.[0]?.extensions.retryable).toBe(true)
    }
    // Its caller got a response when the time was over; the write itself goes on and holds the lock until it ends.
    const late = await first
    expect(codeOf(late)).toBe('UPSTREAM_OUTCOME_UNKNOWN')
    expect(late.errors?.[0]?.extensions.retryable).toBe(false)
    const next = update(gateway, link, { redirectUrl: null })
    letGo()
    expect(updatedOf(await next)).toMatchObject({ maxUsage: 12, redirectUrl: null })
    expect(puts(gateway)).toHaveLength(2)
  })

  it('does not block later updates after giving up its wait for the lock', async () => {
    const gateway = await start(15_000, 3000)
    const link = plant(gateway)
    const { arrived, letGo } = holdWrites(gateway)
    const first = update(gateway, link, { maxUsage: 12 })
    await arrived
    const rounds = await Promise.all([1, 2, 3].map((step) => update(gateway, link, { maxUsage: 20 + step })))
    expect(rounds.map(codeOf)).toEqual(Array(3).fill('WRITE_BUSY'))
    letGo()
    await first
    await expect.poll(() => stored(gateway, link).maxUsage).toBe(12)
    for (const maxUsage of [30, 31])
      expect(updatedOf(await update(gateway, link, { maxUsage })).maxUsage).toBe(maxUsage)
  })
})

describe('a write whose caller has left', () => {
  it('a write whose caller has left runs to its end and releases the lock', async () => {
    const gateway = await start(15_000, 60_000)
    const link = plant(gateway)
    const { arrived, letGo } = holdWrites(gateway)
    const leave = leaving(gateway, link, 12)
    await arrived
    await leave()
    const next = update(gateway, link, { redirectUrl: null })
    letGo()
    expect(updatedOf(await next)).toMatchObject({ maxUsage: 12, redirectUrl: null })
    expect(puts(gateway)).toHaveLength(2)
  })

  it('stopping the gateway waits for a write whose caller has run out of time', async () => {
    const gateway = await start(15_000, 3000)
    const link = plant(gateway)
    const { arrived, letGo } = holdWrites(gateway)
    const late = update(gateway, link, { maxUsage: 12 })
    await arrived
    expect(codeOf(await late)).toBe('UPSTREAM_OUTCOME_UNKNOWN')
    const order: string[] = []
    const stopped = gateway.stop().then(() => order.push('stopped'))
    await expect
      .poll(() =>
        fetch(gateway.url).then(
          () => 'open',
          () => 'closed',
        ),
      )
      .toBe('closed')
    order.push('write goes on')
    letGo()
    await stopped
    stops.length = 0
    expect(order).toEqual(['write goes on', 'stopped'])
    expect(stored(gateway, link).maxUsage).toBe(12)
  })

  it('a write whose caller has left is read back after a lost response', async () => {
    const gateway = await start(15_000, 60_000)
    const link = plant(gateway)
    gateway.sandbox.faults.add({ kind: 'reset-after-write', operation: 'update' })
    const { arrived, letGo } = holdWrites(gateway)
    const leave = leaving(gateway, link, 12)
    await arrived
    await leave()
    gateway.sandbox.log.clear()
    letGo()
    await expect.poll(() => gateway.sandbox.log.count('show')).toBe(1)
  })

  it('an update whose caller leaves before the write sends nothing', async () => {
    const gateway = await start(15_000, 60_000)
    const link = plant(gateway)
    const shown = gate()
    const held = gate()
    gateway.sandbox.beforeResponse(async ({ operation }) => {
      if (operation !== 'show') return
      shown.open()
      await held.opened
    })
    const leave = leaving(gateway, link, 12)
    await shown.opened
    await leave()
    // Its read is aborted, so the lock is free at once.
    await expect.poll(() => gateway.sandbox.log.entries.every(({ endedAtMs }) => endedAtMs !== null)).toBe(true)
    held.open()
    expect(updatedOf(await update(gateway, link, { redirectUrl: null })).maxUsage).toBe(10)
    expect(puts(gateway)).toHaveLength(1)
  })
})

/** Sends an update; the returned function hangs up. */
function leaving(gateway: TestGateway, link: LinkRecord, maxUsage: number): () => Promise<void> {
  const controller = new AbortController()
  const input = { accountId: ACCOUNT, id: String(link.id), maxUsage }
  const gone = fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: print(UpdatePaymentLinkDocument), variables: { input } }),
    signal: controller.signal,
  }).then(
    () => {
      throw new Error('it got a response')
    },
    () => undefined,
  )
  return () => {
    controller.abort()
    return gone
  }
}
