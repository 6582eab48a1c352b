import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTinyServer, type TinyServer } from '../tiny-server.js'
import { drip, openClient, postText, queryText } from './raw-client.js'

const CHUNKED =
  'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n'
const LIVE = 'GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n'
const WRITE = JSON.stringify({ query: 'mutation { write }' })

let server: TinyServer
let writes = 0
beforeAll(async () => {
  const write = () => {
    writes += 1
    return 'written'
  }
  server = await startTinyServer({
    resolvers: { write },
    server: { sockets: { arrivalMs: 200, idleMs: 300, lingerMs: 300 } },
  })
})
afterAll(() => server.stop())

describe('a request that does not arrive in time', () => {
  it.each<[what: string, start: string, piece: string]>([
    ['nothing at all', '', ''],
    ['a header that stops', 'GET /health/live HTTP/1.1\r\nhost: loc', ''],
    ['one header, byte by byte', 'GET /health/live HTTP/1.1\r\nx-slow: ', 'x'],
    ['headers, one by one', 'GET /health/live HTTP/1.1\r\n', 'x: y\r\n'],
    ['empty lines', '\r\n', '\r\n'],
    ['a body that never comes', postText('', { length: 99 }), ''],
    ['a body, byte by byte', postText('', { length: 9_999 }), ' '],
    ['a body in tiny chunks', CHUNKED, '1\r\n \r\n'],
    ['a body that waits for 100 Continue', postText('', { length: 99, headers: 'expect: 100-continue\r\n' }), ''],
  ])('responds 408 and closes when a request does not arrive in time: %s', async (_what, start, piece) => {
    const client = openClient(server.port, { isStubborn: piece !== '' })
    client.socket.write(start)
    if (piece !== '') drip(client, piece, 20)
    await client.closed
    expect(client.statuses()).toEqual([408])
    expect(client.text()).toMatch(/"message":"The request did not arrive in time\.".*"code":"BAD_REQUEST"/)
  })

  it.each<[what: string, start: string, piece: string]>([
    ['a header', 'GET /health/live HTTP/1.1\r\nx-slow: ', 'x'],
    ['a body', postText('', { length: 9_999 }), ' '],
  ])(
    'responds 408 when the second request of a connection does not arrive in time: %s',
    async (_what, start, piece) => {
      const client = openClient(server.port, { isStubborn: true })
      client.socket.write(LIVE)
      await expect.poll(client.statuses).toEqual([200])
      client.socket.write(start)
      drip(client, piece, 20)
      await client.closed
      expect(client.statuses()).toEqual([200, 408])
    },
  )

  it('closes without a second response when a refused request keeps sending its body', async () => {
    const client = openClient(server.port, { isStubborn: true })
    client.socket.write(postText('', { length: 999, headers: 'content-encoding: gzip\r\n' }))
    drip(client, 'x', 20)
    await client.closed
    expect(client.statuses()).toEqual([415])
  })

  it('does not run a late request when the rest of it arrives after all', async () => {
    const client = openClient(server.port)
    client.socket.write(postText(WRITE.slice(0, 9), { length: WRITE.length }))
    await expect.poll(client.statuses).toEqual([408])
    client.socket.write(WRITE.slice(9))
    await client.closed
    expect([client.statuses(), writes]).toEqual([[408], 0])
  })

  it('logs one line for a late request, with the request id sent to the caller', async () => {
    server.log.length = 0
    const client = openClient(server.port)
    client.socket.write(postText('', { length: 99, headers: 'x-request-id: late-1\r\n' }))
    await client.closed
    expect(server.log.map(({ fields }) => fields)).toMatchObject([{ requestId: 'late-1', statusCode: 408 }])
    expect(client.text()).toContain('"requestId":"late-1"')
  })
})

describe('an idle connection', () => {
  it('closes an idle connection even if empty lines arrive', async () => {
    const client = openClient(server.port, { isStubborn: true })
    client.socket.write(LIVE)
    await expect.poll(client.statuses).toEqual([200])
    drip(client, '\r\n', 20)
    await client.closed
    expect(client.statuses()).toEqual([200])
  })

  it('serves every request that arrives in time on one connection', async () => {
    const client = openClient(server.port)
    for (let nth = 1; nth <= 8; nth += 1) {
      client.socket.write(queryText('{ hello }'))
      await expect.poll(client.statuses, { interval: 10 }).toEqual(Array(nth).fill(200))
      await new Promise((passed) => setTimeout(passed, 50))
    }
    client.socket.destroy()
  })
})
