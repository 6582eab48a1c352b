import { createServer, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import type { HttpRequest } from '../../../src/upstream/http/http.js'
import { createTransport } from '../../../src/upstream/http/transport.js'
import { failureOf } from '../../support/with-upstream.js'

const opened: (() => Promise<unknown>)[] = []
afterEach(() => Promise.all(opened.splice(0).map((close) => close())))

it.each(['GET', 'PUT'] as const)('reports a refused connection for a %s as not sent', async (method) => {
  const { port, close } = await listen(() => undefined)
  await close()
  expect(await failureOfSending(method, `http://127.0.0.1:${port}/`)).toMatchObject({
    fault: 'broken',
    wasSent: false,
    systemCode: 'ECONNREFUSED',
  })
})

it.each(['GET', 'PUT'] as const)('reports a %s to a host without an address as not sent', async (method) => {
  expect(await failureOfSending(method, 'http://upstream.invalid/')).toMatchObject({ fault: 'broken', wasSent: false })
})

it('reports a PUT whose TLS handshake fails as not sent', async () => {
  const { port } = await listen((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))
  const failure = await failureOfSending('PUT', `https://127.0.0.1:${port}/`)
  expect(failure).toMatchObject({ fault: 'broken', wasSent: false })
})

it('reports a PUT whose TLS handshake hangs as timed out and not sent', async () => {
  const { port } = await listen(() => undefined)
  const failure = await failureOfSending('PUT', `https://127.0.0.1:${port}/`)
  expect(failure).toMatchObject({ fault: 'timed-out', wasSent: false })
})

it('reports a PUT without a response as timed out and possibly seen', async () => {
  const { port } = await listen(() => undefined)
  const failure = await failureOfSending('PUT', `http://127.0.0.1:${port}/`)
  expect(failure).toMatchObject({ fault: 'timed-out', wasSent: true })
})

it('reports a PUT whose open connection is reset as possibly seen', async () => {
  const { port } = await listen((socket) => socket.once('data', () => socket.resetAndDestroy()))
  const failure = await failureOfSending('PUT', `http://127.0.0.1:${port}/`, 5_000)
  expect(failure).toMatchObject({ fault: 'broken', wasSent: true })
})

it('reports a response that is not HTTP as unreadable', async () => {
  const { port } = await listen((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.6\r\n')))
  const failure = await failureOfSending('PUT', `http://127.0.0.1:${port}/`, 5_000)
  expect(failure).toMatchObject({ fault: 'unreadable', wasSent: true })
})

it('puts neither the URL nor the headers of a request into its error', async () => {
  const { port, close } = await listen(() => undefined)
  await close()
  const error = await failureOfSending('PUT', `http://127.0.0.1:${port}/secret-path`)
  const shown = [String(error), (error as Error).stack, JSON.stringify(error), String((error as Error).cause)].join(
    '\n',
  )
  expect(shown).not.toMatch(new RegExp(`secret|${port}`))
})

function failureOfSending(method: HttpRequest['method'], url: string, timeoutMs = 200): Promise<unknown> {
  const transport = createTransport()
  opened.push(async () => transport.close())
  const headers = { authorization: 'Bearer secret-token' }
  return failureOf(transport.sendHttp({ method, url, headers, timeoutMs, ...(method === 'PUT' ? { body: '{}' } : {}) }))
}

async function listen(
  onConnection: (socket: Socket) => void,
): Promise<{ port: number; close: () => Promise<unknown> }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    onConnection(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const close = () => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  }
  opened.push(close)
  return { port: typeof address === 'object' && address !== null ? address.port : 0, close }
}
