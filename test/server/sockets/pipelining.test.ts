import { once } from 'node:events'
import type { RequestListener, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { type ClientConnection, createConnections } from '../../../src/server/sockets/connection.js'
import { SOCKET_LIMITS } from '../../../src/server/sockets/limits.js'
import { createSocketServer } from '../../../src/server/sockets/socket-server.js'
import { openClient } from './raw-client.js'

const REQUESTS = 90
/** Close to the limit for headers. */
const REQUEST = `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(14_000)}\r\n\r\n`

it('pauses reading while enough pipelined requests wait, and answers all of them', async () => {
  const { port, responses, connections } = await start()
  const client = openClient(port)
  client.socket.write(REQUEST.repeat(REQUESTS))
  await expect.poll(() => responses.length).toBe(1)
  const [connection] = connections
  const holdsBack = () => connection?.socket.isPaused() === true || connection?.waiting.length === REQUESTS - 1
  for (let answered = 0; answered < REQUESTS; answered += 1) {
    await expect.poll(() => holdsBack() || answered > REQUESTS / 2, { interval: 1 }).toBe(true)
    expect(connection?.waiting.length).toBeLessThan(30)
    await expect.poll(() => responses.length, { interval: 1 }).toBe(answered + 1)
    responses[answered]?.end('answered')
  }
  await expect.poll(() => client.statuses().length).toBe(REQUESTS)
})

it('notices a caller who leaves while pipelined requests wait', async () => {
  const { port, responses } = await start()
  const client = openClient(port)
  client.socket.write(REQUEST.repeat(3))
  await expect.poll(() => responses.length).toBe(1)
  client.socket.resetAndDestroy()
  await expect.poll(() => responses[0]?.destroyed).toBe(true)
})

async function start() {
  const responses: ServerResponse[] = []
  const handle: RequestListener = (_request, response) => void responses.push(response)
  const connections = new Set<ClientConnection>()
  const find = createConnections()
  const server = createSocketServer(
    handle,
    (socket) => {
      const connection = find(socket)
      connections.add(connection)
      return connection
    },
    SOCKET_LIMITS,
  )
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, responses, connections }
}
