import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loadSettings } from '../../../src/config/load.js'
import { sendRaw } from '../../server/tiny-server.js'
import { startTestGateway, type TestGateway } from '../../support/gateway.js'

/** The items of the OWASP API Security Top 10 (2023) that anyone on the network can try, each attacked over real sockets. */
let gateway: TestGateway
let accountId: string
let linkId: string
beforeAll(async () => {
  gateway = await startTestGateway({ env: { GRAPHIQL: 'off' } })
  accountId = gateway.sandbox.accounts[0]?.id ?? ''
  linkId = String(gateway.sandbox.linksOf(accountId)[0]?.id)
})
afterAll(() => gateway.stop())
beforeEach(() => gateway.sandbox.log.clear())

const origin = () => gateway.url.replace('/graphql', '')
const update = (fields: string) =>
  `mutation { updatePaymentLink(input: { accountId: "${accountId}", id: "${linkId}", ${fields} }) { userErrors { code } } }`

async function withGateway(env: Readonly<Record<string, string>>, run: (gateway: TestGateway) => Promise<void>) {
  const another = await startTestGateway({ env })
  try {
    await run(another)
  } finally {
    await another.stop()
  }
}

describe('API4:2023 unrestricted resource consumption', () => {
  it('a body of more than 1 MiB is refused before it has arrived', async () => {
    const response = await sendRaw(
      Number(new URL(gateway.url).port),
      `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${1024 ** 2 + 1}\r\nconnection: close\r\n\r\n{`,
    )
    expect(response.status).toBe(413)
  })

  it('a megabyte of invalid variables gets a short response with the first five mistakes', async () => {
    const query = 'query ($k: [PaymentLinkKey!]!) { paymentLinksByKeys(keys: $k) { id } }'
    const wrong = Object.fromEntries(Array.from({ length: 30_000 }, (_, n) => [`accountId${n}`, 'x'.repeat(10)]))
    const { errors, text } = await gateway.request(query, { k: [wrong] })
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(Array(5).fill('BAD_USER_INPUT'))
    expect(text.length).toBeLessThan(10_000)
  })

  it('an upstream that hangs does not hold a request past its timeout', async () => {
    await withGateway({ REQUEST_TIMEOUT_MS: '300', UPSTREAM_TIMEOUT_MS: '250' }, async ({ request, sandbox }) => {
      sandbox.faults.add({ kind: 'hang', operation: 'list' })
      const { errors } = await request(`{ paymentLinks(accountId: "${accountId}") { totalCount } }`)
      expect(['REQUEST_TIMEOUT', 'UPSTREAM_TIMEOUT']).toContain(errors?.[0]?.extensions.code)
    })
  })

  it('forty requests at once stay within UPSTREAM_MAX_CONCURRENCY', async () => {
    await withGateway({ UPSTREAM_MAX_CONCURRENCY: '3' }, async ({ request, sandbox }) => {
      const ids = sandbox.linksOf(accountId).slice(0, 40)
      sandbox.faults.add({ kind: 'latency', operation: 'show', ms: 50 })
      await Promise.all(ids.map(({ id }) => request(`{ paymentLink(accountId: "${accountId}", id: "${id}") { id } }`)))
      expect(sandbox.log.peakConcurrency('show')).toBeLessThanOrEqual(3)
      expect(sandbox.log.count('show')).toBe(40)
    })
  })

  it('a caller over the rate limit is refused and told when to retry', async () => {
    await withGateway({ RATE_LIMIT_PER_MINUTE: '2' }, async ({ request }) => {
      const responses = [
        await request('{ __typename }'),
        await request('{ __typename }'),
        await request('{ __typename }'),
      ]
      expect(responses.map(({ status }) => status)).toEqual([200, 200, 429])
      expect(responses[2]?.errors?.[0]?.extensions).toMatchObject({
        code: 'RATE_LIMITED',
        retryAfterMs: expect.any(Number),
      })
    })
  })
})

describe('API6:2023 unrestricted access to sensitive business flows', () => {
  it('an update whose response is lost is sent once and not reported as a success', async () => {
    await withGateway({ UPSTREAM_TIMEOUT_MS: '5000', REQUEST_TIMEOUT_MS: '60000' }, async ({ request, sandbox }) => {
      sandbox.faults.add({ kind: 'reset', operation: 'update' })
      sandbox.faults.add({ kind: 'json-500', operation: 'show', oneIn: 2 })
      const { errors } = await request(update('maxUsage: 901'))
      expect(sandbox.log.count('update')).toBe(1)
      expect(errors?.[0]?.extensions).toMatchObject({ retryable: false })
    })
  })

  it('of twenty updates that expect the same version only one is written', async () => {
    const { data } = await gateway.request<{ paymentLink: { version: string } }, never>(
      `{ paymentLink(accountId: "${accountId}", id: "${linkId}") { version } }`,
    )
    const version = data?.paymentLink.version
    const responses = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        gateway.request(update(`maxUsage: ${910 + n}, expectedVersion: "${version}"`)),
      ),
    )
    expect(responses.filter(({ text }) => text.includes('STALE')).length).toBe(19)
    expect(gateway.sandbox.log.count('update')).toBe(1)
  })

  it('an operation may hold five updates but not six', async () => {
    const many = (count: number) =>
      `mutation { ${Array.from({ length: count }, (_, n) => update('maxUsage: 950').slice(10, -1).replace('update', `m${n}: update`)).join(' ')} }`
    const { errors } = await gateway.request(many(6))
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['QUERY_TOO_COMPLEX'])
    expect(gateway.sandbox.log.count()).toBe(0)
    expect((await gateway.request(many(5))).errors).toBeUndefined()
  })
})

