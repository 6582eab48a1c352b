import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { gatewayOfFile, startGatewayOver } from '../../support/gateway.js'
import { MAIN, pageOf, storedIds } from './walking.js'

const gateway = gatewayOfFile({ env: { CACHE_TTL_MS: '20000' } })

const pagesAsked = () =>
  gateway.sandbox.log.entries
    .filter(({ operation }) => operation === 'list')
    .map(({ query }) => `${query['page']}/${query['per_page']}`)

const byKeys = (ids: readonly string[]) =>
  gateway.request<{ paymentLinksByKeys: { id: string }[] }, unknown>(
    `query ($keys: [PaymentLinkKey!]!) { paymentLinksByKeys(keys: $keys) { id } }`,
    { keys: ids.map((id) => ({ accountId: MAIN, id })) },
  )

describe('an upstream that ignores per_page', () => {
  it('requests each page with one size, so that the cache has it, when per_page is ignored', async () => {
    gateway.sandbox.behaviour.change({ ignorePerPage: true })
    const ids = storedIds(gateway, MAIN)
    const scattered = ids.filter((_, index) => index % 10 === 3)
    expect((await byKeys(ids.slice(0, 3))).data?.paymentLinksByKeys).toHaveLength(3)
    expect(pagesAsked()).toEqual(['1/100'])
    for (let turn = 0; turn < 3; turn += 1) {
      const { data, errors } = await byKeys(scattered)
      expect(errors).toBeUndefined()
      expect(data?.paymentLinksByKeys.map(({ id }) => id)).toEqual(scattered)
    }
    expect((await pageOf(gateway, { accountId: MAIN, first: 100 })).ids).toEqual(ids.slice(0, 100))
    expect((await pageOf(gateway, { accountId: MAIN, first: 25 })).ids).toEqual(ids.slice(0, 25))
    expect((await pageOf(gateway, { accountId: MAIN, last: 30 })).ids).toEqual(ids.slice(-30))
    expect((await pageOf(gateway, { accountId: MAIN, first: 7, offset: 111 })).ids).toEqual(ids.slice(111, 118))
    expect(pagesAsked().toSorted()).toEqual(Array.from({ length: 8 }, (_, index) => `${index + 1}/100`))
  })
})

describe('an upstream that fails on large pages', () => {
  it('requests small pages once a large page has failed, within the time limit of the request', async () => {
    await withFailing(async ({ ask, asked }) => {
      const started = performance.now()
      expect(await ask(`first: 60, offset: 130`)).toEqual(range(130, 190))
      expect(performance.now() - started).toBeLessThan(10_000)
      expect(asked.filter((page) => page.endsWith('/100'))).toEqual(['2/100', '2/100', '2/100'])
      expect(asked.filter((page) => page.endsWith('/25')).toSorted()).toEqual(['5/25', '6/25', '7/25', '8/25'])
      asked.length = 0
      expect(await ask(`first: 100`)).toEqual(range(0, 100))
      expect(await ask(`last: 100`)).toEqual(range(100, 200))
      expect(asked.filter((page) => !page.endsWith('/25'))).toEqual([])
      expect(asked.length).toBeLessThanOrEqual(10)
    })
  })
})

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => String(200 - from - index))

interface Failing {
  readonly asked: string[]
  ask(args: string): Promise<string[] | undefined>
}

/** The gateway over 200 links in pages of at most 25; a larger page gets a 500. */
async function withFailing(run: (failing: Failing) => Promise<void>): Promise<void> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://upstream')
    const reply = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ status, ...body }))
    if (pathname.includes('access-token')) {
      return reply(200, { success: true, data: { access_token: 'token', expires_in: '3600' } })
    }
    const [page, perPage] = [Number(searchParams.get('page')), Number(searchParams.get('per_page'))]
    asked.push(`${page}/${perPage}`)
    if (perPage > 25) return reply(500, { success: false, error: { code: 500, message: 'Allowed memory exhausted' } })
    const data = range((page - 1) * 25, Math.min(200, page * 25)).map((id) => rowOf(Number(id)))
    return reply(200, { success: true, data, pagination: { total: 200, perPage, currentPage: page, totalPages: 8 } })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const over = await startGatewayOver(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    SINGAPAY_API_KEY: 'key',
    SINGAPAY_CLIENT_ID: 'client',
    SINGAPAY_CLIENT_SECRET: 'secret',
  })
  const ask = async (args: string) => {
    const { data, errors } = await over.request<{ paymentLinks: { nodes: { id: string }[] } }, never>(
      `{ paymentLinks(accountId: "${MAIN}", ${args}) { nodes { id } } }`,
    )
    expect(errors).toBeUndefined()
    return data?.paymentLinks.nodes.map(({ id }) => id)
  }
  try {
    await run({ ask, asked })
  } finally {
    await over.stop()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

function rowOf(id: number): object {
  return {
    id,
    reff_no: `REF-${id}`,
    status: 'open',
    max_usage: 1,
    current_usage: 0,
    total_amount: 10_000,
    created_at: new Date(1_700_000_000_000 + id * 1000).toISOString(),
  }
}
