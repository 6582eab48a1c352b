import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendRaw } from '../server/tiny-server.js'
import { startGatewayOver } from '../support/gateway.js'
import { ACCOUNTS, credentialsOf, startTenantUpstream, type TenantUpstream } from '../tenants/tenant-upstream.js'

let upstream: TenantUpstream
let gateway: Awaited<ReturnType<typeof startGatewayOver>>
beforeAll(async () => {
  upstream = await startTenantUpstream(2)
  gateway = await startGatewayOver(upstream.url, { AUTH_MODE: 'passthrough', CACHE_TTL_MS: '2000' })
})
afterAll(async () => {
  await gateway.stop()
  await upstream.stop()
})

const TITLE = `{ paymentLink(accountId: "${ACCOUNTS[0]}", id: "101") { title } }`

async function ask(query: string, headers: Readonly<Record<string, string>>) {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as unknown }
}

describe('passthrough', () => {
  it('serves each caller the data of their own credentials', async () => {
    for (const tenant of [0, 1, 0]) {
      const { status, body } = await ask(TITLE, credentialsOf(tenant))
      expect([status, body]).toEqual([200, { data: { paymentLink: { title: `canary-${tenant}.` } } }])
    }
  })

  it("responds 200 with UNAUTHENTICATED when the upstream refuses the caller's credentials", async () => {
    const update = `mutation { updatePaymentLink(input: { accountId: "${ACCOUNTS[0]}", id: "101", maxUsage: 7 }) { userErrors { code } } }`
    for (const query of [TITLE, update]) {
      const { status, headers, body } = await ask(query, { ...credentialsOf(0), authorization: 'Bearer stranger' })
      expect([status, headers.has('www-authenticate')]).toEqual([200, false])
      expect(body).toMatchObject({
        errors: [{ extensions: { code: 'UNAUTHENTICATED', retryable: false, upstreamStatus: 401 } }],
      })
    }
  })

  it('serves anonymous callers the schema and nothing else', async () => {
    const before = upstream.calls()
    expect((await ask('{ __typename }', {})).body).toEqual({ data: { __typename: 'Query' } })
    const { status, headers } = await ask(TITLE, {})
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect((await ask(TITLE, { authorization: credentialsOf(0).authorization })).status).toBe(401)
    expect((await ask('{ __typename }', { 'x-partner-id': 'p' })).status).toBe(401)
    expect(upstream.calls()).toBe(before)
  })

  it.each([
    ['two partner ids', 'authorization: Bearer token-0\r\nx-partner-id: partner-0\r\nx-partner-id: partner-1'],
    ['two authorizations', 'authorization: Bearer token-0\r\nauthorization: Bearer x\r\nx-partner-id: partner-0'],
    ['a bare line feed', 'authorization: Bearer token-0\nx-evil: 1\r\nx-partner-id: partner-0'],
    ['a carriage return', 'authorization: Bearer token-0\rx-evil: 1\r\nx-partner-id: partner-0'],
    ['bytes beyond ASCII', 'authorization: Bearer token-0\xe9\r\nx-partner-id: partner-0'],
  ])('sends nothing upstream for a request with %s', async (_, lines) => {
    const before = upstream.calls()
    const query = JSON.stringify({ query: TITLE })
    const response = await sendRaw(
      Number(new URL(gateway.url).port),
      `POST /graphql HTTP/1.1\r\nhost: a.example\r\n${lines}\r\ncontent-type: application/json\r\n` +
        `content-length: ${query.length}\r\nconnection: close\r\n\r\n${query}`,
    )
    expect([400, 401]).toContain(response.status)
    expect(upstream.calls()).toBe(before)
  })
})
