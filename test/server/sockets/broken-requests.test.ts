import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTinyServer, type TinyServer } from '../tiny-server.js'
import { openClient, postText, queryText } from './raw-client.js'

let server: TinyServer
let entered = 0
let release: () => void
beforeEach(async () => {
  entered = 0
  const released = new Promise<string>((resolve) => {
    release = () => resolve('written')
  })
  const write = () => {
    entered += 1
    return released
  }
  server = await startTinyServer({ resolvers: { write } })
})
afterEach(() => server.stop())

const WRITE = queryText('mutation { write }')
const CHUNKED =
  'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n'

const BROKEN: readonly (readonly [what: string, bytes: string])[] = [
  ['one byte', '\0'],
  ['text', 'HELLO\r\n\r\n'],
  ['a megabyte of text', `HELLO${'x'.repeat(1_000_000)}`],
  ['an unknown method', 'FOO /graphql HTTP/1.1\r\n\r\n'],
  ['a header over the limit', `GET /graphql HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`],
  ['a chunk without a length', `${CHUNKED}zz\r\n`],
  ['two lengths', 'POST /graphql HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['the HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a TLS handshake', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03'],
  ['a CONNECT request', 'CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example\r\n\r\n'],
  ['half a request', 'GET /health/live HTT'],
]

describe('a broken request behind a mutation', () => {
  it.each(BROKEN)('finishes the mutation and then closes the connection: %s', async (_what, bytes) => {
    const client = openClient(server.port)
    client.socket.write(Buffer.from(WRITE + bytes, 'latin1'))
    // Half a request is broken only once no more can arrive.
    if (bytes.endsWith('HTT')) client.socket.end()
    await expect.poll(() => entered).toBe(1)
    await fetch(`${server.url}/health/live`)
    expect(client.text()).toBe('')
    release()
    await client.closed
    expect(client.statuses()).toEqual([200])
    expect(client.text()).toMatch(/^connection: close\r$/im)
    expect(client.text()).toMatch(/{"data":{"write":"written"}}\s*$/)
  })

  it('finishes the mutation when broken bytes follow in several packets', async () => {
    const client = openClient(server.port)
    client.socket.write(WRITE)
    await expect.poll(() => entered).toBe(1)
    for (let nth = 0; nth < 5; nth += 1) {
      client.socket.write('broken')
      await fetch(`${server.url}/health/live`)
    }
    release()
    await client.closed
    expect(client.statuses()).toEqual([200])
  })

  it('answers complete requests before a broken one in their order', async () => {
    const client = openClient(server.port)
    client.socket.write(`${WRITE}${queryText('{ hello }')}${queryText('{ hello hello2: hello }')}HELLO\r\n\r\n`)
    await expect.poll(() => entered).toBe(1)
    release()
    await client.closed
    expect(client.statuses()).toEqual([200, 200, 200])
    expect(client.text()).toMatch(/"written"[\s\S]*"hello":"world"}}[\s\S]*"hello2":"world"}}\s*$/)
  })
})

describe('a broken request on its own', () => {
  it.each(BROKEN)('refuses a broken request once, in the common error shape: %s', async (_what, bytes) => {
    const client = openClient(server.port)
    client.socket.end(Buffer.from(bytes, 'latin1'))
    await client.closed
    const status = bytes.includes('x'.repeat(20_000)) && bytes.startsWith('GET') ? 431 : 400
    expect(client.statuses()).toEqual([status])
    expect(client.text()).toMatch(/^content-type: application\/json/m)
    expect(client.text()).toMatch(/"code":"BAD_REQUEST"/)
    expect(client.text().match(/"errors"/g)).toHaveLength(1)
  })

  it('refuses a request with a broken body under its own request id, and does not run it', async () => {
    const client = openClient(server.port)
    const head = CHUNKED.replace('\r\n\r\n', '\r\nx-request-id: broken-1\r\n\r\n')
    client.socket.write(`${head}9\r\n{"query":\r\nzz\r\n`)
    await client.closed
    expect([client.statuses(), entered]).toEqual([[400], 0])
    expect(client.text()).toContain('"requestId":"broken-1"')
    expect(server.log.map(({ fields }) => fields)).toMatchObject([{ requestId: 'broken-1', statusCode: 400 }])
  })

  it('refuses a broken request after an earlier response', async () => {
    const client = openClient(server.port)
    client.socket.write(queryText('{ hello }'))
    await expect.poll(client.statuses).toEqual([200])
    client.socket.write('HELLO\r\n\r\n')
    await client.closed
    expect(client.statuses()).toEqual([200, 400])
  })

  it('sends no second response when a refused request has a broken body', async () => {
    const client = openClient(server.port)
    client.socket.write(`${CHUNKED.replace('\r\n\r\n', '\r\ncontent-encoding: gzip\r\n\r\n')}zz\r\n`)
    await client.closed
    expect(client.statuses()).toEqual([415])
  })
})

describe('a request to upgrade', () => {
  it.each(['websocket', 'h2c'])('ignores an upgrade to %s and serves the request', async (protocol) => {
    const client = openClient(server.port)
    const headers = `connection: upgrade, close\r\nupgrade: ${protocol}\r\n`
    client.socket.write(postText('{"query":"{ hello }"}', { headers }))
    await client.closed
    expect(client.statuses()).toEqual([200])
  })
})
