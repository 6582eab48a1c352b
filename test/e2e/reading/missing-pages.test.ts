import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGatewayOver, type TestGateway } from '../../support/gateway.js'

const ACCOUNT = '01HZ7N9K3R0F2QW3X4Y5Z6V7AB'
const NOBODY = '01HZ7N9K3R0F2QW3X4Y5Z6V7AC'
const LINKS = 60
const PER_PAGE = 10

let upstream: Server
let gateway: Omit<TestGateway, 'sandbox'>

/** Pages of ten without figures, and 404 for a page past the end. */
beforeAll(async () => {
  upstream = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const start = (Number(searchParams.get('page')) - 1) * PER_PAGE
    const isToken = pathname.endsWith('/access-token/b2b')
    const found = isToken || (pathname.endsWith(ACCOUNT) && start < LINKS)
    const rows = Array.from({ length: Math.min(PER_PAGE, LINKS - start) }, (_, index) => rowOf(LINKS - start - index))
    const data = isToken ? { access_token: 'token', token_type: 'Bearer', expires_in: '3600' } : rows
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' })
    const error = { code: 404, message: 'Not found' }
    response.end(JSON.stringify(found ? { status: 200, success: true, data } : { status: 404, success: false, error }))
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

async function idsOf(args: string): Promise<number[] | undefined> {
  const { data, errors } = await gateway.ask<{ paymentLinks: { nodes: { id: string }[] } }, never>(
    `{ paymentLinks(accountId: "${ACCOUNT}", ${args}) { nodes { id } } }`,
  )
  expect(errors).toBeUndefined()
  return data?.paymentLinks.nodes.map(({ id }) => Number(id))
}

describe('a page past the end that answers 404', () => {
  it('ends the list, and is no missing account', async () => {
    expect(await idsOf('first: 100')).toEqual(Array.from({ length: LINKS }, (_, index) => LINKS - index))
    expect(await idsOf('last: 3')).toEqual([3, 2, 1])
    expect(await idsOf('offset: 500, first: 10')).toEqual([])
  })

  it('is a missing account where the first page answers it, too', async () => {
    const { errors } = await gateway.ask(`{ paymentLinks(accountId: "${NOBODY}", first: 5) { nodes { id } } }`)
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
  })
})
