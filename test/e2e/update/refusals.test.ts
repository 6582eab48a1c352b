import { describe, expect, it } from 'vitest'
import { gatewayOfFile } from '../../support/gateway.js'
import { ACCOUNT, type Changes, codeOf, LATER, payloadOf, plant, puts, shown, update, updatedOf } from './updating.js'

const gateway = gatewayOfFile({ env: { UPSTREAM_TIMEOUT_MS: '500', REQUEST_TIMEOUT_MS: '6000' } })

describe('an update that the current state of the link refuses', () => {
  it('reports the least maxUsage allowed, and shows the link', async () => {
    const link = plant(gateway, { currentUsage: 5 })
    const payload = payloadOf(await update(gateway, link, { maxUsage: 4, redirectUrl: null }))
    expect(payload.userErrors).toEqual([
      { code: 'BELOW_CURRENT_USAGE', field: ['maxUsage'], message: expect.stringMatching(/at least 5.*got: 4/) },
    ])
    expect(payload.paymentLink).toMatchObject({ id: String(link.id), maxUsage: 10, redirectUrl: link.redirectUrl })
    expect(puts(gateway)).toEqual([])
    updatedOf(await update(gateway, link, { maxUsage: 5 }))
  })

  it('compares maxUsage with the current usage, not a cached one', async () => {
    const link = plant(gateway, { currentUsage: 4, maxUsage: 10 })
    await shown(gateway, link)
    gateway.sandbox.pay(ACCOUNT, link.id)
    const { userErrors } = payloadOf(await update(gateway, link, { maxUsage: 4 }))
    expect(userErrors.map(({ code }) => code)).toEqual(['BELOW_CURRENT_USAGE'])
  })

  it('reports each unknown method at its index, case-sensitively', async () => {
    const link = plant(gateway)
    const long = 'x'.repeat(64)
    const changes: Changes = { whitelistedPaymentMethod: ['QRIS', 'qris', 'VA_BRI', 'RETAIL_ALFAMART_LINKQU', long] }
    const payload = payloadOf(await update(gateway, link, changes))
    expect(payload.userErrors[2]?.message).toContain(`but got: "${'x'.repeat(40)}…".`)
    expect(payload.userErrors.map(({ code, field }) => ({ code, field }))).toEqual(
      ['1', '3', '4'].map((index) => ({ code: 'UNKNOWN_PAYMENT_METHOD', field: ['whitelistedPaymentMethod', index] })),
    )
    expect(payload.userErrors[0]?.message).toMatch(/catalogue, but got: "qris"/)
    expect(payload.paymentLink?.id).toBe(String(link.id))
    expect(puts(gateway)).toEqual([])
  })

  it('reports a low maxUsage and unknown methods together', async () => {
    const changes: Changes = { maxUsage: 1, whitelistedPaymentMethod: ['X'] }
    const { userErrors } = payloadOf(await update(gateway, plant(gateway), changes))
    expect(userErrors.map(({ code }) => code)).toEqual(['BELOW_CURRENT_USAGE', 'UNKNOWN_PAYMENT_METHOD'])
  })

  it.each<[string, () => { id: number; accountId: string }]>([
    ['an unknown link', () => ({ id: 999_999_999, accountId: ACCOUNT })],
    ['an unknown account', () => ({ id: 7, accountId: '01HZ7N9K3R0F2QW3X4Y5Z6V7ZZ' })],
    ['a link of another account', () => ({ ...plant(gateway), accountId: gateway.sandbox.accounts[1]?.id ?? '' })],
  ])('returns NOT_FOUND for %s', async (_, key) => {
    expect(payloadOf(await update(gateway, key(), { maxUsage: 5 }))).toEqual({
      paymentLink: null,
      userErrors: [{ code: 'NOT_FOUND', field: ['id'], message: expect.stringContaining('no such') }],
    })
    expect(puts(gateway)).toEqual([])
  })

  it("returns FORBIDDEN for another merchant's account", async () => {
    const foreign = gateway.sandbox.merchants[1]?.accounts[0]?.id ?? ''
    const link = gateway.sandbox.linksOf(foreign)[0]
    for (const forbiddenAs of ['sp403', 'noCode', 'spEnvelope'] as const) {
      gateway.sandbox.behaviour.change({ forbiddenAs })
      const response = await update(gateway, { accountId: foreign, id: link?.id ?? 0 }, { maxUsage: 5 })
      expect(codeOf(response)).toBe('FORBIDDEN')
      expect(response.data).toEqual({ updatePaymentLink: null })
    }
    expect(puts(gateway)).toEqual([])
  })
})

