import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { encodeUpdate } from '../../../../src/resources/payment-link/update/update.wire.js'
import { readLinkId, responseRow } from '../../../../src/resources/payment-link/wire/payment-link.wire.js'
import { parsePaymentMethods } from '../../../../src/resources/payment-link/wire/payment-method.wire.js'
import { parsePage } from '../../../../src/upstream/envelope/pagination.js'
import { parseJson } from '../../../../src/upstream/json/json.js'
import { parsePaymentLink } from '../whole-link.js'

const ACCOUNT_ID = '01K7P073Q8RE2A9PQT8Q7MXPN4'
const NOW = Date.parse('2026-05-08T08:00:00Z')

const text = (name: string) => readFileSync(`test/fixtures/upstream/${name}.json`, 'utf8')
const body = (name: string) => parseJson(text(name))
const at = (path: string, now = NOW) => ({ accountId: ACCOUNT_ID, now, path })
const read = (row: object, now = NOW) => parsePaymentLink(row, at('$.data', now))

describe('the documented responses', () => {
  it('parses the documented list as it stands', () => {
    const { rows, pagination } = parsePage(body('list.response'), 1)
    expect(pagination).toStrictEqual({ total: 47, perPage: 25, currentPage: 1, totalPages: 2, count: 25 })
    expect(rows.map((row, index) => parsePaymentLink(row, at(`$.data[${index}]`)))).toStrictEqual([
      {
        id: '12345',
        accountId: ACCOUNT_ID,
        reffNo: 'INV-20260508-001',
        title: 'Invoice May 2026',
        paymentUrl: 'https://pay.example.com/b2b/INV-20260508-001',
        status: 'OPEN',
        statusComputed: 'OPEN',
        isExpired: false,
        requiredCustomerDetail: true,
        maxUsage: 100,
        currentUsage: 0,
        hasPayments: false,
        expiredAt: '2026-05-31T16:59:59.000Z',
        totalAmount: '150000.00',
        currency: 'IDR',
        items: [{ name: 'Subscription Plan', quantity: 1, unitPrice: '150000.00', subtotal: '150000.00' }],
        whitelistedPaymentMethod: ['QRIS'],
        redirectUrl: 'https://merchant.example.com/payment/success',
        optionalMetadata: {},
        paymentDate: '2026-05-08T07:30:00.000Z',
        createdAt: '2026-05-08T07:30:00.000Z',
        updatedAt: '2026-05-08T07:30:00.000Z',
        accountFacts: { name: 'Main Operating Account', email: null, phone: null, status: 'ACTIVE' },
      },
    ])
  })

  it('parses the documented single read as it stands', () => {
    expect(read(responseRow(body('show.response')))).toStrictEqual({
      id: '103',
      accountId: ACCOUNT_ID,
      reffNo: 'PL2025102113590968f72f3df34e5',
      title: 'tes',
      paymentUrl: 'http://localhost:3000/b2b/PL2025102113590968f72f3df34e5',
      status: 'OPEN',
      statusComputed: 'OPEN',
      isExpired: false,
      requiredCustomerDetail: true,
      maxUsage: 1000,
      currentUsage: 2,
      hasPayments: true,
      expiredAt: null,
      totalAmount: '20000.00',
      currency: 'IDR',
      items: [{ name: 'tes', quantity: 1, unitPrice: '20000.00', subtotal: '20000.00' }],
      whitelistedPaymentMethod: ['VA_BRI', 'VA_DANAMON', 'VA_MAYBANK', 'QRIS'],
      redirectUrl: null,
      optionalMetadata: undefined,
      paymentDate: '2025-10-21T06:59:40.000Z',
      createdAt: '2025-10-21T06:59:40.000Z',
      updatedAt: '2025-10-21T08:16:05.000Z',
      accountFacts: {
        name: 'Moh. Zulkifli Katili',
        email: 'tes@gmail.com',
        phone: '08123993201',
        status: 'ACTIVE',
      },
    })
  })

  it('parses the documented response to an update as it stands', () => {
    expect(read(responseRow(body('update.response')))).toStrictEqual({
      id: '103',
      accountId: ACCOUNT_ID,
      reffNo: 'INV20240513001',
      title: 'Invoice Payment',
      paymentUrl: 'https://example.com/payment-link',
      status: 'OPEN',
      statusComputed: 'OPEN',
      isExpired: false,
      requiredCustomerDetail: true,
      maxUsage: 1,
      currentUsage: 0,
      hasPayments: false,
      expiredAt: '2024-05-13T00:00:00.000Z',
      totalAmount: '150000.00',
      currency: 'IDR',
      items: [{ name: 'Product A', quantity: 1, unitPrice: '150000.00', subtotal: '150000.00' }],
      whitelistedPaymentMethod: ['<string>'],
      redirectUrl: 'https://example.com/payment-link',
      optionalMetadata: {},
      paymentDate: '2024-05-13T00:00:00.000Z',
      createdAt: '2024-05-13T00:00:00.000Z',
      updatedAt: '2024-05-13T00:00:00.000Z',
      accountFacts: { name: 'Account 1', email: undefined, phone: undefined, status: undefined },
    })
  })

  it('encodes the documented body of an update', () => {
    const row = responseRow(body('update.response'))
    const documented = JSON.parse(text('update.request'))
    const encoded = encodeUpdate(
      { ...row, expired_at: '2024-01-15T15:00:00+07:00' },
      { optionalMetadata: { invoice_number: 'INV20240513001' } },
      undefined,
    )
    expect('body' in encoded && JSON.parse(encoded.body)).toEqual(documented)
  })
})

