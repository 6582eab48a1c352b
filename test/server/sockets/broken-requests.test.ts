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
  ['a method that is none', 'FOO /graphql HTTP/1.1\r\n\r\n'],
  ['a header over the limit', `GET /graphql HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`],
  ['a chunk without a length', `${CHUNKED}zz\r\n`],
  ['two lengths', 'POST /graphql HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['the first line of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['the beginning of TLS', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03'],
  ['a wish for a tunnel', 'CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example\r\n\r\n'],
  ['the half of a request', 'GET /health/live HTT'],
]

describe('what is broken behind a change that is being made', () => {
  it.each(BROKEN)('leaves its answer whole, and ends the connection after it: %s', async (_what, bytes) => {
    const client = openClient(server.port)
    client.socket.write(Buffer.from(WRITE + bytes, 'latin1'))
    // Half of a request is broken off only when no more can come.
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

  it('comes in a packet of its own, or in many, and changes nothing of that', async () => {
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

  it('leaves the answers of those that wait behind it, in their order', async () => {
    const client = openClient(server.port)
    client.socket.write(`${WRITE}${queryText('{ hello }')}${queryText('{ hello hello2: hello }')}HELLO\r\n\r\n`)
    await expect.poll(() => entered).toBe(1)
    release()
    await client.closed
    expect(client.statuses()).toEqual([200, 200, 200])
    expect(client.text()).toMatch(/"written"[\s\S]*"hello":"world"}}[\s\S]*"hello2":"world"}}\s*$/)
  })
})

describe('what is broken and alone', () => {
  it.each(BROKEN)('is refused in the one error shape, once: %s', async (_what, bytes) => {
    const client = openClient(server.port)
    client.socket.end(Buffer.from(bytes, 'latin1'))
    await client.closed
    const status = bytes.includes('x'.repeat(20_000)) && bytes.startsWith('GET') ? 431 : 400
    expect(client.statuses()).toEqual([status])
    expect(client.text()).toMatch(/^content-type: application\/json/m)
    expect(client.text()).toMatch(/"code":"BAD_REQUEST"/)
    expect(client.text().match(/"errors"/g)).toHaveLength(1)
  })

  it('is refused with the id of the request where it is in its body, and is not run', async () => {
    const client = openClient(server.port)
    const head = CHUNKED.replace('\r\n\r\n', '\r\nx-request-id: broken-1\r\n\r\n')
    client.socket.write(`${head}9\r\n{"query":\r\nzz\r\n`)
    await client.closed
    expect([client.statuses(), entered]).toEqual([[400], 0])
    expect(client.text()).toContain('"requestId":"broken-1"')
    expect(server.log.map(({ fields }) => fields)).toMatchObject([{ requestId: 'broken-1', statusCode: 400 }])
  })

  it('comes after an answer and is refused behind it', async () => {
    const client = openClient(server.port)
    client.socket.write(queryText('{ hello }'))
    await expect.poll(client.statuses).toEqual([200])
    client.socket.write('HELLO\r\n\r\n')
    await client.closed
    expect(client.statuses()).toEqual([200, 400])
  })

  it('says no more where its request was refused by its header', async () => {
    const client = openClient(server.port)
    client.socket.write(`${CHUNKED.replace('\r\n\r\n', '\r\ncontent-encoding: gzip\r\n\r\n')}zz\r\n`)
    await client.closed
    expect(client.statuses()).toEqual([415])
  })
})

describe('a wish to speak another protocol', () => {
  it.each(['websocket', 'h2c'])('is ignored, and the request answered: %s', async (protocol) => {
    const client = openClient(server.port)
    const headers = `connection: upgrade, close\r\nupgrade: ${protocol}\r\n`
    client.socket.write(postText('{"query":"{ hello }"}', { headers }))
    await client.closed
    expect(client.statuses()).toEqual([200])
  })
})
