import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type KeyServer, makeKey, type SigningKey, startKeyServer } from '../server/callers/key-server.js'
import { AUDIENCE, claims, ISSUER, sign } from '../server/callers/tokens.js'
import { sendRaw } from '../server/tiny-server.js'
import { startGatewayOver, startTestGateway, type TestGateway } from '../support/gateway.js'

let gateway: TestGateway
let keys: KeyServer
let key: SigningKey
let granted: string
let other: string
beforeAll(async () => {
  key = await makeKey('first')
  keys = await startKeyServer([key.jwk])
  gateway = await startTestGateway({
    env: { AUTH_MODE: 'jwt', JWT_JWKS_URL: keys.url, JWT_ISSUER: ISSUER, JWT_AUDIENCE: AUDIENCE, CACHE_TTL_MS: '2000' },
  })
  ;[granted = '', other = ''] = gateway.sandbox.accounts.map(({ id }) => id)
})
afterAll(async () => {
  await gateway.stop()
  await keys.stop()
})

interface Asked {
  readonly headers?: Readonly<Record<string, string>>
  readonly token?: string
  readonly url?: string
}

async function ask(query: string, { headers = {}, token, url = gateway.url }: Asked = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify({ query }),
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as AnswerBody }
}

interface AnswerBody {
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly { readonly path?: readonly unknown[]; readonly extensions: { readonly code: string } }[]
}

const tokenFor = (accounts: unknown, scope = 'payment-links:read') => sign(key, claims({ accounts, scope }))
const linkOf = (accountId: string) => String(gateway.sandbox.linksOf(accountId)[0]?.id)
const upstreamCalls = () => gateway.sandbox.log.count()

const SCHEMA_ONLY = [
  '{ __typename }',
  '{ __schema { queryType { name } } }',
  '{ a: __type(name: "PaymentLink") { name } ...F } fragment F on Query { __typename ... on Query { __typename } }',
]
const TO_ACCOUNTS = [
  '{ account(id: "x") { id } }',
  '{ paymentLinksByKeys(keys: []) { id } }',
  '{ __typename ... on Query { accountsByIds(ids: ["x"]) { id } } }',
  '{ ...F } fragment F on Query { __typename ...G } fragment G on Query { paymentLinks(accountId: "x") { totalCount } }',
  '{ paymentLink(accountId: "x", id: "1") @skip(if: true) { id } __typename }',
  'mutation { updatePaymentLink(input: { accountId: "x", id: "1" }) { userErrors { code } } }',
]