describe('the computed fields of a row', () => {
  const shown = responseRow(body('show.response'))
  const expiry = Date.parse('2026-06-01T00:00:00Z')
  const {
    status_computed: _,
    is_expired: __,
    ...silent
  }: Record<string, unknown> = { ...shown, expired_at: '2026-06-01T00:00:00Z' }

  it('reads a link as expired from the very moment of expiry', () => {
    expect(read(silent, expiry - 1)).toMatchObject({ status: 'OPEN', statusComputed: 'OPEN', isExpired: false })
    expect(read(silent, expiry)).toMatchObject({ status: 'OPEN', statusComputed: 'EXPIRED', isExpired: true })
  })

  it('follows the one computed field that is present', () => {
    expect(read({ ...silent, is_expired: true }, 0)).toMatchObject({ statusComputed: 'EXPIRED', isExpired: true })
    expect(read({ ...silent, status_computed: 'expired' }, 0)).toMatchObject({ isExpired: true })
    expect(read({ ...silent, status: 'expired' }, 0)).toMatchObject({ statusComputed: 'EXPIRED', isExpired: true })
  })

  it('keeps both computed fields as the upstream sent them', () => {
    const row = { ...silent, status_computed: 'open', is_expired: false }
    expect(read(row, expiry + 1)).toMatchObject({ statusComputed: 'OPEN', isExpired: false })
  })

  it('computes an exact subtotal where it is absent', () => {
    const items = [{ name: 'a', quantity: 3, unit_price: '0.335' }]
    expect(read({ ...shown, items }).items).toMatchObject([{ subtotal: '1.005' }])
  })
})

describe('responseRow and readLinkId', () => {
  it('finds a link in a list of one, as an account detail was once sent', () => {
    expect(responseRow({ data: [{ id: 7 }] })).toEqual({ id: 7 })
    expect(() => responseRow({ data: [{ id: 7 }, { id: 8 }] })).toThrow()
    expect(() => responseRow({ data: [[{ id: 7 }]] })).toThrow()
  })

  it.each([[{}], [{ data: null }], [{ data: [] }], [{ data: 'x' }]])(
    'refuses a single read of %j, with the path of its data',
    (response) => {
      expect(() => responseRow(response)).toThrow(expect.objectContaining({ jsonPath: '$.data' }))
    },
  )

  it('finds the id of a row that is otherwise unreadable, if it has one', () => {
    expect([{ id: 7 }, { id: '8' }, { id: 'x' }, {}, null, 5].map(readLinkId)).toEqual([
      '7',
      '8',
      undefined,
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe('parsePaymentMethods', () => {
  it('joins both lists of method codes without duplicates', () => {
    const data = { available_codes: ['QRIS', 'VA_BRI'], payment_methods: [{ code: 'VA_BRI' }, { code: 'ALFAMART' }] }
    expect(parsePaymentMethods({ data })).toEqual(['QRIS', 'VA_BRI', 'ALFAMART'])
  })

  it('needs only one of the two lists of method codes', () => {
    expect(parsePaymentMethods({ data: { available_codes: ['QRIS'] } })).toEqual(['QRIS'])
    expect(parsePaymentMethods({ data: { payment_methods: [{ code: 'QRIS', name: 'QRIS' }] } })).toEqual(['QRIS'])
  })

  it.each([
    [{}, '$.data'],
    [{ data: {} }, '$.data'],
    [{ data: { available_codes: [null] } }, '$.data.available_codes[0]'],
    [{ data: { payment_methods: [{ name: 'x' }] } }, '$.data.payment_methods[0].code'],
  ])('refuses payment methods of %j at %s', (response, jsonPath) => {
    expect(() => parsePaymentMethods(response)).toThrow(expect.objectContaining({ jsonPath }))
  })
})
