import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendRaw, startTinyServer, type TinyServer } from './tiny-server.js'

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

describe('a target', () => {
  it.each<[what: string, text: string]>([
    ['with a slash behind it', `POST /graphql/ HTTP/1.1\r\nhost: localhost\r\n${CLOSE}${JSON_BODY}`],
    ['that is a whole address', `POST http://localhost/graphql HTTP/1.1\r\nhost: localhost\r\n${CLOSE}${JSON_BODY}`],
    [
      'that is a whole address, whatever Host says',
      `POST HTTP://127.0.0.1:4000/graphql/ HTTP/1.1\r\nhost: evil.example\r\n${CLOSE}${JSON_BODY}`,
    ],
    ['of HTTP/1.0', `POST /graphql HTTP/1.0\r\nhost: localhost\r\n${JSON_BODY}`],
    ['of HTTP/1.0 without a host', `POST /graphql HTTP/1.0\r\n${JSON_BODY}`],
    [
      'by GET, with a slash',
      `GET /graphql/?query={hello} HTTP/1.1\r\nhost: localhost\r\n${CLOSE}apollo-require-preflight: 1\r\n\r\n`,
    ],
  ])('%s is answered as /graphql is', async (_what, text) => {
    for (const { port } of [server, open]) {
      const answer = await sendRaw(port, text)
      expect([answer.status, answer.body]).toEqual([200, '{"data":{"hello":"world"}}\n'])
    }
  })

  it.each([
    ['of HTTP/1.0 without a host, as HAProxy asks', 'GET /health/ready HTTP/1.0\r\n\r\n'],
    [
      'of HTTP/1.0 that stays',
      'GET /health/ready HTTP/1.0\r\nconnection: keep-alive\r\n\r\nGET /nowhere HTTP/1.0\r\n\r\n',
    ],
    ['with a slash behind it', `GET /health/ready/ HTTP/1.1\r\nhost: 10.0.0.7\r\n${CLOSE}\r\n`],
  ])('%s is told whether more work is wanted', async (_what, text) => {
    const answer = await sendRaw(server.port, text)
    expect([answer.status, answer.body.slice(0, 18)]).toEqual([200, '{"status":"ready"}'])
  })

  it('of HEAD is answered without a body', async () => {
    const answer = await sendRaw(server.port, 'HEAD /health/ready HTTP/1.0\r\n\r\n')
    expect([answer.status, answer.body]).toEqual([200, ''])
  })
})

describe('a parameter of a GET that says nothing', () => {
  const ask = async (parameters: string) => {
    const headers = { 'apollo-require-preflight': '1' }
    const answer = await fetch(`${server.graphqlUrl}?${parameters}`, { headers })
    return [answer.status, await answer.json()]
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
  ])('is as good as none: %s', async (parameters) => {
    expect(await ask(parameters)).toEqual([200, { data: { hello: 'world' } }])
  })

  it('leaves the others as they are', async () => {
    const query = encodeURIComponent('query A { a: hello } query B($t: String!) { echo(text: $t) }')
    const variables = encodeURIComponent('{"t":"50% + ä&=?"}')
    await expect(ask(`extensions=&query=${query}&operationName=A`)).resolves.toEqual([200, { data: { a: 'world' } }])
    await expect(ask(`extensions=null&query=${query}&variables=${variables}&operationName=B`)).resolves.toEqual([
      200,
      { data: { echo: '50% + ä&=?' } },
    ])
  })

  it.each(['null', 'A'])('is no name that an operation could have: %s is one', async (name) => {
    const message = `Unknown operation named "${name}".`
    expect(await ask(`query={hello}&operationName=${name}`)).toMatchObject([200, { errors: [{ message }] }])
  })
})

describe('a key of a POST that says nothing', () => {
  it.each([
    { operationName: '' },
    { operationName: null },
    { variables: null },
    { extensions: null },
    { operationName: '', variables: null, extensions: null },
  ])('is as good as none: %j', async (more) => {
    const answer = await server.ask('{ hello }', more as object)
    expect([answer.status, await answer.json()]).toEqual([200, { data: { hello: 'world' } }])
  })

  it('names none of several operations', async () => {
    const answer = await server.ask('query A { hello } query B { hello }', { operationName: '' })
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }] })
  })
})