describe('API8:2023 security misconfiguration', () => {
  const REAL = {
    SINGAPAY_BASE_URL: 'https://payment.example',
    SINGAPAY_API_KEY: 'a',
    SINGAPAY_CLIENT_ID: 'b',
    SINGAPAY_CLIENT_SECRET: 'c',
  }
  const JWT = { ...REAL, AUTH_MODE: 'jwt', JWT_ISSUER: 'i', JWT_AUDIENCE: 'a' }
  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['unauthenticated callers on every interface', { ...REAL, AUTH_MODE: 'none', HOST: '0.0.0.0' }, 'AUTH_MODE'],
    ['an upstream without an AUTH_MODE', REAL, 'AUTH_MODE'],
    [
      'an upstream without TLS',
      { ...REAL, AUTH_MODE: 'none', SINGAPAY_BASE_URL: 'http://payment.example' },
      'SINGAPAY_BASE_URL',
    ],
    ['keys without TLS', { ...JWT, JWT_JWKS_URL: 'http://keys.example/' }, 'JWT_JWKS_URL'],
    ['a short secret', { ...JWT, JWT_SECRET: 'short' }, 'JWT_SECRET'],
    [
      'tokens of any issuer',
      { ...REAL, AUTH_MODE: 'jwt', JWT_SECRET: 'x'.repeat(40), JWT_AUDIENCE: 'a' },
      'JWT_ISSUER',
    ],
    ['every origin', { SINGAPAY_BASE_URL: 'sandbox', CORS_ORIGINS: '*' }, 'CORS_ORIGINS'],
    ['a missing address of the upstream', { AUTH_MODE: 'none' }, 'SINGAPAY_BASE_URL'],
  ])('the settings refuse %s', (_what, env, name) => {
    const loaded = loadSettings(env)
    expect(loaded.ok ? [] : loaded.problems.map((problem) => problem.split(':')[0])).toContain(name)
  })

  it('a response is private, is not sniffed, is closed to other origins and does not name the server software', async () => {
    const headers = { 'content-type': 'application/json', origin: 'https://evil.example' }
    const response = await fetch(gateway.url, { method: 'POST', headers, body: '{"query":"{ __typename }"}' })
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    })
    for (const name of ['access-control-allow-origin', 'access-control-allow-credentials', 'server', 'x-powered-by']) {
      expect([name, response.headers.get(name)]).toEqual([name, null])
    }
  })

  it.each([
    ['{', 400],
    ['{"query":"{"}', 200],
    ['{"query":"{ nope }"}', 200],
    ['[1]', 400],
    ['{"query":7}', 400],
    ['{"query":"{ __typename }","extensions":{"persistedQuery":{"version":1,"sha256Hash":"a"}}}', 400],
  ])('a refusal has no stack, path or version: %s', async (body, status) => {
    const response = await fetch(gateway.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    const text = await response.text()
    expect([response.status, text]).toEqual([status, expect.stringContaining('"errors"')])
    expect(text).not.toMatch(/stack|node_modules|\.[jt]s:\d|fastify|apollo server|127\.0\.0\.1/i)
  })

  it('a page that rebinds its host name to this machine is refused', async () => {
    const response = await sendRaw(
      Number(new URL(gateway.url).port),
      'GET /graphql?query={__typename} HTTP/1.1\r\nhost: evil.example\r\napollo-require-preflight: 1\r\nconnection: close\r\n\r\n',
    )
    expect(response.status).toBe(421)
  })
})

describe('API9:2023 improper inventory management', () => {
  it.each(
    ['', 'v1/graphql', 'api/graphql', 'graphql/console', 'graphiql', 'playground', 'altair', 'voyager', 'admin'].concat(
      [
        '.env',
        '.git/config',
        'api/v1.0/payment-link-manage',
        'control',
        'faults',
        'debug',
        '.well-known/apollo/server-health',
      ],
    ),
  )('/%s does not exist', async (path) => {
    const response = await fetch(`${origin()}/${path}`, { headers: { accept: 'application/json' } })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] })
  })

  it('the schema stays hidden when introspection is off', async () => {
    await withGateway({ INTROSPECTION: 'off' }, async ({ request }) => {
      for (const query of ['{ __schema { types { name } } }', '{ __type(name: "Query") { name } }']) {
        const { data, errors } = await request(query)
        expect([data, errors?.[0]?.extensions.code]).toEqual([undefined, 'GRAPHQL_VALIDATION_FAILED'])
      }
    })
  })
})
