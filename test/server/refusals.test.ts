import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { REFUSALS } from './refusal-table.js'
import { type RawResponse, sendRaw, startTinyServer, type TinyServer } from './tiny-server.js'

let server: TinyServer
let writes = 0

beforeAll(async () => {
  server = await startTinyServer({
    resolvers: {
      write: () => {
        writes += 1
        return 'written'
      },
    },
  })
})
afterAll(() => server.stop())

const HELLO = JSON.stringify({ query: '{ hello }' })

describe('a refusal by the HTTP layer', () => {
  it.each(REFUSALS)('responds $status to $what in the common error shape', async (refusal) => {
    const { status, says, responseHeaders = {} } = refusal
    const { path, ...request } = refusal.sent
    const response = await fetch(`${server.url}${path}`, request)
    expect(response.status).toBe(status)
    expectRefusal(Object.fromEntries(response.headers), await response.text(), says)
    expect(Object.fromEntries(response.headers)).toMatchObject(responseHeaders)
  })

  it.each(REFUSALS.filter(({ sent }) => sent.path.startsWith('/graphql') && !sent.headers?.['accept']))(
    'responds $status to $what in the GraphQL media type when it is preferred',
    async ({ status, sent }) => {
      const { path, ...request } = sent
      const accept = 'application/graphql-response+json, application/json;q=0.9'
      const response = await fetch(`${server.url}${path}`, { ...request, headers: { ...request.headers, accept } })
      const isElsewhere = !/^\/graphql\/?(\?|$)/.test(path)
      const type = isElsewhere ? 'application/json' : 'application/graphql-response+json'
      expect([response.status, response.headers.get('content-type')]).toEqual([status, `${type}; charset=utf-8`])
    },
  )

  it('runs no mutation that it refuses', () => {
    expect(writes).toBe(0)
  })

  it('responds to HEAD /graphql with 405 and no body', async () => {
    const response = await fetch(server.graphqlUrl, { method: 'HEAD' })
    expect([response.status, response.headers.get('allow'), await response.text()]).toEqual([405, 'GET, POST', ''])
  })
})

const RAW_REFUSALS: readonly { what: string; status: number; text: string }[] = [
  { what: 'bytes that are not HTTP', status: 400, text: 'HELLO\r\n\r\n' },
  { what: 'an unknown HTTP method', status: 400, text: 'FOO /graphql HTTP/1.1\r\nhost: localhost\r\n\r\n' },
  {
    what: 'the target *',
    status: 404,
    text: 'OPTIONS * HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n',
  },
  {
    what: 'an absolute target of another host',
    status: 421,
    text: 'GET http://evil.example/graphql HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n',
  },
  {
    what: 'an absolute target without a host',
    status: 400,
    text: 'GET http:///graphql HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n',
  },
  { what: 'no Host header', status: 400, text: 'GET /health/live HTTP/1.1\r\nconnection: close\r\n\r\n' },
  {
    what: 'a malformed Host',
    status: 400,
    text: 'GET /graphql HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n',
  },
  {
    what: 'a header over the limit',
    status: 431,
    text: `GET /graphql HTTP/1.1\r\nhost: localhost\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`,
  },
  {
    what: 'a body with both a length and chunks',
    status: 400,
    text: 'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  },
]

describe('a refusal that only a raw socket can cause', () => {
  it.each(RAW_REFUSALS)('responds $status to $what in the common error shape', async ({ status, text }) => {
    const response = await sendRaw(server.port, text)
    expect(response.status).toBe(status)
    expectRefusal(Object.fromEntries(response.headers), response.body)
  })

  it('serves a request with an unknown expectation', async () => {
    const response = await sendRaw(
      server.port,
      'GET /health/live HTTP/1.1\r\nhost: x\r\nexpect: tea\r\nconnection: close\r\n\r\n',
    )
    expect([response.status, response.body]).toEqual([200, '{"status":"live"}'])
  })
})

describe('the Host check', () => {
  const ask = (host: string): Promise<RawResponse> =>
    sendRaw(
      server.port,
      `POST /graphql HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\ncontent-type: application/json\r\n` +
        `content-length: ${HELLO.length}\r\n\r\n${HELLO}`,
    )

  it.each(['localhost', 'LOCALHOST:4000', '127.0.0.1', '127.0.0.1:4000', '[::1]', '[::1]:4000'])(
    'accepts the Host %s',
    async (host) => {
      const response = await ask(host)
      expect([response.status, JSON.parse(response.body)]).toEqual([200, { data: { hello: 'world' } }])
    },
  )

  it.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '127.0.0.2',
    'localhost:',
    '0.0.0.0',
    '[::2]',
  ])('responds 421 to the Host %s', async (host) => {
    const response = await ask(host)
    expect(response.status).toBe(421)
    expectRefusal(Object.fromEntries(response.headers), response.body)
  })

  it('accepts any Host on health routes, for probes that use an address', async () => {
    const response = await sendRaw(
      server.port,
      'GET /health/ready HTTP/1.1\r\nhost: 10.0.0.7\r\nconnection: close\r\n\r\n',
    )
    expect([response.status, response.body]).toEqual([200, '{"status":"ready"}'])
  })

  it('accepts any Host when callers are authenticated', async () => {
    const open = await startTinyServer({ server: { localNamesOnly: false } })
    try {
      const text = `POST /graphql HTTP/1.1\r\nhost: gateway.example\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${HELLO.length}\r\n\r\n${HELLO}`
      expect((await sendRaw(open.port, text)).status).toBe(200)
    } finally {
      await open.stop()
    }
  })
})

function expectRefusal(headers: Readonly<Record<string, string>>, body: string, says: RegExp | string = /\w/): void {
  const requestId = headers['x-request-id']
  expect(requestId).toMatch(/^[\w.-]{1,64}$/)
  expect(headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
  })
  expect(JSON.parse(body)).toEqual({
    errors: [
      {
        message: typeof says === 'string' ? says : expect.stringMatching(says),
        extensions: { code: 'BAD_REQUEST', requestId, retryable: false },
      },
    ],
  })
}
