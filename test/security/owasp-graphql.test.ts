import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLogger } from '../../src/telemetry/logger.js'
import { sendRaw } from '../server/tiny-server.js'
import { gatewayOfFile, startTestGateway, type TestGateway, type TestGatewayOptions } from '../support/gateway.js'
import { type SignedGateway, startSignedGateway } from './owasp-api/signed-gateway.js'

/** The OWASP GraphQL cheat sheet, bullet by bullet; SECURITY.md has the list. */
const gateway = gatewayOfFile()
let accountId: string
beforeAll(() => {
  accountId = gateway.sandbox.accounts[0]?.id ?? ''
})

const times = (count: number, of: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => of(n)).join(' ')

async function expectRefused(query: string, code: string): Promise<void> {
  const { errors } = await gateway.request(query)
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual([code])
  expect(gateway.sandbox.log.count()).toBe(0)
}

async function withGateway(options: TestGatewayOptions, run: (gateway: TestGateway) => Promise<void>): Promise<void> {
  const another = await startTestGateway(options)
  try {
    await run(another)
  } finally {
    await another.stop()
  }
}

describe('OWASP GraphQL cheat sheet: input validation', () => {
  const UPDATE =
    'mutation ($input: UpdatePaymentLinkInput!) { updatePaymentLink(input: $input) { userErrors { code } } }'

  it.each([
    ['a scalar of another type', { maxUsage: '5' }],
    ['a word that is not in the enum', { status: 'open' }],
    ['an instant that is none', { expiredAt: '2026-13-01T00:00:00Z' }],
    ['a list for a map', { optionalMetadata: [] }],
    ['a field that the input does not have', { isAdmin: true }],
    ['an object with an operator for a text', { redirectUrl: { $ne: null } }],
  ])('specific types: %s is refused', async (_what, fields) => {
    const { errors } = await gateway.request(UPDATE, { input: { accountId, id: '1', ...fields } })
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT'])
    expect(gateway.sandbox.log.count()).toBe(0)
  })

  it('list of allowed characters: no text but a ULID and a number ever becomes part of an upstream path', async () => {
    const odd = fc.constantFrom(
      '/',
      '..',
      '%2e',
      '\\r\\n',
      '\u0000',
      '?',
      '#',
      ';',
      "' OR 1=1 --",
      '$(id)',
      '\u202e',
      '😀',
    )
    const text = fc
      .array(fc.oneof(odd, fc.string({ unit: 'grapheme', maxLength: 12 })), { maxLength: 5 })
      .map((parts) => parts.join(''))
    const query = 'query ($a: ID!, $b: ID!) { paymentLink(accountId: $a, id: $b) { id } account(id: $a) { name } }'
    await fc.assert(
      fc.asyncProperty(text, text, async (a, b) => {
        await gateway.request(query, { a, b })
        await gateway.request(query, { a: accountId + a, b: `1${b}` })
        const paths = gateway.sandbox.log.entries
          .filter(({ operation }) => operation !== 'token')
          .map(({ path }) => path)
        const strange = paths.filter(
          (path) => !/^\/api\/v1\.0\/payment-link-manage\/[0-9A-Z]{26}(\/\d{1,19})?$/.test(path),
        )
        expect(strange).toEqual([])
      }),
      { numRuns: 60, seed: 20_261_121 },
    )
  })

  it('one character encoding: a body that is not UTF-8, or declares another charset, is refused', async () => {
    const send = (type: string, body: Uint8Array<ArrayBuffer>) =>
      fetch(gateway.url, { method: 'POST', headers: { 'content-type': type }, body })
    const latin1 = new Uint8Array(Buffer.from('{"query":"{ __typename } # é"}', 'latin1'))
    const utf16 = new Uint8Array(Buffer.from('{"query":"{ __typename }"}', 'utf16le'))
    expect((await send('application/json', latin1)).status).toBe(400)
    expect((await send('application/json', utf16)).status).toBe(400)
    expect((await send('application/json; charset=utf-16', utf16)).status).toBe(415)
  })

  it('a refusal of invalid input says what was expected and reveals nothing of the implementation', async () => {
    const { text } = await gateway.request(`{ account(id: "${"'; DROP TABLE accounts; --"}") { name } }`)
    expect(text).toContain('An account id is a ULID, 26 characters in upper case, but got:')
    expect(text).not.toMatch(/regex|\^\[|stack|\.[jt]s:/i)
  })
})

describe('OWASP GraphQL cheat sheet: injection', () => {
  it('a log entry stays on one line, whatever names, ids and codes contain', async () => {
    const lines: string[] = []
    const logger = createLogger('debug', { write: (line) => void lines.push(line) })
    await withGateway({ app: { logger } }, async ({ request, url, sandbox }) => {
      const id = String(sandbox.linksOf(accountId)[0]?.id)
      const forged = 'x\n{"level":"info","audit":"updatePaymentLink","caller":"somebody else"}\u2028\u001b[2K'
      const input = { accountId, id, whitelistedPaymentMethod: [forged], expectedVersion: forged }
      const query =
        'mutation ($input: UpdatePaymentLinkInput!) { updatePaymentLink(input: $input) { userErrors { code } } }'
      await request(query, { input })
      await request(query, { input: { ...input, accountId: forged, id: forged } })
      const body = JSON.stringify({ query: 'query A { __typename }', operationName: forged })
      await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      await fetch(`${url}/${encodeURIComponent(forged)}`)
    })
    expect(lines.length).toBeGreaterThan(4)
    for (const line of lines)
      expect([line.trimEnd().split('\n').length, typeof JSON.parse(line)]).toEqual([1, 'object'])
    const callers = lines
      .map((line) => (JSON.parse(line) as { caller?: string }).caller)
      .filter((caller) => caller !== undefined)
    expect(callers).toEqual(['local', 'local'])
  })

  it.each([
    ['a request id with a line end', 'x-request-id: a\nset-cookie: b=c'],
    ['a header that is folded', 'x-a: b\r\n set-cookie: b=c'],
    ['two lengths', 'content-length: 5\r\ncontent-length: 6'],
    ['a length and chunks', 'content-length: 5\r\ntransfer-encoding: chunked'],
    ['chunks that are misspelt', 'transfer-encoding: xchunked'],
  ])('no second header or request is smuggled in: %s', async (_what, header) => {
    const head = `POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${header}\r\nconnection: close\r\n\r\n`
    const smuggled = 'GET /health/live HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n'
    const { status, headers, body } = await sendRaw(Number(new URL(gateway.url).port), `${head}0\r\n\r\n${smuggled}`)
    expect([status, headers.has('set-cookie')]).toEqual([400, false])
    expect(body).not.toMatch(/HTTP\/1\.1|"live"/)
  })
})

describe('OWASP GraphQL cheat sheet: limits', () => {
  it('DoS prevention, depth limiting: types that refer to each other are cut at depth 12', async () => {
    const circle = 'nodes { account { paymentLinks(first: 1) { '
    const query = `{ paymentLinks(accountId: "${accountId}", first: 1) { ${circle.repeat(5)} totalCount ${'} } }'.repeat(5)} } }`
    await expectRefused(query, 'QUERY_TOO_COMPLEX')
  })

  it.each([101, 1_000_000, -1, 0])('DoS prevention, amount limiting: first: %i is refused', async (first) => {
    await expectRefused(`{ paymentLinks(accountId: "${accountId}", first: ${first}) { totalCount } }`, 'BAD_USER_INPUT')
  })

  it('DoS prevention, pagination: a list without arguments returns 25 rows of 200', async () => {
    const { data } = await gateway.request<{ paymentLinks: { nodes: unknown[]; totalCount: number } }, unknown>(
      `{ paymentLinks(accountId: "${accountId}") { totalCount nodes { id } } }`,
    )
    expect([data?.paymentLinks.nodes.length, data?.paymentLinks.totalCount]).toEqual([25, 200])
  })

  it('DoS prevention, query cost analysis: nested lists are priced before they are read', async () => {
    const inner = 'nodes { account { paymentLinks(first: 100) { nodes { id } } } }'
    await expectRefused(`{ paymentLinks(accountId: "${accountId}", first: 100) { ${inner} } }`, 'QUERY_TOO_COMPLEX')
  })

  it('DoS prevention, query cost analysis: 2^30 rows through fragments are priced before they are read', async () => {
    const fragments = Array.from({ length: 30 }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)
    const last = `fragment F30 on Query { paymentLinks(accountId: "${accountId}") { totalCount } }`
    await expectRefused(`{ ...F0 } ${fragments.join(' ')} ${last}`, 'QUERY_TOO_COMPLEX')
  })

  it('DoS prevention, query cost analysis: the metadata of 100 links under 60 aliases, 98 MB, is refused', async () => {
    const aliases = times(60, (n) => `a${n}: optionalMetadata`)
    const links = (selection: string) =>
      `{ paymentLinks(accountId: "${accountId}", first: 100) { nodes { ${selection} } } }`
    await expectRefused(links(aliases), 'QUERY_TOO_COMPLEX')
    const pages = times(60, (n) => `a${n}: paymentLinks(accountId: $account, first: 100) { ...Metadata }`)
    const fragment = 'fragment Metadata on PaymentLinkConnection { nodes { optionalMetadata } }'
    await withGateway({ env: { MAX_UPSTREAM_CALLS: '100000' } }, async ({ request, sandbox }) => {
      const { errors } = await request(`query ($account: ID!) { ${pages} } ${fragment}`, { account: accountId })
      expect(errors?.[0]?.message).toMatch(/^MAX_ANSWER_BYTES: at most 33554432, but got \d{8,9}\.$/)
      expect(sandbox.log.count()).toBe(0)
    })
    expect((await gateway.request(links('optionalMetadata'))).errors).toBeUndefined()
  })

  it('DoS prevention, query cost analysis: the errors of invalid references are priced, with their paths', async () => {
    const representations = Array.from({ length: 1_000 }, () => 1)
    const alias = (n: number) => `${'a'.repeat(100)}${n}`
    const query = (count: number) =>
      `query ($of: [_Any!]!) { ${times(count, (n) => `${alias(n)}: _entities(representations: $of) { __typename }`)} }`
    const refused = await gateway.request(query(60), { of: representations })
    expect(refused.errors?.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^MAX_ANSWER_BYTES: at most 33554432, but got \d{8}\.$/),
    ])
    const { errors, text } = await gateway.request(query(2), { of: representations })
    expect([errors?.length, text.length < 2_000_000]).toEqual([2_000, true])
  })

  it('DoS prevention: circular fragments are refused', async () => {
    await expectRefused(
      '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
      'GRAPHQL_VALIDATION_FAILED',
    )
  })

  it('batching attacks: one mutation under many aliases is priced once per alias', async () => {
    const update = `updatePaymentLink(input: { accountId: "${accountId}", id: "1" }) { userErrors { code } }`
    const query = `mutation { ${Array.from({ length: 20 }, (_, n) => `m${n}: ${update}`).join(' ')} }`
    await expectRefused(query, 'QUERY_TOO_COMPLEX')
  })

  it('batching attacks: ids can be guessed under at most 60 aliases a request', async () => {
    const guesses = Array.from(
      { length: 61 },
      (_, n) => `g${n}: paymentLink(accountId: "${accountId}", id: "${n + 1}") { id }`,
    )
    await expectRefused(`{ ${guesses.join(' ')} }`, 'QUERY_TOO_COMPLEX')
  })

  it('input validation: a document that is nested too deep to parse is refused without a crash', async () => {
    await expectRefused(`{ account(id: ${'['.repeat(1_900)}${']'.repeat(1_900)}) { id } }`, 'QUERY_TOO_COMPLEX')
    await expectRefused(`{ ${'a { '.repeat(1_300)}`, 'QUERY_TOO_COMPLEX')
  })

  it('error handling: a thousand mistakes give a short list of errors', async () => {
    const mistakes = Array.from({ length: 1_000 }, (_, n) => `no${n}`)
    const { errors, text } = await gateway.request(`{ account(id: "${accountId}") { ${mistakes.join(' ')} } }`)
    expect(errors?.length).toBeLessThanOrEqual(26)
    expect(text.length).toBeLessThan(20_000)
  })

  it('DoS prevention, timeouts: a request ends within its time limit, however long the upstream takes', async () => {
    await withGateway(
      { env: { REQUEST_TIMEOUT_MS: '300', UPSTREAM_TIMEOUT_MS: '5000' } },
      async ({ request, sandbox }) => {
        sandbox.faults.add({ kind: 'hang' })
        const { errors } = await request(`{ account(id: "${accountId}") { name } }`)
        expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['REQUEST_TIMEOUT'])
      },
    )
  })

  it('DoS prevention, rate limiting: each caller has a limit of their own, applied before their body is read', async () => {
    await withGateway({ env: { RATE_LIMIT_PER_MINUTE: '1' } }, async ({ request, url }) => {
      expect((await request('{ __typename }')).status).toBe(200)
      const response = await sendRaw(
        Number(new URL(url).port),
        'POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 1000\r\nconnection: close\r\n\r\n{',
      )
      expect(response.status).toBe(429)
    })
  })

  it('DoS prevention, server-side batching and caching: sixty aliases of one link are one call', async () => {
    const [link] = gateway.sandbox.linksOf(accountId)
    const asked = times(60, (n) => `a${n}: paymentLink(accountId: "${accountId}", id: "${link?.id}") { title }`)
    expect((await gateway.request(`{ ${asked} }`)).errors).toBeUndefined()
    expect(gateway.sandbox.log.count() - gateway.sandbox.log.count('token')).toBe(1)
  })

  it('batching attacks: several operations in one request are refused', async () => {
    const one = JSON.stringify({ query: '{ __typename }' })
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(gateway.url, { method: 'POST', headers, body: `[${one},${one}]` })
    expect(response.status).toBe(400)
    const document = 'query A { __typename } query B { __typename }'
    expect((await gateway.request(document)).errors?.[0]?.extensions.code).toBe('OPERATION_RESOLUTION_FAILURE')
  })
})

