import { describe, expect, it } from 'vitest'
import { json } from '../../support/with-upstream.js'
import { ROW, updateOver } from './scripted-upstream.js'
import type { Changes } from './updating.js'

type Row = Readonly<Record<string, unknown>>

/** One update of a link with `row` put over its row; the write makes it `after`. */
async function updateOf(row: Row, changes: Changes, after: Row = {}) {
  const { response, puts } = await updateOver(
    {
      row,
      after,
      put: (response) => json(response, 200, { status: 200, success: true, data: { ...ROW, ...row, ...after } }),
    },
    changes,
  )
  const payload = response.data?.updatePaymentLink
  return {
    link: payload?.paymentLink,
    userErrors: payload?.userErrors.map(({ code, field }) => ({ code, field })),
    errors: response.errors?.map(({ path, extensions }) => [path?.slice(1).join('.'), extensions.code]),
    text: response.text,
    sent: puts.map(({ body }) => JSON.parse(body)),
  }
}

const WHOLE = {
  status: 'open',
  max_usage: 10,
  required_customer_detail: true,
  expired_at: null,
  whitelisted_payment_method: ['QRIS'],
  redirect_url: null,
  optional_metadata: {},
}

const LATER = '2030-01-01T00:00:00.000Z'

describe('an unreadable field that is not sent back', () => {
  it.each<[string, unknown]>([
    ['items', [{ quantity: 1, unit_price: 1 }]],
    ['items', [{ name: 'a', quantity: 0.5, unit_price: 1 }]],
    ['payment_date', 'never'],
    ['title', []],
    ['payment_url', {}],
    ['account', 'main'],
  ])('updates a link with an unreadable field that is not sent back: %s = %j', async (key, value) => {
    const { link, userErrors, sent } = await updateOf({ [key]: value }, { status: 'CLOSED' }, { status: 'closed' })
    expect(userErrors).toEqual([])
    expect(link).toMatchObject({ id: '7', status: 'CLOSED' })
    expect(sent).toEqual([{ ...WHOLE, status: 'closed' }])
  })

  it.each<[string, unknown]>([
    ['total_amount', '150.000'],
    ['total_amount', null],
    ['current_usage', 'some'],
    ['reff_no', {}],
    ['created_at', '0000-00-00 00:00:00'],
    ['updated_at', 'today'],
    ['status_computed', 7],
  ])('updates a link that is unreadable as a whole because of one field: %s = %j', async (key, value) => {
    const changes = { status: 'CLOSED', maxUsage: 20 } as const
    const { userErrors, errors, sent, text } = await updateOf({ [key]: value }, changes, {
      status: 'closed',
      max_usage: 20,
    })
    expect(userErrors).toEqual([])
    expect(errors).toEqual([['paymentLink', 'UPSTREAM_MALFORMED']])
    expect(text).toContain('Link 7 cannot be read.')
    expect(sent).toEqual([{ ...WHOLE, status: 'closed', max_usage: 20 }])
  })
})

describe('an unreadable field that would have to be sent back', () => {
  const BAD: readonly [string, unknown, Changes, Row][] = [
    ['expired_at', 'soon', { expiredAt: LATER }, { expired_at: LATER }],
    [
      'whitelisted_payment_method',
      { QRIS: true },
      { whitelistedPaymentMethod: ['VA_BRI'] },
      { whitelisted_payment_method: ['VA_BRI'] },
    ],
    ['redirect_url', {}, { redirectUrl: 'https://a.example/b' }, { redirect_url: 'https://a.example/b' }],
    ['optional_metadata', 'text', { optionalMetadata: { a: 1 } }, { optional_metadata: { a: 1 } }],
    ['max_usage', 'many', { maxUsage: 7 }, { max_usage: 7 }],
    ['max_usage', '1.000', { maxUsage: 7 }, { max_usage: 7 }],
    ['status', {}, { status: 'CLOSED' }, { status: 'closed' }],
    ['required_customer_detail', 'maybe', { requiredCustomerDetail: false }, { required_customer_detail: false }],
  ]

  it.each(BAD)('sets an unreadable field like any other: %s = %j', async (key, value, changes, after) => {
    const { link, userErrors, errors, sent } = await updateOf({ [key]: value }, changes, after)
    expect(userErrors).toEqual([])
    expect(errors).toBeUndefined()
    expect(link).toMatchObject(changes)
    expect(sent).toHaveLength(1)
  })

  it.each(BAD)(
    'reports the unreadable field and sends nothing when another field is set: %s = %j',
    async (key, value, changes) => {
      const [field] = Object.keys(changes)
      const other: Changes =
        field === 'requiredCustomerDetail' ? { status: 'CLOSED' } : { requiredCustomerDetail: false }
      const { userErrors, errors, sent, text } = await updateOf({ [key]: value }, other)
      expect(userErrors).toEqual([{ code: 'REJECTED', field: [field] }])
      expect(text).toContain(`set ${field} to change the link`)
      expect(errors?.every(([, code]) => code === 'UPSTREAM_MALFORMED')).toBe(true)
      expect(sent).toEqual([])
    },
  )

  it('returns NOT_APPLIED for a field that is still unreadable after the write', async () => {
    const { link, userErrors } = await updateOf({ expired_at: 'soon' }, { expiredAt: LATER })
    expect(link).toMatchObject({ id: '7', expiredAt: null })
    expect(userErrors).toEqual([{ code: 'NOT_APPLIED', field: ['expiredAt'] }])
  })

  it.each<[string, unknown, unknown]>([
    ['expired_at', '0000-00-00 00:00:00', null],
    ['expired_at', 1780246799, '1780246799000'],
    ['expired_at', '1780246799', '1780246799000'],
    ['whitelisted_payment_method', 'QRIS,RETAIL_ALFAMART_LINKQU', ['QRIS', 'ALFAMART']],
    ['whitelisted_payment_method', { 4: 'VA_BRI' }, ['VA_BRI']],
    ['optional_metadata', ['red', { 1: 'large' }], { 0: 'red', 1: { 1: 'large' } }],
  ])('sends an oddly spelled field back in the documented form: %s = %j', async (key, value, back) => {
    const { userErrors, sent } = await updateOf({ [key]: value }, { maxUsage: 11 }, { max_usage: 11 })
    expect(userErrors).toEqual([])
    expect(sent).toEqual([{ ...WHOLE, max_usage: 11, [key]: back }])
  })
})

describe('an expectation on an unreadable field', () => {
  it('reports expectedUpdatedAt when updated_at is unreadable', async () => {
    const changes = { status: 'CLOSED', expectedUpdatedAt: LATER } as const
    const { userErrors, sent } = await updateOf({ updated_at: 'today' }, changes)
    expect(userErrors).toEqual([{ code: 'REJECTED', field: ['expectedUpdatedAt'] }])
    expect(sent).toEqual([])
  })
})
