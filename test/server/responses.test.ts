import { GraphQLError } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GatewayError } from '../../src/kernel/errors.js'
import { startTinyServer, type TinyServer } from './tiny-server.js'

let server: TinyServer
let failure: unknown

beforeAll(async () => {
  server = await startTinyServer({
    resolvers: {
      fail: () => {
        throw failure
      },
      write: () => {
        throw failure
      },
      echo: (_source, { text, times }: { text: string; times: number }) => text.repeat(times),
    },
  })
})
afterAll(() => server.stop())

const SECRET = 'eyJhbGciOi-secret-token'
const MASKED = 'Something went wrong on our side. Quote the request id.'

async function errorOf(query: string, more?: Parameters<TinyServer['request']>[1]) {
  const response = await server.request(query, more)
  const text = await response.text()
  const { errors } = JSON.parse(text) as {
    errors: [{ message: string; path?: unknown; extensions: Record<string, unknown> }]
  }
  return { status: response.status, requestId: response.headers.get('x-request-id'), text, error: errors[0], errors }
}

describe('a deliberate error', () => {
  it('shows the code, message and details of a deliberate error, and nothing else', async () => {
    failure = new GatewayError('UPSTREAM_UNAVAILABLE', 'The payment API cannot be reached.', {
      retryAfterMs: 1_500,
      upstreamStatus: 503,
      cause: new Error(SECRET),
    })
    const { status, error, requestId, text } = await errorOf('{ fail }')
    expect(status).toBe(200)
    expect(error).toEqual({
      message: 'The payment API cannot be reached.',
      locations: [{ line: 1, column: 3 }],
      path: ['fail'],
      extensions: {
        code: 'UPSTREAM_UNAVAILABLE',
        requestId,
        retryable: true,
        retryAfterMs: 1_500,
        upstreamStatus: 503,
      },
    })
    expect(text).not.toContain(SECRET)
  })

  it('marks REQUEST_TIMEOUT as retryable for a query but not for a mutation', async () => {
    failure = new GatewayError('REQUEST_TIMEOUT', 'The request ran out of time.')
    const query = await errorOf('{ fail }')
    const mutation = await errorOf('mutation { write }')
    expect([query.error.extensions['retryable'], mutation.error.extensions['retryable']]).toEqual([true, false])
  })

  it('keeps the code of a GraphQLError when the code is in the error table', async () => {
    failure = new GraphQLError('Not yours.', { extensions: { code: 'FORBIDDEN', inner: SECRET } })
    const { error, requestId } = await errorOf('{ fail }')
    expect([error.message, error.extensions]).toEqual([
      'Not yours.',
      { code: 'FORBIDDEN', requestId, retryable: false },
    ])
  })

  it('lists each broken constraint of an argument without echoing the input', async () => {
    const validationErrors = [
      { property: 'maxUsage', target: { SECRET }, value: SECRET, constraints: { min: 'must not be less than 1' } },
      { property: 'items', children: [{ property: '0', value: SECRET, constraints: { isUrl: 'must be a URL' } }] },
    ]
    failure = new GraphQLError('Argument Validation Error', {
      extensions: { code: 'BAD_USER_INPUT', validationErrors },
    })
    const { error, requestId, text } = await errorOf('{ fail }')
    expect(error.message).toBe(
      'The argument is not valid: maxUsage: must not be less than 1 (min); items.0: must be a URL (isUrl).',
    )
    expect(error.extensions).toEqual({ code: 'BAD_USER_INPUT', requestId, retryable: false })
    expect(text).not.toContain(SECRET)
  })
})

describe('an unexpected error', () => {
  const UNEXPECTED: readonly { what: string; thrown: () => unknown }[] = [
    { what: 'an Error with a host and a token', thrown: () => new Error(`connect https://inner.example ${SECRET}`) },
    { what: 'a thrown string', thrown: () => SECRET },
    { what: 'a GraphQLError without a code', thrown: () => new GraphQLError(SECRET) },
    {
      what: 'a GraphQLError with an unknown code',
      thrown: () => new GraphQLError(SECRET, { extensions: { code: 'SQL' } }),
    },
    {
      what: 'a GraphQLError whose code is a property of every object',
      thrown: () => new GraphQLError(SECRET, { extensions: { code: 'toString' } }),
    },
    {
      what: 'an Error with forged extensions',
      thrown: () => Object.assign(new Error(SECRET), { extensions: { code: 'BAD_REQUEST' } }),
    },
  ]

  it.each(UNEXPECTED)('masks $what and logs it with the request id', async ({ thrown }) => {
    failure = thrown()
    server.log.length = 0
    const { status, error, requestId, text } = await errorOf('{ fail }')
    expect(status).toBe(200)
    expect([error.message, error.extensions]).toEqual([
      MASKED,
      { code: 'INTERNAL_SERVER_ERROR', requestId, retryable: false },
    ])
    for (const hidden of [SECRET, 'inner.example', 'stack', ' at ', '.ts']) expect(text).not.toContain(hidden)
    expect(server.log).toContainEqual(
      expect.objectContaining({
        level: 'error',
        fields: expect.objectContaining({ requestId, err: expect.anything() }),
      }),
    )
  })

  it('masks the error when a resolver returns null for a non-null field', async () => {
    const { status, error } = await errorOf('{ solid }')
    expect([status, error.message, error.path]).toEqual([200, MASKED, ['solid']])
  })
})

