import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { json, success } from '../../support/with-upstream.js'
import { CODES, ROW, updateOver } from './scripted-upstream.js'
import { codeOf, payloadOf, updatedOf } from './updating.js'

const saying =
  (data: unknown) =>
  (response: ServerResponse): void =>
    success(response, data)

/** Successful responses to a PUT that show no readable link. */
const YES: readonly [string, (response: ServerResponse) => void][] = [
  ['without data', (response) => json(response, 200, { status: 200, success: true })],
  ['with null for data', saying(null)],
  ['with an empty list', saying([])],
  ['with an empty object', saying({})],
  ['with text', saying('updated')],
  ['with a link of another id', saying({ ...ROW, id: 8, max_usage: 12 })],
  ['with a link without a status', saying({ ...ROW, status: undefined, max_usage: 12 })],
  ['with a usage that is no number', saying({ ...ROW, max_usage: 'twelve' })],
  ['of 201', (response) => json(response, 201, { status: 201, success: true, data: null })],
]

describe('an accepted write whose response shows no readable link', () => {
  it.each(YES)('a write with a response %s is applied when a read shows the change', async (_, put) => {
    const { response, puts, readBacks } = await updateOver({ put, after: { max_usage: 12 } }, { maxUsage: 12 })
    expect(updatedOf(response)).toMatchObject({ id: '7', maxUsage: 12 })
    expect([puts.length, readBacks]).toEqual([1, 1])
  })

  it.each(YES)(
    'a write with a response %s is NOT_APPLIED in a field that a read shows with another value',
    async (_, put) => {
      const { response, puts, readBacks } = await updateOver({ put, after: { status: 'closed' } }, CLOSE_AND_RAISE)
      const { paymentLink, userErrors } = payloadOf(response)
      expect(userErrors).toEqual([
        { code: 'NOT_APPLIED', field: ['maxUsage'], message: expect.stringMatching(/accepted.*maxUsage/) },
      ])
      expect(paymentLink).toMatchObject({ id: '7', status: 'CLOSED', maxUsage: 10 })
      expect([puts.length, readBacks]).toEqual([1, 1])
    },
  )

  const CLOSE_AND_RAISE = { status: 'CLOSED', maxUsage: 12 } as const

  it.each<[string, (response: ServerResponse) => void]>([
    ['is refused', (response) => json(response, 403, { success: false, error: { code: 403 } })],
    ['fails with 500 each time', (response) => json(response, 500, {})],
    ['shows no link either', saying(null)],
    ['shows another link', saying({ ...ROW, id: 8 })],
    ['finds the link gone', (response) => json(response, 404, { success: false, error: { code: 404 } })],
  ])('a write has an unknown outcome when its response shows no link and the read-back %s', async (_, after) => {
    const { response, puts, readBacks } = await updateOver({ put: saying(null), after }, { maxUsage: 12 })
    expect(codeOf(response)).toBe('UPSTREAM_OUTCOME_UNKNOWN')
    expect(response.data).toEqual({ updatePaymentLink: null })
    expect(response.errors?.[0]?.extensions.retryable).toBe(false)
    expect(puts).toHaveLength(1)
    expect(readBacks).toBeGreaterThan(0)
  })
})

describe('null written as the whitelist', () => {
  /** The upstream stores `codes` for "every method", and shows them in the response and in reads. */
  const storing = (codes: readonly string[] | null) => {
    const row = { whitelisted_payment_method: codes }
    return updateOver({ put: saying({ ...ROW, ...row }), after: row }, { whitelistedPaymentMethod: null })
  }

  it.each<[string, readonly string[] | null]>([
    ['null', null],
    ['an empty list', []],
    ['every method of the catalogue, in its own order and spelling', ['RETAIL_ALFAMART_LINKQU', 'VA_BRI', 'QRIS']],
    ['more methods than the catalogue lists', [...CODES, 'VA_NEW']],
  ])('null for the whitelist is applied when the upstream then shows %s', async (_, codes) => {
    const { response, puts } = await storing(codes)
    updatedOf(response)
    expect(JSON.parse(puts[0]?.body ?? '')).toMatchObject({ whitelisted_payment_method: [] })
  })

  it('null for the whitelist is NOT_APPLIED when the upstream then shows fewer methods than the catalogue', async () => {
    const { response, puts, readBacks } = await storing(['VA_BRI', 'QRIS'])
    const { paymentLink, userErrors } = payloadOf(response)
    expect(userErrors.map(({ code, field }) => ({ code, field }))).toEqual([
      { code: 'NOT_APPLIED', field: ['whitelistedPaymentMethod'] },
    ])
    expect(paymentLink?.whitelistedPaymentMethod).toEqual(['VA_BRI', 'QRIS'])
    expect([puts.length, readBacks]).toEqual([1, 1])
  })
})
