import type { RequestListener } from 'node:http'
import { awaitRequest } from './arrival.js'
import type { ClientConnection, Connections } from './connection.js'
import type { SocketLimits } from './limits.js'
import { closeLingering } from './lingering-close.js'

/** Serves the requests of a connection one at a time, so that a caller who reads nothing cannot pile up responses. */
export function oneAtATime(handle: RequestListener, connections: Connections, limits: SocketLimits): RequestListener {
  return (request, response) => {
    const connection = connections(request.socket)
    if (request.socket.destroyed) return
    clearTimeout(connection.idle)
    connection.latest = request
    // Once the connection is ending, new requests are not served, but Node still holds them: they count.
    connection.waiting.push({ request, response, bytesRead: request.socket.bytesRead })
    if (connection.waiting.length > limits.waitingMax) request.socket.destroy()
    else if (connection.phase === 'open' && connection.current === undefined) takeNext(connection, handle, limits)
    if (isFull(connection, limits)) request.socket.pause()
  }
}

/** Whether to stop reading: every waiting request is held in memory with all its headers. */
export function isFull(
  { socket, current, waiting, phase }: ClientConnection,
  { waitingBytesMax }: SocketLimits,
): boolean {
  const bytesServed = current?.bytesRead ?? socket.bytesRead
  return phase === 'open' && waiting.length > 0 && socket.bytesRead - bytesServed > waitingBytesMax
}

function takeNext(connection: ClientConnection, handle: RequestListener, limits: SocketLimits): void {
  const next = connection.waiting.shift()
  connection.current = next
  if (next !== undefined) {
    next.response.once('close', () => {
      connection.current = undefined
      if (!connection.socket.writable) return
      takeNext(connection, handle, limits)
      if (connection.socket.isPaused() && !isFull(connection, limits)) connection.socket.resume()
    })
    handle(next.request, next.response)
  } else if (connection.phase === 'open') awaitRequest(connection, limits.idleMs + limits.arrivalMs)
  else closeLingering(connection, limits)
}
