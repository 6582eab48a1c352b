import { createServer, type Socket } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import type { HttpCall } from '../../src/upstream/exchange.js'
import { createTransport } from '../../src/upstream/transport.js'
import { failureOf } from '../support/with-upstream.js'

const opened: (() => Promise<unknown>)[] = []
afterEach(() => Promise.all(opened.splice(0).map((close) => close())))

it.each(['GET', 'PUT'] as const)('a refused %s was not sent', async (method) => {
  const { port, close } = await listen(() => undefined)
  await close()
  expect(await exchange(method, `http://127.0.0.1:${port}/`)).toMatchObject({
    fault: 'broken',
    wasSent: false,
    systemCode: 'ECONNREFUSED',
  })
})

it.each(['GET', 'PUT'] as const)('a %s to a host without an address was not sent', async (method) => {
  expect(await exchange(method, 'http://upstream.invalid/')).toMatchObject({ fault: 'broken', wasSent: false })
})

it('a PUT whose TLS handshake fails was not sent', async () => {
  const { port } = await listen((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))
  expect(await exchange('PUT', `https://127.0.0.1:${port}/`)).toMatchObject({ fault: 'broken', wasSent: false })
})

it('a PUT whose TLS handshake hangs times out and was not sent', async () => {
  const { port } = await listen(() => undefined)
  expect(await exchange('PUT', `https://127.0.0.1:${port}/`)).toMatchObject({ fault: 'timed-out', wasSent: false })
})

it('a PUT that nobody answers times out and may have been seen', async () => {
  const { port } = await listen(() => undefined)
  expect(await exchange('PUT', `http://127.0.0.1:${port}/`)).toMatchObject({ fault: 'timed-out', wasSent: true })
})

it('a PUT whose connection is reset once made may have been seen', async () => {
  const { port } = await listen((socket) => socket.once('data', () => socket.resetAndDestroy()))
  const answer = exchange('PUT', `http://127.0.0.1:${port}/`, 5_000)
  expect(await answer).toMatchObject({ fault: 'broken', wasSent: true })
})

it('an answer that is not HTTP is unreadable', async () => {
  const { port } = await listen((socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.6\r\n')))
  const answer = exchange('PUT', `http://127.0.0.1:${port}/`, 5_000)
  expect(await answer).toMatchObject({ fault: 'unreadable', wasSent: true })
})

it('an exchange that failed tells neither where it went nor with what', async () => {
  const { port, close } = await listen(() => undefined)
  await close()
  const error = await exchange('PUT', `http://127.0.0.1:${port}/secret-path`)
  const shown = [String(error), (error as Error).stack, JSON.stringify(error), String((error as Error).cause)].join(
    '\n',
  )
  expect(shown).not.toMatch(new RegExp(`secret|${port}`))
})

function exchange(method: HttpCall['method'], url: string, timeoutMs = 200): Promise<unknown> {
  const transport = createTransport()
  opened.push(async () => transport.close())
  const headers = { authorization: 'Bearer secret-token' }
  return failureOf(transport.exchange({ method, url, headers, timeoutMs, ...(method === 'PUT' ? { body: '{}' } : {}) }))
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
