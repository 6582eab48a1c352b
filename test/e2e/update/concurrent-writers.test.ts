import { describe, expect, it } from 'vitest'
import type { LinkRecord } from '../../../src/resources/payment-link/sandbox/records.js'
import { gatewayOfFile } from '../../support/gateway.js'
import { ACCOUNT, type Changes, onlyPut, payloadOf, plant, puts, stored, update, updatedOf } from './updating.js'

const gateway = gatewayOfFile({
  // Forty updates one after another, on a machine that may be busy.
  env: { CACHE_TTL_MS: '2000', UPSTREAM_TIMEOUT_MS: '30000', REQUEST_TIMEOUT_MS: '120000' },
})

const WRITERS = Array.from({ length: 40 }, (_, index) => index)

describe('40 writers of one link at once', () => {
  it("40 writers of disjoint fields of one link lose none of each other's changes", async () => {
    const link = plant(gateway)
    gateway.sandbox.faults.add({ kind: 'latency', operation: 'update', ms: 5 })
    const fields: readonly Changes[] = [
      { status: 'CLOSED' },
      { maxUsage: 99 },
      { requiredCustomerDetail: false },
      { expiredAt: '2031-01-01T00:00:00.000Z' },
      { whitelistedPaymentMethod: ['VA_BRI'] },
      { redirectUrl: 'https://a.example.com/' },
      { optionalMetadata: { written: true } },
      {},
    ]
    const responses = await Promise.all(WRITERS.map((index) => update(gateway, link, fields[index % 8] as Changes)))
    for (const [index, response] of responses.entries())
      expect(updatedOf(response)).toMatchObject(fields[index % 8] as Changes)
    expect(stored(gateway, link)).toMatchObject({
      status: 'closed',
      maxUsage: 99,
      requiredCustomerDetail: false,
      expiredAtMs: Date.parse('2031-01-01T00:00:00Z'),
      whitelist: ['VA_BRI'],
      redirectUrl: 'https://a.example.com/',
      metadata: { written: true },
    })
    // Later writers of the same field find the change already made.
    expect(puts(gateway)).toHaveLength(7)
    expect(gateway.sandbox.log.peakConcurrency('update')).toBe(1)
  })

  it('40 writers of one field leave the last value, and each gets its own in its response', async () => {
    const link = plant(gateway)
    const responses = await Promise.all(WRITERS.map((index) => update(gateway, link, { maxUsage: 100 + index })))
    for (const [index, response] of responses.entries()) expect(updatedOf(response).maxUsage).toBe(100 + index)
    const written = puts(gateway).map(({ body }) => (body as { max_usage: number }).max_usage)
    expect([...written].sort((a, b) => a - b)).toEqual(WRITERS.map((index) => 100 + index))
    expect(stored(gateway, link).maxUsage).toBe(written.at(-1))
    expect(gateway.sandbox.log.peakConcurrency('update')).toBe(1)
  })

  it('of 40 writers that expect the same version, one writes and the others are STALE', async () => {
    const link = plant(gateway)
    const { version } = updatedOf(await update(gateway, link, {}))
    const payloads = (
      await Promise.all(
        WRITERS.map((index) => update(gateway, link, { maxUsage: 100 + index, expectedVersion: version })),
      )
    ).map(payloadOf)
    const { max_usage: maxUsage } = onlyPut(gateway) as { max_usage: number }
    expect(payloads.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(1)
    for (const { paymentLink, userErrors } of payloads) {
      expect(paymentLink?.maxUsage).toBe(maxUsage)
      if (userErrors.length > 0) expect(userErrors[0]?.code).toBe('STALE')
    }
  })

  it('failing writers of one link do not block the others', async () => {
    const link = plant(gateway)
    gateway.sandbox.faults.add({ kind: 'reset-after-write', operation: 'update', oneIn: 3 })
    gateway.sandbox.faults.add({ kind: 'truncated', operation: 'show', oneIn: 7 })
    const responses = await Promise.all(WRITERS.map((index) => update(gateway, link, { maxUsage: 100 + index })))
    const codes = responses.map(({ errors }) => errors?.[0]?.extensions.code)
    expect(codes).toContain('UPSTREAM_MALFORMED')
    for (const code of codes) expect([undefined, 'UPSTREAM_MALFORMED', 'UPSTREAM_OUTCOME_UNKNOWN']).toContain(code)
    for (const [index, response] of responses.entries()) {
      if (response.errors === undefined) expect(updatedOf(response).maxUsage).toBe(100 + index)
    }
    gateway.sandbox.faults.clear()
    updatedOf(await update(gateway, link, { maxUsage: 500 }))
    expect(stored(gateway, link)).toMatchObject({
      maxUsage: 500,
      metadata: link.metadata,
      redirectUrl: link.redirectUrl,
    })
  })
})

describe('writers of different links', () => {
  it('writers of different links run concurrently', async () => {
    const links = Array.from({ length: 10 }, () => plant(gateway))
    const arrived = new Set<LinkRecord['id']>()
    let letGo = (): void => {}
    const all = new Promise<void>((resolve) => (letGo = resolve))
    // Each write waits until all ten are there: one at a time they never would be.
    const stop = gateway.sandbox.beforeResponse(async ({ operation, linkId }) => {
      if (operation !== 'update') return
      arrived.add(Number(linkId))
      if (arrived.size === links.length) letGo()
      await all
    })
    try {
      const responses = await Promise.all(links.map((link, index) => update(gateway, link, { maxUsage: 20 + index })))
      for (const [index, response] of responses.entries()) expect(updatedOf(response).maxUsage).toBe(20 + index)
    } finally {
      stop()
    }
    expect(gateway.sandbox.log.peakConcurrency('update')).toBe(10)
  })
})

describe('several updates in one operation', () => {
  it('several updates in one operation run in order, and each sees the one before', async () => {
    const link = plant(gateway)
    const set = (alias: string, fields: string): string =>
      `${alias}: updatePaymentLink(input: { accountId: "${ACCOUNT}", id: "${link.id}", ${fields} }) {
        paymentLink { maxUsage redirectUrl account { paymentLinks(first: 1) { nodes { id maxUsage redirectUrl } } } }
        userErrors { code field }
      }`
    const { text } = await gateway.request(
      `mutation { ${set('a', 'maxUsage: 31')} ${set('b', 'redirectUrl: null')} ${set('c', 'maxUsage: 1')} ${set('d', 'maxUsage: 33')} }`,
    )
    const view = (maxUsage: number, redirectUrl: string | null, code?: string) => ({
      paymentLink: {
        maxUsage,
        redirectUrl,
        account: { paymentLinks: { nodes: [{ id: String(link.id), maxUsage, redirectUrl }] } },
      },
      userErrors: code === undefined ? [] : [{ code, field: ['maxUsage'] }],
    })
    expect(JSON.parse(text)).toEqual({
      data: {
        a: view(31, link.redirectUrl),
        b: view(31, null),
        c: view(31, null, 'BELOW_CURRENT_USAGE'),
        d: view(33, null),
      },
    })
  })
})
