import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RawAnswer, sendRaw, startTinyServer, type TinyServer } from './tiny-server.js'

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
const WRITE = JSON.stringify({ query: 'mutation { write }' })
const JSON_TYPE = { 'content-type': 'application/json' }

interface Refusal {
  readonly what: string
  readonly status: number
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array<ArrayBuffer>
  readonly answerHeaders?: Readonly<Record<string, string>>
}

const REFUSALS: readonly Refusal[] = [
  { what: 'an unknown path', status: 404, method: 'GET', path: '/nowhere' },
  { what: 'a path that only starts like a known one', status: 404, method: 'GET', path: '/graphql/x' },
  { what: 'a path with a broken escape', status: 400, method: 'GET', path: '/%zz' },
  { what: 'PUT', status: 405, method: 'PUT', headers: JSON_TYPE, body: HELLO, answerHeaders: { allow: 'GET, POST' } },
  { what: 'DELETE', status: 405, method: 'DELETE', answerHeaders: { allow: 'GET, POST' } },
  { what: 'OPTIONS while no origin is let in', status: 405, method: 'OPTIONS', answerHeaders: { allow: 'GET, POST' } },
  { what: 'POST to a health route', status: 405, path: '/health/live', answerHeaders: { allow: 'GET, HEAD' } },
  {
    what: 'a mutation by GET',
    status: 405,
    method: 'GET',
    path: '/graphql?query=mutation{write}',
    headers: { 'apollo-require-preflight': '1' },
    answerHeaders: { allow: 'POST' },
  },
  { what: 'a POST without content type or body', status: 400 },
  { what: 'a body without content type', status: 415, body: new TextEncoder().encode(HELLO) },
  { what: 'plain text', status: 415, headers: { 'content-type': 'text/plain' }, body: HELLO },
  {
    what: 'a form',
    status: 415,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'query={hello}',
  },
  { what: 'application/graphql', status: 415, headers: { 'content-type': 'application/graphql' }, body: '{ hello }' },
  {
    what: 'another charset',
    status: 415,
    headers: { 'content-type': 'application/json; charset=utf-16' },
    body: HELLO,
  },
  { what: 'a compressed body', status: 415, headers: { ...JSON_TYPE, 'content-encoding': 'gzip' }, body: HELLO },
  { what: 'truncated JSON', status: 400, headers: JSON_TYPE, body: '{"query":"{ hello' },
  { what: 'an empty body', status: 400, headers: JSON_TYPE, body: '' },
  { what: 'bytes that are not UTF-8', status: 400, headers: JSON_TYPE, body: new Uint8Array([0x22, 0xff, 0x22]) },
  { what: 'a JSON scalar', status: 400, headers: JSON_TYPE, body: '1' },
  {
    what: 'a body with a __proto__ key',
    status: 400,
    headers: JSON_TYPE,
    body: '{"query":"{ hello }","__proto__":{}}',
  },
  { what: 'an array batch', status: 400, headers: JSON_TYPE, body: `[${HELLO},${HELLO}]` },
  { what: 'a body without a query', status: 400, headers: JSON_TYPE, body: '{"variables":{}}' },
  { what: 'a query that is not text', status: 400, headers: JSON_TYPE, body: '{"query":{"kind":"Document"}}' },
  {
    what: 'variables that are not an object',
    status: 400,
    headers: JSON_TYPE,
    body: '{"query":"{hello}","variables":[1]}',
  },
  {
    what: 'a body that is too large',
    status: 413,
    headers: JSON_TYPE,
    body: JSON.stringify({ query: ' '.repeat(20_000) }),
  },
  {
    what: 'a GET that a page can send without a preflight',
    status: 400,
    method: 'GET',
    path: '/graphql?query={hello}',
  },
  { what: 'a browser where there is no page', status: 404, method: 'GET', headers: { accept: 'text/html' } },
  { what: 'a POST that accepts HTML only', status: 406, headers: { ...JSON_TYPE, accept: 'text/html' }, body: HELLO },
  {
    what: 'a mutation whose answer cannot be accepted',
    status: 406,
    headers: { ...JSON_TYPE, accept: 'image/png' },
    body: WRITE,
  },
]

