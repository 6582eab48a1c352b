import type { Connection } from './connection.js'

/**
 * Tells a caller who has only finished sending from one who is gone: both look alike until something is sent to them. So
 * while an answer is awaited, a `100 Continue`, which any client of HTTP/1.1 skips, is sent ever more rarely; from who is
 * gone comes a reset, and the request ends as it does when a caller leaves.
 */
export function probeHalfClosed(connection: Connection, probeMs: number): void {
  const { socket } = connection
  socket.once('end', () => {
    let next = setTimeout(probe, probeMs, probeMs)
    socket.once('close', () => clearTimeout(next))

    function probe(waitedMs: number): void {
      sendInterim(connection)
      // The reset that comes back is noticed by whatever is written next.
      next = setTimeout(() => {
        sendInterim(connection)
        next = setTimeout(probe, waitedMs * 2, waitedMs * 2)
      }, RESET_MS)
    }
  })
}

const RESET_MS = 50

function sendInterim({ current }: Connection): void {
  const response = current?.response
  // HTTP/1.0 knows no interim answers.
  if (response?.headersSent === false && response.req.httpVersion === '1.1') response.writeContinue()
}
