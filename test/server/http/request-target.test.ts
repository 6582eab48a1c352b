import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendRaw, startTinyServer, type TinyServer } from '../tiny-server.js'

let server: TinyServer
let open: TinyServer
beforeAll(async () => {
  server = await startTinyServer({ resolvers: { echo: (_source, { text }) => text } })
  open = await startTinyServer({ server: { localNamesOnly: false } })
})
afterAll(() => Promise.all([server.stop(), open.stop()]))

const BODY = '{"query":"{ hello }"}'
const JSON_BODY = `content-type: application/json\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`
const CLOSE = 'connection: close\r\n'

describe('a request target', () => {
  it.each<[what: string, text: string]>([
    ['with a trailing slash', `POST /graphql/ HTTP/1.1\r\nhost: localhost\r\n${CLOSE}${JSON_BODY}`],
    ['in absolute form', `POST http://localhost/graphql HTTP/1.1\r\nhost: localhost\r\n${CLOSE}${JSON_BODY}`],
    [
      'in absolute form, whatever the Host header says',
      `POST HTTP://127.0.0.1:4000/graphql/ HTTP/1.1\r\nhost: evil.example\r\n${CLOSE}${JSON_BODY}`,
    ],
    ['of HTTP/1.0', `POST /graphql HTTP/1.0\r\nhost: localhost\r\n${JSON_BODY}`],
    ['of HTTP/1.0 without a host', `POST /graphql HTTP/1.0\r\n${JSON_BODY}`],
    [
      'by GET, with a trailing slash',
      `GET /graphql/?query={hello} HTTP/1.1\r\nhost: localhost\r\n${CLOSE}apollo-require-preflight: 1\r\n\r\n`,
    ],
  ])('serves GraphQL at a target %s', async (_what, text) => {
    for (const { port } of [server, open]) {
      const response = await sendRaw(port, text)
      expect([response.status, response.body]).toEqual([200, '{"data":{"hello":"world"}}\n'])
    }
  })

  it.each([
    ['of HTTP/1.0 without a host, as HAProxy sends it', 'GET /health/ready HTTP/1.0\r\n\r\n'],
    [
      'of HTTP/1.0 with keep-alive',
      'GET /health/ready HTTP/1.0\r\nconnection: keep-alive\r\n\r\nGET /nowhere HTTP/1.0\r\n\r\n',
    ],
    ['with a trailing slash', `GET /health/ready/ HTTP/1.1\r\nhost: 10.0.0.7\r\n${CLOSE}\r\n`],
  ])('serves the ready route at a target %s', async (_what, text) => {
    const response = await sendRaw(server.port, text)
    expect([response.status, response.body.slice(0, 18)]).toEqual([200, '{"status":"ready"}'])
  })

  it('responds to HEAD without a body', async () => {
    const response = await sendRaw(server.port, 'HEAD /health/ready HTTP/1.0\r\n\r\n')
    expect([response.status, response.body]).toEqual([200, ''])
  })
})

describe('an empty parameter of a GET', () => {
  const ask = async (parameters: string) => {
    const headers = { 'apollo-require-preflight': '1' }
    const response = await fetch(`${server.graphqlUrl}?${parameters}`, { headers })
    return [response.status, await response.json()]
  }

  it.each([
    'query={hello}&operationName=',
    'query={hello}&operationName',
    'query={hello}&variables=',
    'query={hello}&variables=null',
    'query={hello}&variables=%20null%0a',
    'query={hello}&extensions=',
    'query={hello}&extensions=null',
    'operationName=&variables=&extensions=&query={hello}',
    'query={hello}&variables=null&variables={}',
    'query=query+Q+{+hello+}&operationName=&variables={}',
  ])('ignores empty parameters: %s', async (parameters) => {
    expect(await ask(parameters)).toEqual([200, { data: { hello: 'world' } }])
  })

  it('keeps the other parameters unchanged', async () => {
    const query = encodeURIComponent('query A { a: hello } query B($t: String!) { echo(text: $t) }')
    const variables = encodeURIComponent('{"t":"50% + ä&=?"}')
    await expect(ask(`extensions=&query=${query}&operationName=A`)).resolves.toEqual([200, { data: { a: 'world' } }])
    await expect(ask(`extensions=null&query=${query}&variables=${variables}&operationName=B`)).resolves.toEqual([
      200,
      { data: { echo: '50% + ä&=?' } },
    ])
  })

  it.each(['null', 'A'])('keeps %s as an operation name', async (name) => {
    const message = `Unknown operation named "${name}".`
    expect(await ask(`query={hello}&operationName=${name}`)).toMatchObject([200, { errors: [{ message }] }])
  })
})

describe('an empty key of a POST', () => {
  it.each([
    { operationName: '' },
    { operationName: null },
    { variables: null },
    { extensions: null },
    { operationName: '', variables: null, extensions: null },
  ])('ignores empty keys: %j', async (more) => {
    const response = await server.request('{ hello }', more as object)
    expect([response.status, await response.json()]).toEqual([200, { data: { hello: 'world' } }])
  })

  it('treats an empty operation name as none', async () => {
    const response = await server.request('query A { hello } query B { hello }', { operationName: '' })
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }] })
  })
})
