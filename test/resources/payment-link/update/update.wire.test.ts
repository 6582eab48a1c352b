import { stringify } from 'lossless-json'
import { describe, expect, it } from 'vitest'
import { toInstant } from '../../../../src/kernel/instant.js'
import type { UpdateChanges } from '../../../../src/resources/payment-link/payment-link.model.js'
import { encodeUpdate, missingFields } from '../../../../src/resources/payment-link/update/update.wire.js'
import type { WireRow } from '../../../../src/resources/payment-link/wire/payment-link.wire.js'
import { parseJson } from '../../../../src/upstream/json/json.js'
import { CATALOGUE, PLAIN, rowOf } from '../stored-link.js'

describe('encodeUpdate', () => {
  it('sends the digits of a number that no double holds byte for byte', () => {
    const numbers = '{"a":12345678901234567890.10,"b":1e400,"c":[0.10000000000000000555,-9007199254740993]}'
    const row = { ...rowOf(PLAIN), optional_metadata: parseJson(numbers) }
    expect(bodyOf(row, {})).toContain(`"optional_metadata":${numbers}`)
  })

  it.each<[string, Record<string, unknown>, string, unknown]>([
    ['a status in the letters the upstream takes', { status: 'OPEN' }, 'status', 'open'],
    ['a usage as an integer', { max_usage: '7' }, 'max_usage', 7],
    ['a flag as a boolean', { required_customer_detail: '1' }, 'required_customer_detail', true],
    ['an empty flag as false', { required_customer_detail: null }, 'required_customer_detail', false],
    ['an expiry as text of milliseconds', { expired_at: '2024-01-15 15:00:00' }, 'expired_at', '1705305600000'],
    ['no expiry as null', { expired_at: '' }, 'expired_at', null],
    [
      'every method as null where it came as null',
      { whitelisted_payment_method: null },
      'whitelisted_payment_method',
      null,
    ],
    [
      'every method as a list where it came as one',
      { whitelisted_payment_method: [] },
      'whitelisted_payment_method',
      [],
    ],
    [
      'every method as a list where it came as a map',
      { whitelisted_payment_method: {} },
      'whitelisted_payment_method',
      [],
    ],
    [
      'retail methods as the catalogue spells them',
      { whitelisted_payment_method: ['RETAIL_ALFAMART_LINKQU', 'QRIS'] },
      'whitelisted_payment_method',
      ['ALFAMART', 'QRIS'],
    ],
    ['no address as null', { redirect_url: '' }, 'redirect_url', null],
    ["PHP's empty map as a map", { optional_metadata: [] }, 'optional_metadata', {}],
    ['no metadata as null', { optional_metadata: null }, 'optional_metadata', null],
  ])('sends unchanged %s', (_, fields, key, value) => {
    expect(JSON.parse(bodyOf({ ...rowOf(PLAIN), ...fields }, {}))).toMatchObject({ [key]: value })
  })

  it('leaves out only fields that the row lacks and nobody changes', () => {
    const { optional_metadata: _, redirect_url: __, required_customer_detail: ___, ...row } = rowOf(PLAIN)
    expect(Object.keys(JSON.parse(bodyOf(row, { redirectUrl: null }))).sort()).toEqual([
      'expired_at',
      'max_usage',
      'redirect_url',
      'status',
      'whitelisted_payment_method',
    ])
  })

  it('keeps a renamed code that the catalogue itself lists', () => {
    const row = { ...rowOf(PLAIN), whitelisted_payment_method: ['RETAIL_ALFAMART_LINKQU'] }
    const encoded = encodeUpdate(row, {}, ['RETAIL_ALFAMART_LINKQU'])
    expect('body' in encoded && JSON.parse(encoded.body).whitelisted_payment_method).toEqual(['RETAIL_ALFAMART_LINKQU'])
  })

  it('writes a new status in lower case', () => {
    for (const status of ['OPEN', 'CLOSED', 'EXPIRED'] as const) {
      expect(JSON.parse(bodyOf(rowOf(PLAIN), { status })).status).toBe(status.toLowerCase())
    }
  })

  it('writes every method as the empty list', () => {
    const body = JSON.parse(bodyOf(rowOf(PLAIN), { whitelistedPaymentMethod: null }))
    expect(body.whitelisted_payment_method).toEqual([])
  })

  it.each<[string, Record<string, unknown>, string, UpdateChanges]>([
    ['an unknown status', { status: 'paused' }, 'status', { status: 'OPEN' }],
    ['unlimited usage', { max_usage: 0 }, 'maxUsage', { maxUsage: 5 }],
    ['usage over the limit', { max_usage: '1000001' }, 'maxUsage', { maxUsage: 5 }],
    ['an expiry before 13 digits', { expired_at: '1999-01-01T00:00:00Z' }, 'expiredAt', { expiredAt: null }],
    ['an expiry beyond 13 digits', { expired_at: '2287-01-01T00:00:00Z' }, 'expiredAt', { expiredAt: null }],
    [
      'metadata with half a character',
      { optional_metadata: { a: ['Terima kasih \ud83d'] } },
      'optionalMetadata',
      { optionalMetadata: { a: ['Terima kasih'] } },
    ],
    [
      'an address with half a character',
      { redirect_url: 'https://m.example/\ud83d' },
      'redirectUrl',
      { redirectUrl: null },
    ],
    [
      'a method that the catalogue dropped',
      { whitelisted_payment_method: ['QRIS', 'VA_GONE'] },
      'whitelistedPaymentMethod',
      { whitelistedPaymentMethod: ['QRIS'] },
    ],
  ])('refuses to send back %s, unless that field changes', (_, fields, field, mending) => {
    const row = { ...rowOf(PLAIN), ...fields }
    expect(encodeUpdate(row, { requiredCustomerDetail: true }, CATALOGUE)).toEqual({
      inexpressible: { field, message: expect.stringMatching(/./) },
    })
    expect(encodeUpdate(row, mending, CATALOGUE)).toHaveProperty('body')
  })

  it('refuses a new expiry that 13 digits cannot hold', () => {
    expect(encodeUpdate(rowOf(PLAIN), { expiredAt: toInstant(0) }, CATALOGUE)).toMatchObject({
      inexpressible: { field: 'expiredAt' },
    })
  })

  it('trusts the method codes of a row when the catalogue is not known', () => {
    const row = { ...rowOf(PLAIN), whitelisted_payment_method: ['VA_GONE', 'RETAIL_ALFAMART_LINKQU'] }
    const encoded = encodeUpdate(row, {}, undefined)
    expect('body' in encoded && JSON.parse(encoded.body).whitelisted_payment_method).toEqual(['VA_GONE', 'ALFAMART'])
  })

  it('never changes the row', () => {
    const row = rowOf(PLAIN, Array(12).fill(1))
    const before = stringify(row)
    bodyOf(row, { whitelistedPaymentMethod: ['QRIS'], optionalMetadata: { a: 1 } })
    expect(stringify(row)).toBe(before)
  })
})

describe('missingFields', () => {
  it('names the writable fields that a row does not carry', () => {
    const { optional_metadata: _, required_customer_detail: __, ...row } = rowOf(PLAIN)
    expect(missingFields(row)).toEqual(['requiredCustomerDetail', 'optionalMetadata'])
    expect(missingFields({ ...row, optional_metadata: null })).toEqual(['requiredCustomerDetail'])
    expect(missingFields(rowOf(PLAIN))).toEqual([])
  })
})

function bodyOf(row: WireRow, changes: UpdateChanges): string {
  const encoded = encodeUpdate(row, changes, CATALOGUE)
  if ('inexpressible' in encoded) throw new Error(JSON.stringify(encoded.inexpressible))
  return encoded.body
}
