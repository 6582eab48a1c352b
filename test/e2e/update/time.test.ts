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
  // The first of everything is slow, and here time counts.
  await update(gateway, plant(gateway), { maxUsage: 11 })
  gateway.sandbox.log.clear()
  return gateway
}

/** Holds every write at the upstream until it is let go. */
function holdWrites(gateway: TestGateway): { readonly arrived: Promise<void>; readonly letGo: () => void } {
  const arrived = gate()
  const held = gate()
  gateway.sandbox.beforeAnswer(async ({ operation }) => {
    if (operation !== 'update') return
    arrived.open()
    await held.opened
  })
  return { arrived: arrived.opened, letGo: held.open }
}

describe('too little time', () => {
  it('for a write and a look afterwards sends nothing and says so', async () => {
    const gateway = await start(500, 1000)
    gateway.sandbox.faults.add({ kind: 'latency', operation: 'show', ms: 450 })
    const answer = await update(gateway, plant(gateway), { maxUsage: 12 })
    expect(codeOf(answer)).toBe('WRITE_BUSY')
    expect(answer.errors?.[0]?.extensions.retryable).toBe(true)
    expect(answer.data).toEqual({ updatePaymentLink: null })
    expect(puts(gateway)).toEqual([])
  })

  it.each(['token', 'show', 'list'] as const)(
    'to hear of %s sends nothing and says that, not only that the time is over',
    async (operation) => {
      const gateway = await start(60_000, 2000)
      const link = plant(gateway)
      if (operation === 'token') gateway.sandbox.revokeTokens()
      gateway.sandbox.faults.add({ kind: 'hang', operation })
      const answer = await update(gateway, link, { maxUsage: 12 })
      expect(codeOf(answer)).toBe('WRITE_BUSY')
      expect(answer.errors?.[0]?.extensions.retryable).toBe(true)
      expect(gateway.sandbox.log.count(operation)).toBe(1)
      expect(puts(gateway)).toEqual([])
    },
  )

  it('to get a turn sends nothing and says so, and the next writer gets theirs', async () => {
    const gateway = await start(15_000, 3000)
    const link = plant(gateway)
    const { arrived, letGo } = holdWrites(gateway)
    const first = update(gateway, link, { maxUsage: 12 })
    await arrived
    const waiting = [update(gateway, link, { maxUsage: 13 }), update(gateway, link, { maxUsage: 14 })]
    for (const answer of await Promise.all(waiting)) {
      expect(codeOf(answer)).toBe('WRITE_BUSY')
      expect(answer.errors?.[0]?.extensions.retryable).toBe(true)
    }
    // Its caller was answered when the time was over; the write itself goes on and has its turn until it ends.
    const late = await first
    expect(codeOf(late)).toBe('UPSTREAM_OUTCOME_UNKNOWN')
    expect(late.errors?.[0]?.extensions.retryable).toBe(false)
    const next = update(gateway, link, { redirectUrl: null })
    letGo()
    expect(updatedOf(await next)).toMatchObject({ maxUsage: 12, redirectUrl: null })
    expect(puts(gateway)).toHaveLength(2)
  })

  it('does not leave turns behind for writers who left the line', async () => {
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
  it('runs to its end and gives its turn back', async () => {
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

  it('because the time was over is waited for by the stop', async () => {
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

  it('reads back after a lost answer although nobody waits any more', async () => {
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

  it('before anything was sent sends nothing', async () => {
    const gateway = await start(15_000, 60_000)
    const link = plant(gateway)
    const shown = gate()
    const held = gate()
    gateway.sandbox.beforeAnswer(async ({ operation }) => {
      if (operation !== 'show') return
      shown.open()
      await held.opened
    })
    const leave = leaving(gateway, link, 12)
    await shown.opened
    await leave()
    // Its read is given up, so the turn is free at once.
    await expect.poll(() => gateway.sandbox.log.entries.every(({ endedAtMs }) => endedAtMs !== null)).toBe(true)
    held.open()
    expect(updatedOf(await update(gateway, link, { redirectUrl: null })).maxUsage).toBe(10)
    expect(puts(gateway)).toHaveLength(1)
  })
})

/** Sends an update; the function given back hangs up on it. */
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
      throw new Error('it was answered')
    },
    () => undefined,
  )
  return () => {
    controller.abort()
    return gone
  }
}
