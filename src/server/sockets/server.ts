import { createServer, type RequestListener, type Server } from 'node:http'
import { asksNothing, boundingArrival } from './arrival.js'
import type { Connection, Connections } from './connection.js'
import { probeHalfClosed } from './half-close.js'
import type { SocketLimits } from './limits.js'
import { closeLingering } from './lingering-close.js'
import { hasEnough, takingTurns } from './pipelining.js'

/** Node's HTTP server, with connections that cannot be held for free. */
export function createSocketServer(handle: RequestListener, connections: Connections, limits: SocketLimits): Server {
  const server = createServer(
    // Node's own refusal of a request without `Host` has no body: guards.ts sees to it.
    { ...boundingArrival(limits.arrivalMs), keepAliveTimeout: limits.idleMs, requireHostHeader: false },
    takingTurns(handle, connections, limits),
  )
  // A caller who has said that they will send no more still gets the answer.
  Object.assign(server, { httpAllowHalfOpen: true })
  const open = new Set<Connection>()
  server.on('connection', (socket) => {
    const connection = connections(socket)
    open.add(connection)
    // Called by Node behind the last answer of a connection.
    socket.destroySoon = () => closeLingering(connection, limits)
    // Node reads on behind every answer.
    socket.on('resume', () => hasEnough(connection, limits) && socket.pause())
    socket.once('close', () => {
      clearTimeout(connection.idle)
      open.delete(connection)
    })
    probeHalfClosed(connection, limits.probeMs)
  })
  // Called when the server closes; Node's own takes a connection for idle whose answer is still on its way out.
  server.closeIdleConnections = () => {
    for (const connection of open) if (asksNothing(connection)) connection.socket.destroy()
  }
  // Node would drop the connection, with the answers that are under way.
  server.on('connect', (_request, socket) => {
    socket.on('error', () => socket.destroy()).resume()
    server.emit('clientError', Object.assign(new Error(), { code: 'HPE_INVALID_METHOD' }), socket)
  })
  // Who waits for a `100 Continue` gets it when the body is wanted; an expectation that is not known may be ignored.
  for (const expectation of ['checkContinue', 'checkExpectation']) {
    server.on(expectation, (request, response) => server.emit('request', request, response))
  }
  return server
}
