import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGatewayOver, type TestGateway } from '../../support/gateway.js'

const ACCOUNT = '01HZ7N9K3R0F2QW3X4Y5Z6V7AB'
const NOBODY = '01HZ7N9K3R0F2QW3X4Y5Z6V7AC'
/** Counts its links; one of its pages is not found. */
const COUNTED = '01HZ7N9K3R0F2QW3X4Y5Z6V7AD'
/** Counts its links, which become fewer. */
const SHRINKING = '01HZ7N9K3R0F2QW3X4Y5Z6V7AE'
const LINKS = 60
const PER_PAGE = 10

let linksLeft = LINKS
let upstream: Server
let gateway: Omit<TestGateway, 'sandbox'>

/** Pages of ten, and 404 for a page past the end. */
beforeAll(async () => {
  upstream = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const number = Number(searchParams.get('page'))
    const start = (number - 1) * PER_PAGE
    const account = pathname.split('/').at(-1) ?? ''
    const links = account === SHRINKING ? linksLeft : LINKS
    const isToken = pathname.endsWith('/access-token/b2b')
    const isThere = start < links && !(account === COUNTED && number === 3)
    const found = isToken || ([ACCOUNT, COUNTED, SHRINKING].includes(account) && isThere)
    const rows = Array.from({ length: Math.min(PER_PAGE, links - start) }, (_, index) => rowOf(LINKS - start - index))
    const figures = { total: links, perPage: PER_PAGE, currentPage: number, totalPages: Math.ceil(links / PER_PAGE) }
    const pagination = account === ACCOUNT || isToken ? undefined : figures
    const data = isToken ? { access_token: 'token', token_type: 'Bearer', expires_in: '3600' } : rows
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' })
    const error = { code: 404, message: 'Not found' }
    const envelope = { status: 200, success: true, data, pagination }
    response.end(JSON.stringify(found ? envelope : { status: 404, success: false, error }))
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => upstream.once('listening', resolve))
  gateway = await startGatewayOver(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`, {
    SINGAPAY_API_KEY: 'key',
    SINGAPAY_CLIENT_ID: 'id',
    SINGAPAY_CLIENT_SECRET: 'secret',
  })
})
afterAll(async () => {
  await gateway.stop()
  upstream.closeAllConnections()
  upstream.close()
})

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

async function idsOf(args: string, account = ACCOUNT): Promise<number[] | undefined> {
  const { data, errors } = await gateway.request<{ paymentLinks: { nodes: { id: string }[] } }, never>(
    `{ paymentLinks(accountId: "${account}", ${args}) { nodes { id } } }`,
  )
  expect(errors).toBeUndefined()
  return data?.paymentLinks.nodes.map(({ id }) => Number(id))
}

describe('a page past the end with status 404', () => {
  it('ends the list at a 404 past the end', async () => {
    expect(await idsOf('first: 100')).toEqual(Array.from({ length: LINKS }, (_, index) => LINKS - index))
    expect(await idsOf('last: 3')).toEqual([3, 2, 1])
    expect(await idsOf('offset: 500, first: 10')).toEqual([])
  })

  it('takes a 404 for a missing account when the first page gives it too', async () => {
    const { errors } = await gateway.request(`{ paymentLinks(accountId: "${NOBODY}", first: 5) { nodes { id } } }`)
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
  })

  it('ends the list at a 404 when the pagination counts no more rows, though an older response did', async () => {
    expect(await idsOf('offset: 500, first: 10', COUNTED)).toEqual([])
    expect(await idsOf('first: 10', SHRINKING)).toHaveLength(10)
    linksLeft = 15
    expect(await idsOf('first: 10, offset: 10', SHRINKING)).toEqual([50, 49, 48, 47, 46])
    expect(await idsOf('first: 25, offset: 20', SHRINKING)).toEqual([])
  })
})

describe('a page with status 404 whose rows are counted', () => {
  it('returns an error, not the end of the list, for a 404 of a page whose rows are counted', async () => {
    expect(await idsOf('first: 20', COUNTED)).toHaveLength(20)
    for (const args of ['first: 100', 'last: 50', 'offset: 15, first: 10']) {
      const { data, errors } = await gateway.request(
        `{ paymentLinks(accountId: "${COUNTED}", ${args}) { nodes { id } } }`,
      )
      expect(data, args).toEqual({ paymentLinks: null })
      expect(errors, args).toMatchObject([{ extensions: { code: 'UPSTREAM_MALFORMED' } }])
    }
  })
})
