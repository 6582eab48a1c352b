import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RequestScope } from '../../../src/graphql/scope.js'
import { startTinyServer, type TinyServer } from '../tiny-server.js'
import { openClient, queryText } from './raw-client.js'

let server: TinyServer
let scopes: RequestScope[]
let release: (value: string) => void
beforeEach(async () => {
  scopes = []
  const released = new Promise<string>((resolve) => {
    release = resolve
  })
  const wait = (_source: unknown, _arguments: unknown, scope: RequestScope) => {
    scopes.push(scope)
    return released
  }
  const sockets = { probeMs: 20 }
  server = await startTinyServer({ resolvers: { wait }, requestTimeoutMs: 600_000, server: { sockets } })
})
afterEach(async () => {
  release('late')
  await server.stop()
})

const WAIT = queryText('{ wait }')
const INTERIM = 'HTTP/1.1 100 Continue\r\n\r\n'

const statusesLogged = () => server.log.map(({ fields }) => fields['statusCode'])

describe('a caller who has closed their sending side', () => {
  it.each([
    ['a query', queryText('{ hello }'), [200]],
    ['a query of HTTP/1.0', queryText('{ hello }').replace('1.1', '1.0'), [200]],
    ['a health check of HTTP/1.0 without a host', 'GET /health/ready HTTP/1.0\r\n\r\n', [200]],
    ['several requests at once', queryText('{ hello }').repeat(3), [200, 200, 200]],
    ['a request that is refused', 'GET /nowhere HTTP/1.1\r\nhost: localhost\r\n\r\n', [404]],
  ])('responds to a caller who has finished sending, then closes: %s', async (_what, text, statuses) => {
    const client = openClient(server.port)
    client.socket.end(text)
    await client.closed
    expect(client.statuses()).toEqual(statuses)
  })

  it('sends interim responses to a caller who has finished sending, then the final one', async () => {
    const client = openClient(server.port)
    client.socket.end(WAIT)
    await expect.poll(client.text).toContain(INTERIM.repeat(4))
    expect(scopes[0]?.deadline.signal.aborted).toBe(false)
    release('in the end')
    await client.closed
    expect(client.statuses()).toEqual([200])
    expect(client.text()).toContain('{"data":{"wait":"in the end"}}')
  })

  it('sends no interim responses over HTTP/1.0', async () => {
    const client = openClient(server.port)
    client.socket.end(WAIT.replace('1.1', '1.0'))
    await expect.poll(() => scopes).toHaveLength(1)
    const newer = openClient(server.port)
    newer.socket.end(WAIT)
    await expect.poll(newer.text).toContain(INTERIM.repeat(2))
    release('in the end')
    await client.closed
    expect(client.text()).not.toContain(INTERIM)
    expect(client.statuses()).toEqual([200])
  })
})

describe('a caller who leaves', () => {
  it.each<[how: string, leave: (socket: ReturnType<typeof openClient>['socket']) => unknown]>([
    ['closing the connection', (socket) => socket.destroy()],
    ['resetting the connection', (socket) => socket.resetAndDestroy()],
    ['finishing sending first', (socket) => socket.end(() => socket.destroy())],
  ])('cancels the request of a caller who leaves by %s', async (_how, leave) => {
    const client = openClient(server.port)
    client.socket.write(WAIT)
    await expect.poll(() => scopes).toHaveLength(1)
    leave(client.socket)
    await expect.poll(() => scopes[0]?.deadline.signal.aborted).toBe(true)
    await expect.poll(statusesLogged).toEqual([499])
  })

  it('notices a caller who leaves long after they finished sending', async () => {
    const client = openClient(server.port)
    client.socket.end(WAIT)
    await expect.poll(client.text).toContain(INTERIM.repeat(4))
    client.socket.destroy()
    await expect.poll(() => scopes[0]?.deadline.signal.aborted, { timeout: 10_000 }).toBe(true)
  })

  it('drops queued requests when the caller leaves', async () => {
    const client = openClient(server.port)
    client.socket.write(WAIT.repeat(3))
    await expect.poll(() => scopes).toHaveLength(1)
    client.socket.destroy()
    await expect.poll(statusesLogged).toEqual([499])
    release('late')
    await fetch(`${server.url}/health/live`)
    expect(scopes).toHaveLength(1)
  })
})

describe('a half-closed connection', () => {
  it('closes a half-closed connection when the server stops', async () => {
    const client = openClient(server.port)
    client.socket.end(WAIT)
    await expect.poll(() => scopes).toHaveLength(1)
    const stopped = server.stop()
    release('in the end')
    await Promise.all([stopped, client.closed])
    expect(client.statuses()).toEqual([200])
  })

  it.each([
    ['before any request', ''],
    ['after a request', queryText('{ hello }')],
  ])('closes an idle half-closed connection at once: %s', async (_what, text) => {
    const client = openClient(server.port)
    client.socket.write(text)
    await expect.poll(client.statuses).toHaveLength(text === '' ? 0 : 1)
    client.socket.end()
    await client.closed
  })
})