describe('OWASP GraphQL cheat sheet: access control', () => {
  let signed: SignedGateway
  let other: string
  beforeAll(async () => {
    signed = await startSignedGateway()
    other = signed.sandbox.accounts.map(({ id }) => id).find((id) => id !== accountId) ?? ''
  })
  afterAll(() => signed.stop())

  it.each(['edges { node { id } }', 'edges { cursor }', 'nodes { id }', 'totalCount', 'pageInfo { endCursor }'])(
    'authorization applies to edges and nodes alike: %s',
    async (selection) => {
      const query = `{ paymentLinks(accountId: "${accountId}") { ${selection} } }`
      expect((await signed.askAs(await signed.tokenFor([accountId]), query)).codes).toEqual([])
      const { data, codes } = await signed.askAs(await signed.tokenFor([other]), query)
      expect([data, codes]).toEqual([{ paymentLinks: null }, ['FORBIDDEN']])
    },
  )

  it('knowing an id grants no access: in a list of keys, each foreign key fails alone', async () => {
    const query = `{ accountsByIds(ids: ["${accountId}", "${other}"]) { id name } }`
    const { data, codes } = await signed.askAs(await signed.tokenFor([other]), query)
    expect([data, codes]).toEqual([{ accountsByIds: [null, { id: other, name: expect.any(String) }] }, ['FORBIDDEN']])
  })

  it('a grant to read does not allow a write', async () => {
    const mutation = `mutation { updatePaymentLink(input: { accountId: "${accountId}", id: "1", maxUsage: 5 }) { userErrors { code } } }`
    const before = signed.calls()
    expect((await signed.askAs(await signed.tokenFor('*'), mutation)).codes).toEqual(['FORBIDDEN'])
    expect((await signed.askAs(undefined, mutation)).status).toBe(401)
    expect(signed.calls()).toBe(before)
  })
})