describe('an expectation', () => {
  it('an expected version matches the current one, whether read singly, in a list or after an update', async () => {
    const link = plant(gateway)
    const { version } = await shown(gateway, link)
    const updated = updatedOf(await update(gateway, link, { maxUsage: 20, expectedVersion: version }))
    expect(updated.version).not.toBe(version)
    expect(updated.version).toBe((await shown(gateway, link)).version)
    updatedOf(await update(gateway, link, { maxUsage: 21, expectedVersion: updated.version }))
  })

  it('an expected version is STALE once someone else changed the link, which is shown and not written', async () => {
    const link = plant(gateway)
    const { version } = await shown(gateway, link)
    gateway.sandbox.patchLink(ACCOUNT, link.id, { redirectUrl: 'https://other.example.com/' })
    // Errors of the values would mislead: the caller's picture of the link is wrong.
    const payload = payloadOf(await update(gateway, link, { maxUsage: 1, expectedVersion: version }))
    expect(payload.userErrors.map(({ code, field }) => ({ code, field }))).toEqual([
      { code: 'STALE', field: ['expectedVersion'] },
    ])
    expect(payload.paymentLink?.redirectUrl).toBe('https://other.example.com/')
    expect(puts(gateway)).toEqual([])
  })

  it('a payment may make an expected time STALE, but not an expected version', async () => {
    const link = plant(gateway, { updatedAtMs: 1_700_000_000_000 })
    const { version, updatedAt } = await shown(gateway, link)
    gateway.sandbox.pay(ACCOUNT, link.id)
    const payload = payloadOf(await update(gateway, link, { maxUsage: 30, expectedUpdatedAt: updatedAt }))
    expect(payload.userErrors.map(({ code, field }) => ({ code, field }))).toEqual([
      { code: 'STALE', field: ['expectedUpdatedAt'] },
    ])
    expect(puts(gateway)).toEqual([])
    updatedOf(await update(gateway, link, { maxUsage: 30, expectedVersion: version }))
  })

  it('an expected time is compared in whole seconds, in any offset', async () => {
    const link = plant(gateway, { updatedAtMs: 1_700_000_000_000 })
    const changes = { maxUsage: 30, expectedUpdatedAt: '2023-11-15T05:13:20.999+07:00' }
    updatedOf(await update(gateway, link, changes))
  })

  it('an expectation of null expects nothing', async () => {
    const changes = { maxUsage: 30, expectedVersion: null, expectedUpdatedAt: null }
    updatedOf(await update(gateway, plant(gateway), changes))
  })
})

describe('a link that v1 cannot express', () => {
  it.each<[string, Parameters<typeof plant>[1], string, Changes]>([
    ['unlimited usage', { maxUsage: 0 }, 'maxUsage', { maxUsage: 10 }],
    ['an unknown status', { status: 'paused' }, 'status', { status: 'OPEN' }],
    ['an expiry of 12 digits', { expiredAtMs: 999_999_999_000 }, 'expiredAt', { expiredAt: LATER }],
    [
      'a method that the catalogue dropped',
      { whitelist: ['VA_GONE'] },
      'whitelistedPaymentMethod',
      { whitelistedPaymentMethod: ['QRIS'] },
    ],
  ])('an update of a link with %s is REJECTED unless it sets that field', async (_, fields, field, mending) => {
    const link = plant(gateway, fields)
    const payload = payloadOf(await update(gateway, link, { redirectUrl: null }))
    expect(payload.userErrors).toEqual([{ code: 'REJECTED', field: [field], message: expect.stringMatching(/./) }])
    expect(payload.paymentLink?.id).toBe(String(link.id))
    expect(puts(gateway)).toEqual([])
    updatedOf(await update(gateway, link, mending))
    expect(puts(gateway)).toHaveLength(1)
  })
})

describe('a field that the upstream accepts and does not apply', () => {
  it('reports each field that was not applied, and shows those that were', async () => {
    gateway.sandbox.behaviour.change({ updateMovesOnlyStatus: true })
    const link = plant(gateway)
    const changes: Changes = { status: 'CLOSED', maxUsage: 12, redirectUrl: null, optionalMetadata: { a: 1 } }
    const payload = payloadOf(await update(gateway, link, changes))
    expect(payload.userErrors.map(({ code, field }) => ({ code, field }))).toEqual(
      ['maxUsage', 'redirectUrl', 'optionalMetadata'].map((field) => ({ code: 'NOT_APPLIED', field: [field] })),
    )
    expect(payload.paymentLink).toMatchObject({
      status: 'CLOSED',
      maxUsage: 10,
      redirectUrl: link.redirectUrl,
      optionalMetadata: link.metadata,
    })
    expect(puts(gateway)).toHaveLength(1)
  })

  it('reports no NOT_APPLIED for a field that the input left out', async () => {
    gateway.sandbox.behaviour.change({ updateMovesOnlyStatus: true })
    expect(updatedOf(await update(gateway, plant(gateway), { status: 'CLOSED' })).status).toBe('CLOSED')
  })

  it('finds a field applied by a read when the response of the write lacks it', async () => {
    gateway.sandbox.behaviour.change({ updateDialect: { metadata: 'absent' } })
    const link = plant(gateway)
    expect(updatedOf(await update(gateway, link, { optionalMetadata: { a: 1 } })).optionalMetadata).toEqual({ a: 1 })
    gateway.sandbox.setLinkRaw(ACCOUNT, link.id, { set: { max_usage: 10 }, in: ['update'] })
    expect(updatedOf(await update(gateway, link, { maxUsage: 40 })).maxUsage).toBe(40)
  })
})