const GRAPHQL_ERRORS: readonly {
  what: string
  code: string
  query: string
  variables?: object
  operationName?: string
}[] = [
  { what: 'a syntax error', code: 'GRAPHQL_PARSE_FAILED', query: '{ hello' },
  { what: 'a field that does not exist', code: 'GRAPHQL_VALIDATION_FAILED', query: '{ nothing }' },
  { what: 'a literal of the wrong type', code: 'GRAPHQL_VALIDATION_FAILED', query: '{ area(shape: { width: "x" }) }' },
  {
    what: 'a variable of the wrong type',
    code: 'BAD_USER_INPUT',
    query: 'query ($s: Shape!) { area(shape: $s) }',
    variables: { s: { width: 'x' } },
  },
  { what: 'a missing variable', code: 'BAD_USER_INPUT', query: 'query ($s: Shape!) { area(shape: $s) }' },
  {
    what: 'two operations without an operation name',
    code: 'OPERATION_RESOLUTION_FAILURE',
    query: 'query A { hello } query B { hello }',
  },
  {
    what: 'an operation name that is not in the document',
    code: 'OPERATION_RESOLUTION_FAILURE',
    query: 'query A { hello }',
    operationName: 'B',
  },
  {
    what: 'a subscription, which the schema does not have',
    code: 'GRAPHQL_VALIDATION_FAILED',
    query: 'subscription { __typename }',
  },
]

describe('an operation that cannot be run', () => {
  it.each(GRAPHQL_ERRORS)(
    'responds with $code to $what: 200 in plain JSON, 400 in the GraphQL media type',
    async ({ code, query, ...more }) => {
      for (const [accept, status] of [
        ['application/json', 200],
        ['*/*', 200],
        ['application/json, application/graphql-response+json', 200],
        ['application/graphql-response+json', 400],
        ['application/graphql-response+json, application/json;q=0.9', 400],
      ] as const) {
        const response = await server.request(query, { ...more, headers: { accept } })
        const { errors } = (await response.json()) as { errors: { extensions: object }[] }
        const type = status === 400 ? 'application/graphql-response+json' : 'application/json'
        expect([response.status, response.headers.get('content-type')]).toEqual([status, `${type}; charset=utf-8`])
        const requestId = response.headers.get('x-request-id')
        expect(errors[0]?.extensions).toEqual({ code, requestId, retryable: false })
      }
    },
  )

  it('responds with BAD_USER_INPUT to null for a variable that has a default', async () => {
    const { error } = await errorOf('query ($n: Int = 2) { echo(text: "a", times: $n) }', { variables: { n: null } })
    expect(error.extensions['code']).toBe('BAD_USER_INPUT')
    expect(error.message).toContain('times')
  })

  it('refuses a persisted query with 400 and PERSISTED_QUERY_NOT_SUPPORTED', async () => {
    const body = { extensions: { persistedQuery: { version: 1, sha256Hash: 'abc' } } }
    const response = await fetch(server.graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect([response.status, response.headers.get('cache-control')]).toEqual([400, 'private, no-store'])
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } }] })
  })
})

