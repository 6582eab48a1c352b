import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { startGatewayOver } from '../../support/gateway.js'

const ACCOUNT = '01HZ7N9K3R0F2QW3X4Y5Z6V7AB'

interface Upstream {
  /** The body of a list response. */
  readonly list: (page: number, perPage: number, nth: number) => unknown
  readonly show?: (id: number) => unknown
}

interface Running {
  ask(query: string): Promise<{ data: Record<string, never> | null | undefined; errors: unknown; calls: string[] }>
}

/** The gateway over an upstream written by hand. */
async function withStrange({ list, show }: Upstream, run: (running: Running) => Promise<void>): Promise<void> {
  let calls: string[] = []
  const server = createServer((request, response) => {
    request.resume()
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://upstream')
    const reply = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (pathname.includes('access-token')) {
      return reply(200, { status: 200, success: true, data: { access_token: 'token', expires_in: '3600' } })
    }
    const id = /\/(\d+)$/.exec(pathname)?.[1]
    if (id !== undefined) {
      calls.push(`show ${id}`)
      const data = show?.(Number(id))
      const missing = { status: 404, success: false, error: { code: 404, message: 'Payment link not found.' } }
      return data === undefined ? reply(404, missing) : reply(200, { status: 200, success: true, data })
    }
    const page = Number(searchParams.get('page'))
    const perPage = Number(searchParams.get('per_page'))
    calls.push(`list ${page}/${perPage}`)
    if (perPage > 100) return reply(422, { status: 422, success: false, error: { code: 422, message: 'per_page' } })
    return reply(200, list(page, perPage, calls.length))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const gateway = await startGatewayOver(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    LOG_LEVEL: 'silent',
    SINGAPAY_API_KEY: 'key',
    SINGAPAY_CLIENT_ID: 'client',
    SINGAPAY_CLIENT_SECRET: 'secret',
  })
  try {
    await run({
      ask: async (query) => {
        calls = []
        const { data, errors } = await gateway.request<Record<string, never>, never>(query)
        return { data, errors, calls }
      },
    })
  } finally {
    await gateway.stop()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

const row = (id: number) => ({
  id,
  reff_no: `INV-${id}`,
  title: null,
  payment_url: `https://pay.example.com/b2b/INV-${id}`,
  status: 'open',
  status_computed: 'open',
  is_expired: false,
  required_customer_detail: true,
  max_usage: 1,
  current_usage: 0,
  total_amount: 10000,
  items: null,
  whitelisted_payment_method: null,
  expired_at: null,
  redirect_url: null,
  payment_date: null,
  created_at: new Date(1_700_000_000_000 + id * 1000).toISOString(),
  updated_at: new Date(1_700_000_000_000 + id * 1000).toISOString(),
  account: { id: ACCOUNT, name: 'Main', email: null, phone: null, status: 'active' },
})
const newestFirst = (length: number) => Array.from({ length }, (_, index) => length - index)
const envelope = (ids: readonly number[], pagination?: object) => ({
  status: 200,
  success: true,
  data: ids.map(row),
  ...(pagination === undefined ? {} : { pagination }),
})
const honest = (ids: readonly number[], page: number, perPage: number) =>
  envelope(ids.slice((page - 1) * perPage, page * perPage), {
    total: ids.length,
    perPage,
    currentPage: page,
    totalPages: Math.ceil(ids.length / perPage),
  })
const byKeys = (ids: readonly number[]) =>
  `{ paymentLinksByKeys(keys: [${ids.map((id) => `{ accountId: "${ACCOUNT}", id: "${id}" }`).join(' ')}]) { id } }`
const existing = (ids: readonly number[]) => (id: number) => (ids.includes(id) ? row(id) : undefined)

interface Walked {
  readonly nodes: readonly { readonly id: string }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

async function walk({ ask }: Running, first: number): Promise<string[]> {
  const seen: string[] = []
  for (let step = 0, after = 'null'; step < 60; step += 1) {
    const { data, errors } = await ask(
      `{ paymentLinks(accountId: "${ACCOUNT}", first: ${first}, after: ${after}) { nodes { id } pageInfo { hasNextPage endCursor } } }`,
    )
    expect(errors).toBeUndefined()
    const { nodes, pageInfo } = (data as unknown as { paymentLinks: Walked }).paymentLinks
    seen.push(...nodes.map(({ id }) => id))
    if (!pageInfo.hasNextPage) return seen
    after = JSON.stringify(pageInfo.endCursor)
  }
  throw new Error('the walk does not end')
}

describe('an upstream that returns the documented page for every list', () => {
  const documented = JSON.parse(readFileSync('test/fixtures/upstream/list.response.json', 'utf8')) as unknown

  it('walks a list that is always the documented page in a few calls, and finds its link by key', async () => {
    await withStrange({ list: () => documented }, async (running) => {
      expect(await walk(running, 25)).toEqual(['12345'])
      expect(await walk(running, 100)).toEqual(['12345'])
      const keyed = await running.ask(byKeys([12345, 999, 998, 997]))
      expect(keyed.data).toEqual({ paymentLinksByKeys: [{ id: '12345' }, null, null, null] })
      expect(keyed.calls.length).toBeLessThanOrEqual(5)
      const last = await running.ask(`{ paymentLinks(accountId: "${ACCOUNT}", last: 25) { nodes { id } totalCount } }`)
      expect(last.data).toEqual({ paymentLinks: { nodes: [{ id: '12345' }], totalCount: 47 } })
      expect(last.calls.length).toBeLessThanOrEqual(6)
    })
  })
})

describe('an upstream that always returns page 1', () => {
  const ids = newestFirst(200)
  const stuck = ids.slice(0, 25)

  it.each([
    ['and says so', () => envelope(stuck, { total: 200, perPage: 25, currentPage: 1, totalPages: 8 })],
    [
      'and echoes the page',
      (page: number) => envelope(stuck, { total: 200, perPage: 25, currentPage: page, totalPages: 8 }),
    ],
    ['and gives no pagination', () => envelope(stuck)],
  ])('ends a walk over an upstream that always gives page 1, and reads other links singly, %s', async (name, list) => {
    await withStrange({ list, show: existing(ids) }, async (running) => {
      const wanted = name === 'and echoes the page' ? expect.arrayContaining(stuck.map(String)) : stuck.map(String)
      expect(await walk(running, 25)).toEqual(wanted)
      expect(await walk(running, 100)).toEqual(wanted)
      const far = [200, 180, 150, 120, 90, 60, 30, 7, 3, 1]
      const keyed = await running.ask(byKeys(far))
      expect(keyed.data).toEqual({ paymentLinksByKeys: far.map((id) => ({ id: String(id) })) })
      expect(keyed.calls.length).toBeLessThanOrEqual(20)
    })
  })
})

describe('an upstream that repeats its last page past the end', () => {
  const ids = newestFirst(200)

  it.each([
    ['with pagination', true],
    ['without pagination', false],
  ])('walks once to the end of a list whose last page is repeated, %s', async (_name, hasFigures) => {
    const list = (page: number, perPage: number) => {
      const number = Math.min(page, Math.ceil(200 / perPage))
      const { data, pagination, ...rest } = honest(ids, number, perPage) as ReturnType<typeof envelope> & {
        pagination?: object
      }
      return hasFigures ? { ...rest, data, pagination } : { ...rest, data }
    }
    await withStrange({ list, show: existing(ids) }, async (running) => {
      expect(await walk(running, 100)).toEqual(ids.map(String))
      const last = await running.ask(`{ paymentLinks(accountId: "${ACCOUNT}", last: 3) { nodes { id } } }`)
      expect(last.data).toEqual({ paymentLinks: { nodes: [{ id: '3' }, { id: '2' }, { id: '1' }] } })
      expect(last.calls.length).toBeLessThanOrEqual(12)
    })
  })
})

describe('a batch of keys', () => {
  it('reads one page, not a hundred, for three keys of an account of 10,000', async () => {
    const ids = newestFirst(10_000)
    await withStrange({ list: (page, perPage) => honest(ids, page, perPage), show: existing(ids) }, async ({ ask }) => {
      const { data, calls } = await ask(byKeys([9000, 5000, 4]))
      expect(data).toEqual({ paymentLinksByKeys: [{ id: '9000' }, { id: '5000' }, { id: '4' }] })
      expect(calls).toEqual(['list 1/100', 'show 9000', 'show 5000', 'show 4'])
      expect((await ask(byKeys([9000, 5000, 4]))).calls).toHaveLength(3)
    })
  })

  it('takes at most one call more than there are keys when the pagination makes no sense', async () => {
    const ids = newestFirst(60)
    for (const total of [0, 1, 7, 9_007_199_254_740_991]) {
      const list = (page: number, perPage: number) =>
        envelope(ids.slice((page - 1) * perPage, page * perPage), { total, perPage, currentPage: page, totalPages: 3 })
      await withStrange({ list, show: existing(ids) }, async ({ ask }) => {
        const { data, calls } = await ask(byKeys([59, 40, 30, 20, 10]))
        expect(data).toEqual({ paymentLinksByKeys: [59, 40, 30, 20, 10].map((id) => ({ id: String(id) })) })
        expect(calls.length).toBeLessThanOrEqual(6)
      })
    }
  })

  it('ends a batch when every page has another size', async () => {
    const ids = newestFirst(90)
    const list = (page: number, _perPage: number, nth: number) => {
      const size = Math.max(2, 40 - nth)
      return honest(ids, page, size)
    }
    await withStrange({ list, show: existing(ids) }, async ({ ask }) => {
      const wanted = Array.from({ length: 40 }, (_, index) => 1000 + index)
      const { data, calls } = await ask(byKeys(wanted))
      expect(data).toEqual({ paymentLinksByKeys: wanted.map(() => null) })
      expect(calls.filter((call) => call.startsWith('list')).length).toBeLessThanOrEqual(40)
    })
  })

  it('requests no more rows per page than documented, though an upstream once gave all in one page', async () => {
    const ids = newestFirst(230)
    const list = (page: number) => envelope(page === 1 ? ids : [])
    await withStrange({ list, show: existing(ids) }, async (running) => {
      expect(await walk(running, 100)).toEqual(ids.map(String))
      const { calls } = await running.ask(byKeys([230, 100, 1]))
      expect(calls).toEqual(['list 1/100'])
    })
  })
})

describe('rows without order', () => {
  it('returns each row of an unsorted list once while nothing changes', async () => {
    const ids = newestFirst(60).map((id) => ((id * 37) % 61) + 1)
    await withStrange({ list: (page, perPage) => honest(ids, page, perPage) }, async (running) => {
      expect(await walk(running, 7)).toEqual(ids.map(String))
    })
  })
})

describe('an upstream with misleading responses', () => {
  const ask = `{ paymentLinks(accountId: "${ACCOUNT}", first: 100) { totalCount nodes { id } pageInfo { hasNextPage } } }`
  const ids = newestFirst(35)
  const three = (page: number) => (page === 1 ? ids.slice(0, 25) : page === 3 ? ids.slice(25) : [])
  const of = (page: number, total: number) => ({ total, perPage: 25, currentPage: page, totalPages: 3 })

  it.each([60, 35])(
    'reads past an empty page while the pagination promises more rows, with a total of %i',
    async (total) => {
      await withStrange({ list: (page) => envelope(three(page), of(page, total)) }, async (running) => {
        expect(await walk(running, 100)).toEqual(ids.map(String))
        expect(await walk(running, 10)).toEqual(ids.map(String))
      })
    },
  )

  it('ignores a total that is lower than the rows shown', async () => {
    await withStrange(
      { list: (page) => envelope(page === 1 ? ids.slice(0, 25) : [], { total: 0 }) },
      async (running) => {
        const { data, errors } = await running.ask(ask)
        expect(errors).toBeUndefined()
        expect(data).toMatchObject({ paymentLinks: { totalCount: null, pageInfo: { hasNextPage: false } } })
        expect((data as unknown as { paymentLinks: Walked }).paymentLinks.nodes).toHaveLength(25)
      },
    )
  })

  it.each([
    ['null beside figures that count rows', { data: null, pagination: { total: 3, perPage: 25, totalPages: 1 } }],
    ['null without figures', { data: null }],
    ['empty text', { data: '' }],
    ['nothing at all', {}],
    ['an empty map beside figures that count rows', { data: {}, pagination: { total: 3, perPage: 25, totalPages: 1 } }],
  ])('does not take a response for an empty list when data is %s', async (_name, body) => {
    await withStrange({ list: () => ({ status: 200, success: true, ...body }) }, async (running) => {
      expect((await running.ask(ask)).errors).toMatchObject([{ extensions: { code: 'UPSTREAM_MALFORMED' } }])
    })
  })

  it.each([
    ['null where the total is 0', { data: null, pagination: { total: 0, perPage: 25, totalPages: 1 } }],
    ['an empty map', { data: {} }],
  ])('takes a response for an empty list when data is %s', async (_name, body) => {
    await withStrange({ list: () => ({ status: 200, success: true, ...body }) }, async (running) => {
      const { data, errors } = await running.ask(ask)
      expect(errors).toBeUndefined()
      expect(data).toMatchObject({ paymentLinks: { nodes: [], pageInfo: { hasNextPage: false } } })
    })
  })

  it('ends a walk over an upstream that repeats its rows, though the first has no id and keys are reordered', async () => {
    const list = (page: number) => {
      const { id: _id, ...nameless } = row(99)
      const turned = Object.fromEntries(Object.entries({ ...nameless, title: `a ${1.5}` }).toReversed())
      return {
        ...envelope(ids.slice(0, 24)),
        data: [page % 2 === 0 ? turned : { ...nameless, title: 'a 1.5' }, ...ids.slice(0, 24).map(row)],
      }
    }
    await withStrange({ list }, async (running) => {
      const { data, calls } = await running.ask(ask)
      expect(data).toMatchObject({ paymentLinks: { pageInfo: { hasNextPage: false } } })
      expect((data as unknown as { paymentLinks: Walked }).paymentLinks.nodes).toHaveLength(25)
      expect(calls).toEqual(['list 1/100', 'list 2/100'])
    })
  })
})
