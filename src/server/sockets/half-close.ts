import type { ClientConnection } from './connection.js'

/**
 * Tells a caller who has finished sending from one who is gone: the two look alike until something is sent to them.
 * While a response is pending, a `100 Continue`, which every HTTP/1.1 client skips, is sent at growing intervals. If
 * the caller is gone, a reset comes back and the request ends as it does whenever a caller leaves.
 */
export function probeHalfClosed(connection: ClientConnection, probeMs: number): void {
  const { socket } = connection
  socket.once('end', () => {
    let next = setTimeout(probe, probeMs, probeMs)
    socket.once('close', () => clearTimeout(next))

    function probe(waitedMs: number): void {
      sendInterim(connection)
      // A reset shows only on the next write.
      next = setTimeout(() => {
        sendInterim(connection)
        next = setTimeout(probe, waitedMs * 2, waitedMs * 2)
      }, RESET_MS)
    }
  })
}

const RESET_MS = 50

function sendInterim({ current }: ClientConnection): void {
  const response = current?.response
  // HTTP/1.0 has no interim responses.
  if (response?.headersSent === false && response.req.httpVersion === '1.1') response.writeContinue()
}
