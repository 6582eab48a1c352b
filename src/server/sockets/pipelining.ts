import type { RequestListener } from 'node:http'
import { awaitRequest } from './arrival.js'
import type { Connection, Connections } from './connection.js'
import type { SocketLimits } from './limits.js'
import { closeLingering } from './lingering-close.js'

/** Takes the requests of a connection one after the other, so that nobody has many answers made and reads none. */
export function takingTurns(handle: RequestListener, connections: Connections, limits: SocketLimits): RequestListener {
  return (request, response) => {
    const connection = connections(request.socket)
    if (request.socket.destroyed) return
    clearTimeout(connection.idle)
    connection.latest = request
    // Behind the last answer nothing is taken any more, but Node keeps it: so it counts.
    connection.waiting.push({ request, response, bytesRead: request.socket.bytesRead })
    if (connection.waiting.length > limits.waitingMax) request.socket.destroy()
    else if (connection.phase === 'open' && connection.current === undefined) takeNext(connection, handle, limits)
    if (hasEnough(connection, limits)) request.socket.pause()
  }
}

/** Whether what else is sent stays with the caller: each that waits is held with all its headers. */
export function hasEnough({ socket, current, waiting, phase }: Connection, { waitingBytesMax }: SocketLimits): boolean {
  const bytesTaken = current?.bytesRead ?? socket.bytesRead
  return phase === 'open' && waiting.length > 0 && socket.bytesRead - bytesTaken > waitingBytesMax
}

function takeNext(connection: Connection, handle: RequestListener, limits: SocketLimits): void {
  const turn = connection.waiting.shift()
  connection.current = turn
  if (turn !== undefined) {
    turn.response.once('close', () => {
      connection.current = undefined
      if (!connection.socket.writable) return
      takeNext(connection, handle, limits)
      if (connection.socket.isPaused() && !hasEnough(connection, limits)) connection.socket.resume()
    })
    handle(turn.request, turn.response)
  } else if (connection.phase === 'open') awaitRequest(connection, limits.idleMs + limits.arrivalMs)
  else closeLingering(connection, limits)
}