describe('what the HTTP layer refuses', () => {
  it.each(REFUSALS)('answers $status to $what, in the one error shape', async (refusal) => {
    const { status, method = 'POST', path = '/graphql', headers = {}, body, answerHeaders = {} } = refusal
    const answer = await fetch(`${server.url}${path}`, { method, headers, ...(body === undefined ? {} : { body }) })
    expect(answer.status).toBe(status)
    expectRefusal(Object.fromEntries(answer.headers), await answer.text())
    expect(Object.fromEntries(answer.headers)).toMatchObject(answerHeaders)
  })

  it('has run no mutation that it refused', () => {
    expect(writes).toBe(0)
  })

  it('answers HEAD of /graphql with 405 and no body', async () => {
    const answer = await fetch(server.graphqlUrl, { method: 'HEAD' })
    expect([answer.status, answer.headers.get('allow'), await answer.text()]).toEqual([405, 'GET, POST', ''])
  })
})

const RAW_REFUSALS: readonly { what: string; status: number; text: string }[] = [
  { what: 'bytes that are not HTTP', status: 400, text: 'HELLO\r\n\r\n' },
  { what: 'a method that HTTP does not know', status: 400, text: 'FOO /graphql HTTP/1.1\r\nhost: localhost\r\n\r\n' },
  { what: 'no Host header', status: 400, text: 'GET /health/live HTTP/1.1\r\nconnection: close\r\n\r\n' },
  {
    what: 'a Host that is no host',
    status: 400,
    text: 'GET /graphql HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n',
  },
  {
    what: 'a header over the limit',
    status: 431,
    text: `GET /graphql HTTP/1.1\r\nhost: localhost\r\nx-long: ${'x'.repeat(20_000)}\r\n\r\n`,
  },
  {
    what: 'two bodies in one (length and chunks)',
    status: 400,
    text: 'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  },
]

describe('what only a raw socket can send', () => {
  it.each(RAW_REFUSALS)('answers $status to $what, in the one error shape', async ({ status, text }) => {
    const answer = await sendRaw(server.port, text)
    expect(answer.status).toBe(status)
    expectRefusal(Object.fromEntries(answer.headers), answer.body)
  })

  it('answers a request with an expectation it does not know', async () => {
    const answer = await sendRaw(
      server.port,
      'GET /health/live HTTP/1.1\r\nhost: x\r\nexpect: tea\r\nconnection: close\r\n\r\n',
    )
    expect([answer.status, answer.body]).toEqual([200, '{"status":"live"}'])
  })
})

describe('the Host check', () => {
  const ask = (host: string): Promise<RawAnswer> =>
    sendRaw(
      server.port,
      `POST /graphql HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\ncontent-type: application/json\r\n` +
        `content-length: ${HELLO.length}\r\n\r\n${HELLO}`,
    )

  it.each(['localhost', 'LOCALHOST:4000', '127.0.0.1', '127.0.0.1:4000', '[::1]', '[::1]:4000'])(
    'lets %s in',
    async (host) => {
      const answer = await ask(host)
      expect([answer.status, JSON.parse(answer.body)]).toEqual([200, { data: { hello: 'world' } }])
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
  ])('answers 421 to %s', async (host) => {
    const answer = await ask(host)
    expect(answer.status).toBe(421)
    expectRefusal(Object.fromEntries(answer.headers), answer.body)
  })

  it('leaves health routes to probes that come by address', async () => {
    const answer = await sendRaw(
      server.port,
      'GET /health/ready HTTP/1.1\r\nhost: 10.0.0.7\r\nconnection: close\r\n\r\n',
    )
    expect([answer.status, answer.body]).toEqual([200, '{"status":"ready"}'])
  })

  it('is left out where callers are checked otherwise', async () => {
    const open = await startTinyServer({ server: { localNamesOnly: false } })
    try {
      const text = `POST /graphql HTTP/1.1\r\nhost: gateway.example\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${HELLO.length}\r\n\r\n${HELLO}`
      expect((await sendRaw(open.port, text)).status).toBe(200)
    } finally {
      await open.stop()
    }
  })
})

function expectRefusal(headers: Readonly<Record<string, string>>, body: string): void {
  const requestId = headers['x-request-id']
  expect(requestId).toMatch(/^[\w.-]{1,64}$/)
  expect(headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'private, no-store',
    'x-content-type-options': 'nosniff',
  })
  expect(JSON.parse(body)).toEqual({
    errors: [
      { message: expect.stringMatching(/\w/), extensions: { code: 'BAD_REQUEST', requestId, retryable: false } },
    ],
  })
}
