import type { ClientConnection } from './connection.js'
import type { SocketLimits } from './limits.js'

/**
 * Closes after the last response as RFC 9112, 9.6 asks: ends the sending side and keeps reading for a while. Closing a
 * socket over unread bytes resets it, and a caller who was still sending would never see the response.
 */
export function closeLingering(connection: ClientConnection, limits: SocketLimits): void {
  const { socket, latest } = connection
  if (connection.phase === 'closing') return
  connection.phase = 'closing'
  connection.waiting = []
  socket.end()
  // Drain the body that no handler reads.
  latest?.resume()
  socket.resume()
  const bytesEnd = socket.bytesRead + limits.lingerBytesMax
  let bytesSeen = -1
  const watching = setInterval(() => {
    if (socket.bytesRead === bytesSeen || socket.bytesRead > bytesEnd) socket.destroy()
    bytesSeen = socket.bytesRead
  }, limits.lingerQuietMs)
  const ending = setTimeout(() => socket.destroy(), limits.lingerMs)
  socket.once('close', () => {
    clearInterval(watching)
    clearTimeout(ending)
  })
}