describe('response headers', () => {
  it('sends responses that are private, are not sniffed, and vary by caller and Accept', async () => {
    const response = await server.request('{ hello }')
    expect(await response.json()).toEqual({ data: { hello: 'world' } })
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
      vary: 'Accept, Authorization',
    })
    expect(response.headers.has('x-upstream')).toBe(false)
  })

  it('echoes a safe request id and replaces any other', async () => {
    const idOf = async (sent: string) =>
      (await server.request('{ hello }', { headers: { 'x-request-id': sent } })).headers.get('x-request-id')
    expect(await idOf('trace-1.A_b')).toBe('trace-1.A_b')
    for (const bad of ['a b', 'x'.repeat(65), '{"a":1}', 'a,b', 'é']) expect(await idOf(bad)).toMatch(/^[\da-f-]{36}$/)
  })

  it('gives every request its own id', async () => {
    const responses = await Promise.all(Array.from({ length: 20 }, () => errorOf('{ nothing }')))
    expect(new Set(responses.map(({ requestId }) => requestId)).size).toBe(20)
    for (const { requestId, error } of responses) expect(error.extensions['requestId']).toBe(requestId)
  })

  it('marks responses from the sandbox', async () => {
    const sandboxed = await startTinyServer({ server: { fromSandbox: true } })
    try {
      expect((await sandboxed.request('{ hello }')).headers.get('x-upstream')).toBe('sandbox')
    } finally {
      await sandboxed.stop()
    }
  })
})

describe('queries by GET', () => {
  it('runs a query by GET when its headers force a CORS preflight', async () => {
    const url = `${server.graphqlUrl}?query=${encodeURIComponent('query ($t: String!) { echo(text: $t) }')}&variables={"t":"hi"}`
    const response = await fetch(url, { headers: { 'apollo-require-preflight': 'yes' } })
    expect([response.status, await response.json()]).toEqual([200, { data: { echo: 'hi' } }])
  })
})

describe('the access log', () => {
  it('logs one line per request, with the operation name and none of the input', async () => {
    server.log.length = 0
    const response = await server.request('query Greet($t: String!) { echo(text: $t) }', { variables: { t: SECRET } })
    await response.text()
    await expect.poll(() => server.log.length).toBe(1)
    expect(server.log[0]).toEqual({
      level: 'info',
      message: 'request',
      fields: {
        requestId: response.headers.get('x-request-id'),
        method: 'POST',
        route: '/graphql',
        statusCode: 200,
        durationMs: expect.any(Number),
        operationName: 'Greet',
      },
    })
  })

  it('never logs the path of a request that matched no route', async () => {
    server.log.length = 0
    await fetch(`${server.url}/${SECRET}`)
    await expect.poll(() => server.log.length).toBe(1)
    expect(server.log[0]?.fields).toMatchObject({ route: 'none', statusCode: 404 })
    expect(JSON.stringify(server.log)).not.toContain(SECRET)
  })
})

describe('introspection', () => {
  it('answers introspection while it is on', async () => {
    const response = await server.request('{ __schema { queryType { name } } }')
    expect(await response.json()).toEqual({ data: { __schema: { queryType: { name: 'Query' } } } })
  })

  it('refuses introspection while it is off, and suggests no names either', async () => {
    const quiet = await startTinyServer({ server: { introspection: false } })
    try {
      const asked = await quiet.request('{ __schema { queryType { name } } }')
      expect(await asked.json()).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] })
      const guessed = await (await quiet.request('{ hellp }')).text()
      expect(guessed).not.toMatch(/did you mean|hello/i)
      expect(await (await server.request('{ hellp }')).text()).toMatch(/did you mean.*hello/i)
    } finally {
      await quiet.stop()
    }
  })
})

describe('CORS', () => {
  it('lets an allowed origin read 404 and 405 responses too', async () => {
    const origin = 'https://shop.example'
    const open = await startTinyServer({ server: { corsOrigins: [origin] } })
    try {
      for (const [method, path, status] of [
        ['GET', '/nowhere', 404],
        ['PUT', '/graphql', 405],
      ] as const) {
        const response = await fetch(open.url + path, { method, headers: { origin } })
        expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([status, origin])
      }
    } finally {
      await open.stop()
    }
  })

  it('allows exact origins only, and none by default', async () => {
    const open = await startTinyServer({ server: { corsOrigins: ['https://shop.example'] } })
    try {
      const allowedFor = async (from: TinyServer, origin: string) =>
        (await from.request('{ hello }', { headers: { origin } })).headers.get('access-control-allow-origin')
      expect(await allowedFor(open, 'https://shop.example')).toBe('https://shop.example')
      expect(await allowedFor(open, 'https://shop.example.evil')).toBeNull()
      expect(await allowedFor(open, 'null')).toBeNull()
      expect(await allowedFor(server, 'https://shop.example')).toBeNull()
      const preflight = await fetch(open.graphqlUrl, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://shop.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type',
        },
      })
      expect(preflight.status).toBe(204)
      expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type')
      expect((await open.request('{ hello }')).headers.get('vary')).toBe('Origin, Accept, Authorization')
    } finally {
      await open.stop()
    }
  })
})
