import type { Connection } from './connection.js'
import type { SocketLimits } from './limits.js'

/**
 * Closes behind the last answer as RFC 9112, 9.6 asks for: says that nothing more comes, and reads on for a while. A
 * socket that is closed over bytes nobody has read is reset, and a caller who was still sending never sees the answer.
 */
export function closeLingering(connection: Connection, limits: SocketLimits): void {
  const { socket, latest } = connection
  if (connection.phase === 'closing') return
  connection.phase = 'closing'
  connection.waiting = []
  socket.end()
  // What nobody reads would stay in the socket.
  latest?.resume()
  socket.resume()
  const bytesEnd = socket.bytesRead + limits.lingerBytesMax
  let bytesSeen = -1
  const looking = setInterval(() => {
    if (socket.bytesRead === bytesSeen || socket.bytesRead > bytesEnd) socket.destroy()
    bytesSeen = socket.bytesRead
  }, limits.lingerQuietMs)
  const ending = setTimeout(() => socket.destroy(), limits.lingerMs)
  socket.once('close', () => {
    clearInterval(looking)
    clearTimeout(ending)
  })
}