describe('an anonymous request', () => {
  it.each(SCHEMA_ONLY)('serves the schema to an anonymous caller: %s', async (query) => {
    const { status, body } = await ask(query)
    expect([status, body.errors]).toEqual([200, undefined])
  })

  it.each(TO_ACCOUNTS)('refuses everything else to an anonymous caller: %s', async (query) => {
    const before = upstreamCalls()
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const { status, headers, body } = await ask(query, { headers: { accept } })
      expect([status, headers.get('www-authenticate'), body]).toEqual([
        401,
        'Bearer',
        {
          errors: [
            {
              message: expect.any(String),
              extensions: { code: 'UNAUTHENTICATED', requestId: headers.get('x-request-id'), retryable: false },
            },
          ],
        },
      ])
    }
    expect(upstreamCalls()).toBe(before)
  })

  it('checks a document with exponentially many spreads in linear time', async () => {
    const depth = 60
    const fragments = Array.from(
      { length: depth },
      (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`,
    ).join(' ')
    // Visiting every spread would take longer than a test may run.
    const { status } = await ask(`{ ...F0 } ${fragments} fragment F${depth} on Query { account(id: "x") { id } }`)
    // Too large for any caller, so it is refused before the caller is checked.
    expect(status).toBe(400)
  })

  it('reports an invalid operation and serves health routes to an anonymous caller', async () => {
    expect((await ask('{ nothing }')).body.errors?.[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
    for (const path of ['/health/live', '/health/ready']) {
      expect((await fetch(gateway.url.replace('/graphql', path))).status).toBe(200)
    }
  })
})

describe('a request with an invalid token', () => {
  it.each([...SCHEMA_ONLY, ...TO_ACCOUNTS, '{ nothing }'])(
    'refuses a request with an invalid token: %s',
    async (query) => {
      const { status, headers, body } = await ask(query, { token: 'a.b.c' })
      expect([status, headers.get('www-authenticate'), body]).toEqual([
        401,
        'Bearer error="invalid_token"',
        {
          errors: [
            {
              message: 'The token cannot be verified.',
              extensions: { code: 'UNAUTHENTICATED', requestId: headers.get('x-request-id'), retryable: false },
            },
          ],
        },
      ])
    },
  )

  it('does not even read the body of a request with an invalid token', async () => {
    const response = await sendRaw(
      Number(new URL(gateway.url).port),
      'POST /graphql HTTP/1.1\r\nhost: a.example\r\nauthorization: Bearer a.b.c\r\ncontent-type: application/json\r\n' +
        'content-length: 1000000\r\nconnection: close\r\n\r\n{',
    )
    expect(response.status).toBe(401)
  })

  it.each([
    [
      'two headers, the valid one first',
      (good: string) => `authorization: Bearer ${good}\r\nauthorization: Bearer a.b.c`,
    ],
    [
      'two headers, the valid one last',
      (good: string) => `authorization: Bearer a.b.c\r\nAuthorization: Bearer ${good}`,
    ],
    ['two equal headers', (good: string) => `authorization: Bearer ${good}\r\nauthorization: Bearer ${good}`],
    ['an empty header', () => 'authorization:'],
    ['a folded header', (good: string) => `authorization: Bearer\r\n ${good}`],
    ['a name with a space', (good: string) => `authorization : Bearer ${good}`],
  ])('refuses a token smuggled in by %s', async (_, headerFor) => {
    const query = JSON.stringify({ query: '{ __typename }' })
    const response = await sendRaw(
      Number(new URL(gateway.url).port),
      `POST /graphql HTTP/1.1\r\nhost: a.example\r\n${headerFor(await tokenFor('*'))}\r\n` +
        `content-type: application/json\r\ncontent-length: ${query.length}\r\nconnection: close\r\n\r\n${query}`,
    )
    expect([400, 401]).toContain(response.status)
    expect(response.body).not.toContain('"data"')
  })
})

describe('a token for one account', () => {
  it('serves an account that the token grants', async () => {
    const token = await tokenFor([granted])
    const { status, body } = await ask(`{ paymentLinks(accountId: "${granted}", first: 1) { nodes { accountId } } }`, {
      token,
    })
    expect([status, body]).toEqual([200, { data: { paymentLinks: { nodes: [{ accountId: granted }] } } }])
  })

  it('refuses another account with 200, even when it is in the cache', async () => {
    const query = `{ paymentLinks(accountId: "${other}", first: 1) { nodes { accountId } } }`
    expect((await ask(query, { token: await tokenFor('*') })).body.errors).toBeUndefined()
    const before = upstreamCalls()
    const { status, body } = await ask(query, { token: await tokenFor([granted]) })
    expect([status, body.data, body.errors?.[0]?.extensions.code]).toEqual([200, { paymentLinks: null }, 'FORBIDDEN'])
    expect(upstreamCalls()).toBe(before)
  })

  it('fails only the keys of other accounts in a list, each at its own index', async () => {
    const token = await tokenFor([granted])
    const keysOf = [granted, other, granted].map((id) => `{ accountId: "${id}", id: "${linkOf(id)}" }`).join(' ')
    const { body } = await ask(
      `{ paymentLinksByKeys(keys: [${keysOf}]) { accountId } accountsByIds(ids: ["${other}", "${granted}"]) { id } }`,
      { token },
    )
    expect(body.data).toEqual({
      paymentLinksByKeys: [{ accountId: granted }, null, { accountId: granted }],
      accountsByIds: [null, { id: granted }],
    })
    expect(body.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual(
      expect.arrayContaining([
        [['paymentLinksByKeys', 1], 'FORBIDDEN'],
        [['accountsByIds', 0], 'FORBIDDEN'],
      ]),
    )
    expect(body.errors).toHaveLength(2)
  })
})

describe('the grant to write', () => {
  const updateOf = (accountId: string) =>
    `mutation { updatePaymentLink(input: { accountId: "${accountId}", id: "${linkOf(accountId)}", requiredCustomerDetail: true }) ` +
    '{ paymentLink { accountId account { id paymentLinks(first: 1) { totalCount } } } userErrors { code } } }'

  it('refuses a write to a caller who may only read', async () => {
    const before = upstreamCalls()
    const { body } = await ask(updateOf(granted), { token: await tokenFor('*', 'payment-links:read') })
    expect([body.data, body.errors?.[0]?.extensions.code]).toEqual([{ updatePaymentLink: null }, 'FORBIDDEN'])
    expect(upstreamCalls()).toBe(before)
  })

  it('refuses a write without waiting for the lock or calling the upstream', async () => {
    const catalogueCalls = () => gateway.sandbox.log.count('payment-methods')
    let release = (): void => {}
    const released = new Promise<void>((resolve) => (release = resolve))
    const remove = gateway.sandbox.beforeResponse(({ operation }) => (operation === 'update' ? released : undefined))
    const before = gateway.sandbox.log.count('update')
    // The link has to differ from the update, or there is nothing to write.
    gateway.sandbox.patchLink(granted, Number(linkOf(granted)), { requiredCustomerDetail: false })
    const writing = ask(updateOf(granted), { token: await tokenFor([granted], 'payment-links:write') })
    await expect.poll(() => gateway.sandbox.log.count('update')).toBe(before + 1)
    const calls = [upstreamCalls(), catalogueCalls()]
    const { body } = await ask(updateOf(granted), { token: await tokenFor([other], 'payment-links:write') })
    expect(body.errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    expect([upstreamCalls(), catalogueCalls()]).toEqual(calls)
    release()
    expect((await writing).body.errors?.map(({ path }) => path?.at(-1))).toEqual(['paymentLinks'])
    remove()
  })

  it('refuses a write to an account that the token does not grant', async () => {
    const token = await tokenFor([granted], 'payment-links:read payment-links:write')
    const { body } = await ask(updateOf(other), { token })
    expect([body.data, body.errors?.[0]?.extensions.code]).toEqual([{ updatePaymentLink: null }, 'FORBIDDEN'])
  })

  it('shows a caller who may only write the written link and nothing else', async () => {
    const { body } = await ask(updateOf(granted), { token: await tokenFor([granted], 'payment-links:write') })
    expect(body.data).toEqual({
      updatePaymentLink: {
        paymentLink: { accountId: granted, account: { id: granted, paymentLinks: null } },
        userErrors: [],
      },
    })
    expect(body.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['updatePaymentLink', 'paymentLink', 'account', 'paymentLinks'], 'FORBIDDEN'],
    ])
  })
})

describe('a key set that cannot be fetched', () => {
  it('responds 503 with a Retry-After when the keys cannot be fetched', async () => {
    const down = await startGatewayOver(gateway.sandbox.url, {
      AUTH_MODE: 'jwt',
      JWT_JWKS_URL: 'http://127.0.0.1:1/keys',
      JWT_ISSUER: ISSUER,
      JWT_AUDIENCE: AUDIENCE,
      SINGAPAY_API_KEY: 'a',
      SINGAPAY_CLIENT_ID: 'b',
      SINGAPAY_CLIENT_SECRET: 'c',
    })
    try {
      const { status, headers, body } = await ask('{ __typename }', { token: await tokenFor('*'), url: down.url })
      expect([status, headers.get('retry-after'), body]).toEqual([
        503,
        '5',
        {
          errors: [
            {
              message: 'The keys that verify tokens cannot be fetched right now.',
              extensions: {
                code: 'OVERLOADED',
                requestId: headers.get('x-request-id'),
                retryable: true,
                retryAfterMs: 5_000,
              },
            },
          ],
        },
      ])
      expect((await ask('{ __typename }', { url: down.url })).status).toBe(200)
    } finally {
      await down.stop()
    }
  })
})
