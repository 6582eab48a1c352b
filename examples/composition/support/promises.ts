import type { ExecutionResult } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CallerHeaders } from '../caller-headers.js'
import { post } from '../http-executor.js'
import { type ComposedGraph, callerOf, GRANTED, startComposedGraph, UNGRANTED, type Way } from './composed-graph.js'

interface SeenLink {
  readonly id?: string
  readonly reffNo?: string
  readonly orders?: readonly SeenOrder[]
}

interface SeenOrder {
  readonly id?: string
  readonly paymentLink?: SeenLink | null
  readonly account?: { readonly name?: string | null; readonly email?: string | null }
}

/** The promises of the bigger graph, however it is composed. */
export function itKeepsItsPromises(name: string, way: Way): void {
  let graph: ComposedGraph
  beforeAll(async () => {
    graph = await startComposedGraph(way)
  })
  afterAll(() => graph?.stop())

  const ask = async <Data = { readonly orders: readonly SeenOrder[] }>(
    query: string,
    caller: CallerHeaders = callerOf(GRANTED),
  ): Promise<ExecutionResult<Data>> => {
    await graph.countCalls()
    return post(graph.url, { query }, caller)
  }
  const order = (id: string, selection: string): string => `orders(ids: ["${id}"]) ${selection}`
  const fifty = JSON.stringify(Array.from({ length: 50 }, (_, index) => String(index)))

  describe(`a graph of links and orders through ${name}`, () => {
    it('reads the links of 50 orders of two accounts with at most 8 calls', async () => {
      const { data, errors } = await ask(
        `{ orders(ids: ${fifty}) { paymentLink { accountId id reffNo totalAmount } } }`,
      )
      expect(await graph.countCalls()).toBeLessThanOrEqual(8)
      expect(errors).toBeUndefined()
      const query =
        'query ($keys: [PaymentLinkKey!]!) { paymentLinksByKeys(keys: $keys) { accountId id reffNo totalAmount } }'
      const plain = await post<{ readonly paymentLinksByKeys: readonly SeenLink[] }>(
        graph.linksUrl,
        { query, variables: { keys: graph.keys } },
        callerOf(GRANTED),
      )
      expect(data?.orders.map(({ paymentLink }) => paymentLink)).toEqual(plain.data?.paymentLinksByKeys)
      expect(plain.data?.paymentLinksByKeys).toHaveLength(50)
    })

    it('reads the links of more orders than a key list may hold', async () => {
      const ids = [...graph.keys.keys(), ...graph.moreOrderIds].map(String)
      const { data, errors } = await ask(`{ orders(ids: ${JSON.stringify(ids)}) { paymentLink { reffNo } } }`)
      expect(await graph.countCalls()).toBeLessThanOrEqual(8)
      expect(errors).toBeUndefined()
      expect(new Set(data?.orders.map(({ paymentLink }) => paymentLink?.reffNo)).size).toBe(147)
    })

    it('reads the accounts of 50 orders with at most 8 calls', async () => {
      const { data, errors } = await ask(`{ orders(ids: ${fifty}) { account { name } } }`)
      expect(await graph.countCalls()).toBeLessThanOrEqual(8)
      expect(errors).toBeUndefined()
      const names = ['Kopi Nusantara', 'Batik Laras Solo'].flatMap((one) => Array<string>(25).fill(one))
      expect(data?.orders.map(({ account }) => account?.name)).toEqual(names)
    })

    it('adds their orders to 50 links with at most 8 calls', async () => {
      const page = (accountId: string): string =>
        `paymentLinks(accountId: "${accountId}", first: 25) { nodes { id orders { id } } }`
      const { data, errors } = await ask<Record<'first' | 'second', { readonly nodes: readonly SeenLink[] }>>(
        `{ first: ${page(GRANTED[0])} second: ${page(GRANTED[1])} }`,
      )
      expect(await graph.countCalls()).toBeLessThanOrEqual(8)
      expect(errors).toBeUndefined()
      expect([...(data?.first.nodes ?? []), ...(data?.second.nodes ?? [])]).toEqual(
        graph.keys.map(({ id }, index) => ({ id, orders: [{ id: String(index) }] })),
      )
    })

    it('reads from an account to its orders, their links and the orders of those links', async () => {
      const { data, errors } = await ask<{
        readonly account: SeenOrder['account'] & { readonly orders: readonly SeenOrder[] }
      }>(`{ account(id: "${GRANTED[1]}") { name orders { paymentLink { reffNo orders { id account { email } } } } } }`)
      expect(await graph.countCalls()).toBeLessThanOrEqual(8)
      expect(errors).toBeUndefined()
      expect(data?.account.name).toBe('Batik Laras Solo')
      expect(data?.account.orders).toHaveLength(26)
      const [found] = data?.account.orders[0]?.paymentLink?.orders ?? []
      expect(found).toEqual({ id: '25', account: { email: 'keuangan@batiklaras.example.id' } })
    })

    it('refuses an account without a grant with the code of the gateway itself, and returns everything else', async () => {
      const selection = '{ id paymentLink { reffNo } account { name email } }'
      const { data, errors } = await ask(`{ orders(ids: ["0", "not-granted", "at-the-counter"]) ${selection} }`)
      expect(placesOf(errors)).toEqual(['orders.1.account FORBIDDEN', 'orders.1.paymentLink FORBIDDEN'])
      expect(data?.orders).toEqual([
        { id: '0', paymentLink: { reffNo: expect.any(String) }, account: { name: 'Kopi Nusantara', email: null } },
        { id: 'not-granted', paymentLink: null, account: { name: null, email: null } },
        { id: 'at-the-counter', paymentLink: null, account: { name: 'Batik Laras Solo', email: expect.any(String) } },
      ])
      expect(await askedUpstream(graph, UNGRANTED)).toBe(0)
    })

    it('returns the same account to a caller who has the grant', async () => {
      const { data, errors } = await ask(
        `{ ${order('not-granted', '{ paymentLink { reffNo } account { name } }')} }`,
        callerOf([UNGRANTED]),
      )
      expect(errors).toBeUndefined()
      expect(data?.orders).toEqual([
        { paymentLink: { reffNo: expect.any(String) }, account: { name: 'Bimbel Cendekia Bandung' } },
      ])
      expect(await askedUpstream(graph, UNGRANTED)).toBeGreaterThan(0)
    })

    it.each([
      ['without a token', {}],
      ['with an invalid token', { authorization: 'Bearer made-up' }],
    ])('returns no links to a caller %s, and makes no upstream call', async (_, caller) => {
      const { data, errors } = await ask(
        `{ ${order('0', '{ total paymentLink { reffNo } }')} account(id: "${GRANTED[0]}") { name } }`,
        caller,
      )
      expect(data).toEqual({ orders: [{ total: '20000.00', paymentLink: null }], account: null })
      expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED'])
      expect(await graph.countCalls()).toBe(0)
    })

    it('returns null for a link that does not exist', async () => {
      const { data } = await ask(`{ ${order('link-gone', '{ id paymentLink { reffNo } account { name } }')} }`)
      expect(data?.orders).toEqual([{ id: 'link-gone', paymentLink: null, account: { name: 'Kopi Nusantara' } }])
    })

    it('fails only the one unreadable link, with its code and path', async () => {
      const [, broken] = graph.keys
      const row = `/links/${broken?.accountId}/${broken?.id}/raw`
      await graph.control('PUT', row, { remove: ['reff_no'] })
      const { data, errors } = await ask(`{ orders(ids: ["0", "1", "2"]) { id paymentLink { reffNo } } }`)
      await graph.control('DELETE', row)
      expect(placesOf(errors)).toEqual(['orders.1.paymentLink UPSTREAM_MALFORMED'])
      const link = { reffNo: expect.any(String) }
      expect(data?.orders.map(({ paymentLink }) => paymentLink)).toEqual([link, null, link])
    })

    it('passes on the request id and the code of a refused request, but no URL of a subgraph', async () => {
      const keys = Array.from({ length: 101 }, (_, index) => `{ accountId: "${GRANTED[0]}", id: "${index + 1}" }`)
      const caller = { ...callerOf(GRANTED), 'x-request-id': 'quoted-by-a-person' }
      const response = await ask(`{ paymentLinksByKeys(keys: [${keys}]) { id } }`, caller)
      expect(response.errors?.[0]?.extensions).toMatchObject({
        code: 'QUERY_TOO_COMPLEX',
        requestId: 'quoted-by-a-person',
      })
      expect(JSON.stringify(response)).not.toContain('127.0.0.1')
    })
  })
}

/** `orders.1.paymentLink FORBIDDEN`. Some gateways report the link, others each field selected on it, so only three steps of the path count. */
function placesOf(errors: ExecutionResult['errors'] = []): string[] {
  const places = errors.map(({ path, extensions }) => `${path?.slice(0, 3).join('.')} ${extensions?.['code']}`)
  return [...new Set(places)].sort()
}

async function askedUpstream(graph: ComposedGraph, accountId: string): Promise<number> {
  const { entries } = (await graph.control('GET', '/log')) as {
    readonly entries: readonly { readonly accountId: string | null }[]
  }
  return entries.filter((entry) => entry.accountId === accountId).length
}
