import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { json, success } from '../../support/with-upstream.js'
import { ROW, type Script, updateOver } from './scripted-upstream.js'
import { ACCOUNT, type Changes, codeOf, payloadOf, payloadWithoutMetadata, updatedOf } from './updating.js'

type List = NonNullable<Script['list']>

const METADATA = { order: 'A-1' }
const ACCOUNT_OF = { id: ACCOUNT }

/** Rows of other links, newer than the link itself. */
const others = (count: number, from = 100) =>
  Array.from({ length: count }, (_, index) => ({ ...ROW, id: from + count - index, account: ACCOUNT_OF }))
const OWN = { ...ROW, optional_metadata: METADATA, account: ACCOUNT_OF }

const page = (response: ServerResponse, rows: readonly object[], pagination: object | undefined) =>
  json(response, 200, { status: 200, success: true, data: rows, ...(pagination && { pagination: pagination }) })

/** One update of a link whose single read lacks these keys, in an account with this list. */
function updateListedAs(list: List, changes: Changes, lacking: readonly string[] = ['optional_metadata']) {
  const row = Object.fromEntries(lacking.map((key) => [key, undefined]))
  return updateOver({ row, list, put: (response) => success(response, { ...OWN, ...changedRow(changes) }) }, changes)
}

function changedRow({ status, optionalMetadata }: Changes): object {
  return { status: status?.toLowerCase() ?? 'open', optional_metadata: optionalMetadata ?? METADATA }
}

/** Lists without a readable row of the link. */
const UNLISTED: readonly [string, List][] = [
  ['leaves it out', (response) => page(response, others(3), { total: 4, perPage: 100, currentPage: 1, totalPages: 1 })],
  ['leaves it out and gives no pagination', (response, n) => page(response, n === 1 ? others(3) : [], undefined)],
  ['is empty', (response) => page(response, [], undefined)],
  ['is null', (response) => json(response, 200, { status: 200, success: true, data: null })],
  [
    'returns the same page forever',
    (response) => page(response, others(25), { total: 60, perPage: 25, currentPage: 1, totalPages: 3 }),
  ],
  ['returns the same page forever, without pagination', (response) => page(response, others(25), undefined)],
  [
    'counts a billion rows and has none',
    (response, n) => page(response, [], { total: 1e9, perPage: 100, currentPage: n, totalPages: 1e7 }),
  ],
  ['is refused', (response) => json(response, 400, { status: 400, success: false, error: { code: 400 } })],
  ['is refused with 200', (response) => json(response, 200, { status: 400, success: false, data: [] })],
  ['is an error in an envelope', (response) => json(response, 200, { status: 'error', message: 'x', data: null })],
  ['is no list', (response) => json(response, 200, { status: 200, success: true, data: 'none' })],
  ['is no JSON', (response) => void response.writeHead(200).end('<p>')],
  ['is not found', (response) => json(response, 404, { status: 404, success: false, error: { code: 404 } })],
  [
    'has the row without an id',
    (response) =>
      page(response, [{ ...OWN, id: undefined }], { total: 1, perPage: 100, currentPage: 1, totalPages: 1 }),
  ],
  [
    'has a row of another account in its place',
    (response) =>
      page(
        response,
        [{ ...OWN, optional_metadata: { of: 'another' }, account: { id: '01K7P073Q8RE2A9PQT8Q7MXPN4' } }],
        {
          total: 1,
          perPage: 100,
          currentPage: 1,
          totalPages: 1,
        },
      ),
  ],
  [
    'has text in its place',
    (response) => page(response, ['7'] as never, { total: 1, perPage: 100, currentPage: 1, totalPages: 1 }),
  ],
]

