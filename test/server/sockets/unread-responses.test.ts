import { createHash } from 'node:crypto'
import { get, request as httpRequest } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { startTinyServer, type TinyOptions, type TinyServer } from '../tiny-server.js'
import { openClient, queryText } from './raw-client.js'

/** More than the buffers of both sockets and the system between them can hold. */
const LARGE = '€'.repeat(6_000_000)
const LARGE_BYTES = 3 * LARGE.length

const started: TinyServer[] = []
afterEach(async () => {
  await Promise.all(started.splice(0).map((server) => server.stop()))
})

/** A server that counts the large responses it makes. */
async function start(sockets: NonNullable<TinyOptions['server']>['sockets']) {
  const made = { count: 0 }
  const wait = () => {
    made.count += 1
    return LARGE
  }
  const server = await startTinyServer({ resolvers: { wait }, server: { sockets, maxBodyBytes: 1_000_000 } })
  started.push(server)
  const statuses = () => server.log.map(({ fields }) => fields['statusCode'])
  return { server, made, statuses }
}

const ASK_LARGE = queryText('{ wait }')

describe('an unread response', () => {
  it('cuts off a caller who does not read, and serves others meanwhile', async () => {
    const { server, statuses } = await start({ stallMs: 400 })
    const client = openClient(server.port, { reads: false })
    client.socket.write(ASK_LARGE)
    expect((await server.request('{ hello }')).status).toBe(200)
    await expect.poll(statuses, { timeout: 10_000 }).toEqual([200, 499])
    client.socket.destroy()
  })

  it('cuts off a caller who does not read but keeps sending', async () => {
    const { server, statuses } = await start({ stallMs: 400 })
    const client = openClient(server.port, { reads: false })
    client.socket.write(ASK_LARGE)
    const sending = setInterval(() => client.socket.write(ASK_LARGE), 50)
    await expect.poll(statuses, { timeout: 10_000 }).toEqual([499])
    clearInterval(sending)
    client.socket.destroy()
  })

  it('does not start the next response on a connection while one is unread', async () => {
    const { server, made, statuses } = await start({ stallMs: 1_000 })
    const client = openClient(server.port, { reads: false })
    client.socket.write(ASK_LARGE.repeat(60))
    await expect.poll(statuses, { timeout: 10_000 }).toEqual([499])
    expect(made.count).toBe(1)
    client.socket.destroy()
  })

  it('cuts off the longest stalled response first when unread responses hold too much', async () => {
    const { server, statuses } = await start({ stallMs: 600_000, unreadBytesMax: 2.5 * LARGE_BYTES })
    expect(statuses()).toEqual([])
    const clients = [1, 2, 3, 4].map(() => openClient(server.port, { reads: false }))
    for (const client of clients) client.socket.write(ASK_LARGE)
    await expect.poll(statuses, { timeout: 50_000 }).toEqual([499, 499])
    for (const client of clients.slice(2)) client.read()
    await expect.poll(statuses, { timeout: 10_000 }).toEqual([499, 499, 200, 200])
    for (const client of clients) client.socket.destroy()
  }, 60_000)
})

describe('a slow response', () => {
  it('sends a response completely, with its length, however slowly it is read', async () => {
    const { server, statuses } = await start({ stallMs: 1_000 })
    const hash = createHash('sha256')
    const received = await new Promise<NodeJS.ReadableStream & { headers: Record<string, unknown> }>((resolve) => {
      const asking = httpRequest(server.graphqlUrl, { method: 'POST', headers: { 'content-type': 'application/json' } })
      asking.on('response', (response) => resolve(response as never)).end('{"query":"{ wait }"}')
    })
    const startedAt = performance.now()
    for await (const chunk of received) {
      hash.update(chunk)
      await new Promise((passed) => setTimeout(passed, 5))
    }
    expect(performance.now() - startedAt).toBeGreaterThan(1_000)
    const expected = `{"data":{"wait":"${LARGE}"}}\n`
    expect(received.headers['content-length']).toBe(String(Buffer.byteLength(expected)))
    expect(hash.digest('hex')).toBe(createHash('sha256').update(expected).digest('hex'))
    await expect.poll(statuses).toEqual([200])
  }, 60_000)

  it('does not cut off a response that takes long to compute', async () => {
    const server = await startTinyServer({
      resolvers: { wait: () => new Promise((resolve) => setTimeout(resolve, 500, 'made')) },
      server: { sockets: { stallMs: 50 } },
    })
    started.push(server)
    expect(await (await server.request('{ wait }')).json()).toEqual({ data: { wait: 'made' } })
  })
})

describe('pipelined requests', () => {
  it('serves pipelined requests one at a time, in order', async () => {
    let inWork = 0
    const seen: number[] = []
    const echo = async (_source: unknown, { text }: { text: string }) => {
      inWork += 1
      seen.push(inWork)
      await new Promise((resolve) => setImmediate(resolve))
      inWork -= 1
      return text
    }
    const server = await startTinyServer({ resolvers: { echo } })
    started.push(server)
    const client = openClient(server.port)
    const names = Array.from({ length: 100 }, (_, nth) => `"n${nth}"`)
    client.socket.end(names.map((name) => queryText(`{ echo(text: ${name}) }`)).join(''))
    await client.closed
    expect([...client.text().matchAll(/"echo":("n\d+")/g)].map(([, name]) => name)).toEqual(names)
    expect(new Set(seen)).toEqual(new Set([1]))
  })

  it('closes a connection with more than a hundred waiting requests', async () => {
    const { server, made } = await start({})
    const client = openClient(server.port)
    client.socket.write(`GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n`.repeat(500))
    await client.closed
    expect(client.statuses().length).toBeLessThanOrEqual(101)
    expect(made.count).toBe(0)
    expect(
      await new Promise((resolve) => get(`${server.url}/health/live`, (received) => resolve(received.statusCode))),
    ).toBe(200)
  })
})
