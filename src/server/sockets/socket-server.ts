import { createServer, type RequestListener, type Server } from 'node:http'
import { arrivalTimeouts, isIdle } from './arrival.js'
import type { ClientConnection, Connections } from './connection.js'
import { probeHalfClosed } from './half-close.js'
import type { SocketLimits } from './limits.js'
import { closeLingering } from './lingering-close.js'
import { isFull, oneAtATime } from './pipelining.js'

/** Node's HTTP server, with limits on what a connection can hold on to. */
export function createSocketServer(handle: RequestListener, connections: Connections, limits: SocketLimits): Server {
  const server = createServer(
    // guards.ts checks `Host`: Node's own refusal has no body.
    { ...arrivalTimeouts(limits.arrivalMs), keepAliveTimeout: limits.idleMs, requireHostHeader: false },
    oneAtATime(handle, connections, limits),
  )
  // A caller who has closed their sending side still gets the response.
  Object.assign(server, { httpAllowHalfOpen: true })
  const open = new Set<ClientConnection>()
  server.on('connection', (socket) => {
    const connection = connections(socket)
    open.add(connection)
    // Node calls it after the last response of a connection.
    socket.destroySoon = () => closeLingering(connection, limits)
    // Node resumes reading after every response.
    socket.on('resume', () => isFull(connection, limits) && socket.pause())
    socket.once('close', () => {
      clearTimeout(connection.idle)
      open.delete(connection)
    })
    probeHalfClosed(connection, limits.probeMs)
  })
  // Called when the server closes. Node's own version also destroys connections whose response is still being sent.
  server.closeIdleConnections = () => {
    for (const connection of open) if (isIdle(connection)) connection.socket.destroy()
  }
  // By default, Node drops the connection together with its pending responses.
  server.on('connect', (_request, socket) => {
    socket.on('error', () => socket.destroy()).resume()
    server.emit('clientError', Object.assign(new Error(), { code: 'HPE_INVALID_METHOD' }), socket)
  })
  // `100 Continue` is sent once the body is wanted (unread-body.ts); unknown expectations may be ignored.
  for (const expectation of ['checkContinue', 'checkExpectation']) {
    server.on(expectation, (request, response) => server.emit('request', request, response))
  }
  return server
}