describe('OWASP GraphQL cheat sheet: secure configuration', () => {
  it('introspection, GraphiQL and suggestions can each be turned off', async () => {
    await withGateway({ env: { INTROSPECTION: 'off', GRAPHIQL: 'off' } }, async ({ request, url }) => {
      expect((await request('{ __schema { types { name } } }')).data).toBeUndefined()
      expect((await request('{ paymentLinkz { id } }')).text).not.toMatch(/did you mean|paymentLinks/i)
      const page = await fetch(url, { headers: { accept: 'text/html,*/*;q=0.1' } })
      expect([page.ok, page.headers.get('content-type')]).toEqual([false, expect.stringContaining('json')])
    })
  })

  it('excessive errors: an internal failure returns only a code and a request id', async () => {
    gateway.sandbox.faults.add({ kind: 'html-500', operation: 'list' })
    const { errors, text } = await gateway.request(`{ paymentLinks(accountId: "${accountId}") { totalCount } }`)
    gateway.sandbox.faults.clear()
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', requestId: expect.any(String) })
    expect(Object.keys(errors?.[0]?.extensions ?? {}).sort()).toEqual([
      'code',
      'requestId',
      'retryable',
      'upstreamStatus',
    ])
    expect(text).not.toMatch(/<html|stack|127\.0\.0\.1|payment-link-manage/)
  })
})