describe('a field that a single read does not carry', () => {
  it.each(UNLISTED)('sends nothing, so that metadata is not cleared, when the list %s', async (_, list) => {
    const { response, puts } = await updateListedAs(list, { status: 'CLOSED' })
    expect(puts).toEqual([])
    const { paymentLink, userErrors } = payloadWithoutMetadata(response)
    expect(paymentLink).toMatchObject({ id: '7', status: 'OPEN' })
    expect(userErrors).toEqual([
      {
        code: 'REJECTED',
        field: ['optionalMetadata'],
        message: expect.stringMatching(/could not be read.*set optionalMetadata/),
      },
    ])
  })

  it.each(UNLISTED)('sets metadata together with another field when the list %s', async (_, list) => {
    const changes: Changes = { status: 'CLOSED', optionalMetadata: { order: 'A-2' } }
    const { response, puts } = await updateListedAs(list, changes)
    expect(updatedOf(response)).toMatchObject(changes)
    expect(JSON.parse(puts[0]?.body ?? '')).toMatchObject({ optional_metadata: { order: 'A-2' } })
  })

  it.each([...UNLISTED, ['fails with 500', (response: ServerResponse) => json(response, 500, {})] as const])(
    'sets metadata alone, though no read shows the old value, when the list %s',
    async (_, list) => {
      const changes: Changes = { optionalMetadata: METADATA }
      const { response, puts } = await updateListedAs(list, changes)
      expect(updatedOf(response)).toMatchObject(changes)
      expect(puts).toHaveLength(1)
    },
  )

  it.each<[string, (response: ServerResponse) => void, string]>([
    ['fails with 500', (response) => json(response, 500, {}), 'UPSTREAM_UNAVAILABLE'],
    ['is rate limited', (response) => json(response, 429, {}), 'RATE_LIMITED'],
    ['is forbidden', (response) => json(response, 403, { success: false, error: { code: 403 } }), 'FORBIDDEN'],
  ])('fails with the error of the list, and sends nothing, when the list %s', async (_, list, code) => {
    const { response, puts } = await updateListedAs(list, { status: 'CLOSED' })
    expect([codeOf(response), puts]).toEqual([code, []])
  })

  it.each([
    ['expiredAt', 'expired_at'],
    ['whitelistedPaymentMethod', 'whitelisted_payment_method'],
    ['redirectUrl', 'redirect_url'],
    ['requiredCustomerDetail', 'required_customer_detail'],
  ])('reports the field that neither the single read nor the list carries: %s', async (field, key) => {
    const { response, puts } = await updateListedAs(
      (response) => page(response, others(2), undefined),
      { maxUsage: 12 },
      [key],
    )
    expect(puts).toEqual([])
    expect(payloadOf(response).userErrors).toMatchObject([{ code: 'REJECTED', field: [field] }])
  })

  it('reports every field that neither the single read nor the list carries', async () => {
    const list: List = (response) => page(response, others(2), undefined)
    const { response } = await updateListedAs(list, { maxUsage: 12 }, [
      'optional_metadata',
      'expired_at',
      'redirect_url',
    ])
    expect(payloadWithoutMetadata(response).userErrors.map(({ field }) => field)).toEqual([
      ['expiredAt'],
      ['redirectUrl'],
      ['optionalMetadata'],
    ])
  })

  it('leaves metadata out of the write when the list row lacks it too', async () => {
    const { optional_metadata: _, ...row } = OWN
    const { response, puts } = await updateListedAs((response) => page(response, [row], undefined), {
      status: 'CLOSED',
    })
    updatedOf(response)
    expect(JSON.parse(puts[0]?.body ?? '')).not.toHaveProperty('optional_metadata')
  })

  it('finds the metadata of a row after an empty page', async () => {
    const pages = [others(25), [], [OWN]]
    const list: List = (response, n) =>
      page(response, pages[n - 1] ?? [], { total: 51, perPage: 25, currentPage: n, totalPages: 3 })
    const { response, puts } = await updateListedAs(list, { status: 'CLOSED' })
    expect(updatedOf(response).optionalMetadata).toEqual(METADATA)
    expect(JSON.parse(puts[0]?.body ?? '')).toMatchObject({ status: 'closed', optional_metadata: METADATA })
  })
})
