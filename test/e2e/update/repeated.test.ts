import { describe, expect, it } from 'vitest'
import { gatewayOfFile } from '../../support/gateway.js'
import { success } from '../../support/with-upstream.js'
import { ROW, updateOver } from './scripted-upstream.js'
import { type Changes, LATER_MS, plant, puts, stored, update, updatedOf } from './updating.js'

const gateway = gatewayOfFile()

const CHANGES: readonly [string, Changes][] = [
  ['the status', { status: 'CLOSED' }],
  ['the usage', { maxUsage: 11 }],
  ['the customer detail', { requiredCustomerDetail: false }],
  ['an expiry with parts of a second', { expiredAt: new Date(LATER_MS + 60_999).toISOString() }],
  ['no expiry', { expiredAt: null }],
  ['methods, one of them twice', { whitelistedPaymentMethod: ['VA_BRI', 'QRIS', 'VA_BRI'] }],
  ['a retail method', { whitelistedPaymentMethod: ['ALFAMART'] }],
  ['every method', { whitelistedPaymentMethod: null }],
  ['an address', { redirectUrl: 'https://a.example.com/' }],
  ['no address', { redirectUrl: null }],
  ['metadata', { optionalMetadata: { a: [1, { b: '' }] } }],
  ['empty metadata', { optionalMetadata: {} }],
  ['no metadata', { optionalMetadata: null }],
  ['several fields', { maxUsage: 12, redirectUrl: null, optionalMetadata: { a: 1 } }],
]

describe('an update that is sent three times', () => {
  it.each(CHANGES)('an update sent three times writes once and gets the same response: %s', async (_, changes) => {
    const link = plant(gateway)
    const first = updatedOf(await update(gateway, link, changes))
    expect(puts(gateway)).toHaveLength(1)
    const written = stored(gateway, link)
    for (const _again of [2, 3]) {
      const again = updatedOf(await update(gateway, link, changes))
      expect(again.version).toBe(first.version)
      for (const field of Object.keys(changes) as (keyof typeof again)[]) expect(again[field]).toEqual(first[field])
    }
    expect(puts(gateway)).toHaveLength(1)
    expect(stored(gateway, link)).toEqual(written)
  })

  it('a repeated update writes again when someone else changed the field in between', async () => {
    const link = plant(gateway)
    updatedOf(await update(gateway, link, { maxUsage: 11, optionalMetadata: { a: 1 } }))
    gateway.sandbox.patchLink(link.accountId, link.id, { metadata: { a: 2 } })
    updatedOf(await update(gateway, link, { maxUsage: 11, optionalMetadata: { a: 1 } }))
    expect(puts(gateway)).toHaveLength(2)
    expect(stored(gateway, link).metadata).toEqual({ a: 1 })
  })

  it('a repeated update is STALE when its first run changed the expected version', async () => {
    const link = plant(gateway)
    const { version } = updatedOf(await update(gateway, link, {}))
    const changes: Changes = { maxUsage: 11, expectedVersion: version }
    updatedOf(await update(gateway, link, changes))
    const again = await update(gateway, link, changes)
    expect(again.data?.updatePaymentLink?.userErrors.map(({ code }) => code)).toEqual(['STALE'])
    expect(puts(gateway)).toHaveLength(1)
  })
})

describe('a change that no read can show to be made already', () => {
  it.each<[string, Record<string, unknown>, Changes]>([
    ['a flag that is not carried', { required_customer_detail: undefined }, { requiredCustomerDetail: false }],
    ['an address that is not carried', { redirect_url: undefined }, { redirectUrl: null }],
    ['metadata that is not carried', { optional_metadata: undefined }, { optionalMetadata: null }],
  ])('a change that no read shows is written every time: %s', async (_, row, changes) => {
    const { puts } = await updateOver({ row, put: (response) => success(response, ROW) }, changes)
    expect(puts).toHaveLength(1)
  })

  it('null for every method is written every time while there is no catalogue to compare with', async () => {
    const { puts } = await updateOver(
      { catalogue: (response) => void response.writeHead(404).end(), put: (response) => success(response, ROW) },
      { whitelistedPaymentMethod: null },
    )
    expect(puts).toHaveLength(1)
  })
})
