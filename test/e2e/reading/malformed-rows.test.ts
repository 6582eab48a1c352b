import { afterEach, describe, expect, it } from 'vitest'
import { PaymentLinkDocument } from '../../../src/client/graphql.js'
import type { RawRow } from '../../../src/sandbox/planted-rows.js'
import { gatewayOfFile } from '../../support/gateway.js'
import { MIDDLE, storedIds } from './walking.js'

const gateway = gatewayOfFile()

const SECRET = 'must-not-come-out'
const planted = new Set<number>()
afterEach(() => {
  for (const id of planted) gateway.sandbox.setLinkRaw(MIDDLE, id, null)
  planted.clear()
})

function plant(id: string | undefined, raw: RawRow): void {
  planted.add(Number(id))
  gateway.sandbox.setLinkRaw(MIDDLE, Number(id), raw)
}

const REQUIRED = ['reff_no', 'status', 'max_usage', 'current_usage', 'total_amount', 'created_at'] as const

/** Each kind of damage to a row that leaves its id readable. */
const DAMAGES: readonly [string, RawRow][] = [
  ...REQUIRED.flatMap((key): [string, RawRow][] => [
    [`${key} absent`, { remove: [key], set: { title: SECRET } }],
    [`${key} null`, { set: { [key]: null, title: SECRET } }],
    [`${key} of another shape`, { set: { [key]: { nested: SECRET } } }],
  ]),
  ['an amount of 17 digits', { set: { total_amount: 12345678901234568, title: SECRET } }],
  ['an amount that is no number', { set: { total_amount: SECRET } }],
  ['a usage below zero', { set: { current_usage: -1 } }],
  ['an amount that can be read in two ways', { set: { total_amount: '150.000', items: null, title: SECRET } }],
  ['a flag that is none', { set: { required_customer_detail: SECRET } }],
  ['a computed status that is none', { set: { status_computed: [SECRET] } }],
  ['no date of creation', { set: { created_at: '0000-00-00 00:00:00' } }],
  ['a change on no day', { set: { updated_at: SECRET } }],
  ['another account', { set: { account: { id: '01HZ7N9K3R0F2QW3X4Y5Z6V7AB', name: SECRET } } }],
]

/** Damage that leaves no readable id. */
const NAMELESS: readonly [string, RawRow][] = [
  ['id absent', { remove: ['id'], set: { title: SECRET } }],
  ['id null', { set: { id: null, title: SECRET } }],
  ['id of 20 digits', { text: '{"id": 12345678901234567890, "reff_no": "X"}' }],
  ['row null', { text: 'null' }],
  ['row text', { text: `"${SECRET}"` }],
  ['row number', { text: '17' }],
  ['row list', { text: `["${SECRET}"]` }],
]

const PAGE = `query ($accountId: ID!) {
  paymentLinks(accountId: $accountId, first: 10) {
    totalCount
    edges { cursor node { id title } }
    nodes { id reffNo }
    pageInfo { hasNextPage endCursor }
  }
}`

interface PageAnswer {
  readonly paymentLinks: {
    readonly totalCount: number
    readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } | null }[]
    readonly nodes: readonly ({ readonly id: string } | null)[]
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }
  }
}

describe('a row that cannot be read', () => {
  it.each([...DAMAGES, ...NAMELESS])(
    'returns null and an error for an unreadable row, and the other rows of the page: %s',
    async (_name, raw) => {
      const ids = storedIds(gateway, MIDDLE)
      plant(ids[3], raw)
      const { data, errors, status, text } = await gateway.request<PageAnswer, object>(PAGE, { accountId: MIDDLE })
      expect(status).toBe(200)
      const wanted = ids.slice(0, 10).map((id, index) => (index === 3 ? null : id))
      expect(data?.paymentLinks.nodes.map((node) => node?.id ?? null)).toEqual(wanted)
      expect(data?.paymentLinks.edges.map(({ node }) => node?.id ?? null)).toEqual(wanted)
      expect(data?.paymentLinks).toMatchObject({ totalCount: 47, pageInfo: { hasNextPage: true } })
      expect(errors?.map(({ path }) => path)).toEqual([
        ['paymentLinks', 'edges', 3, 'node'],
        ['paymentLinks', 'nodes', 3],
      ])
      const isNamed = DAMAGES.some(([, damage]) => damage === raw)
      for (const error of errors ?? []) {
        expect(error.message).toBe(
          isNamed ? `Link ${ids[3]} cannot be read.` : 'The upstream sent a response that cannot be read.',
        )
        expect(error.extensions).toEqual({
          code: 'UPSTREAM_MALFORMED',
          retryable: false,
          requestId: expect.any(String),
        })
      }
      expect(text).not.toContain(SECRET)
      expect(text).not.toContain('$.data')
    },
  )

  it.each(DAMAGES)('returns null and an error for an unreadable link in a single read: %s', async (_name, raw) => {
    const id = storedIds(gateway, MIDDLE)[5] as string
    plant(id, raw)
    const { data, errors, text } = await gateway.request(PaymentLinkDocument, { accountId: MIDDLE, id })
    expect(data).toEqual({ paymentLink: null })
    expect(errors).toMatchObject([
      {
        message: `Link ${id} cannot be read.`,
        path: ['paymentLink'],
        extensions: { code: 'UPSTREAM_MALFORMED' },
      },
    ])
    expect(text).not.toContain(SECRET)
  })

  it('walks past an unreadable row, even from its own cursor', async () => {
    const ids = storedIds(gateway, MIDDLE)
    for (const [index, [, raw]] of NAMELESS.entries()) plant(ids[9 - index], raw)
    const { data } = await gateway.request<PageAnswer, object>(PAGE, { accountId: MIDDLE })
    const next = await gateway.request<PageAnswer, object>(
      PAGE.replace('first: 10', `first: 5, after: "${data?.paymentLinks.pageInfo.endCursor}"`),
      { accountId: MIDDLE },
    )
    expect(next.data?.paymentLinks.nodes.map((node) => node?.id)).toEqual(ids.slice(10, 15))
  })

  it('fails the key of an unreadable row only when the single read fails too', async () => {
    const ids = storedIds(gateway, MIDDLE)
    plant(ids[2], { remove: ['status'], in: ['list'] })
    plant(ids[4], { remove: ['status'] })
    const keys = ids.slice(0, 6).map((id) => `{ accountId: "${MIDDLE}", id: "${id}" }`)
    const { data, errors } = await gateway.request<{ paymentLinksByKeys: ({ id: string } | null)[] }, never>(
      `{ paymentLinksByKeys(keys: [${keys.join(' ')}]) { id } }`,
    )
    expect(data?.paymentLinksByKeys.map((link) => link?.id ?? null)).toEqual(
      ids.slice(0, 6).map((id, index) => (index === 4 ? null : id)),
    )
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['paymentLinksByKeys', 4], 'UPSTREAM_MALFORMED'],
    ])
  })

  it("treats a show response with another link's id as malformed", async () => {
    const [one, other] = storedIds(gateway, MIDDLE)
    plant(one, { set: { id: Number(other) }, in: ['show'] })
    const { data, errors } = await gateway.request(PaymentLinkDocument, { accountId: MIDDLE, id: one as string })
    expect(data).toEqual({ paymentLink: null })
    expect(errors?.[0]?.extensions.code).toBe('UPSTREAM_MALFORMED')
  })
})
