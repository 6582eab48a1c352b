import type { Socket } from 'node:net'
import type { ClientConnection, Connections, Problem } from './connection.js'
import type { SocketLimits } from './limits.js'
import { closeLingering } from './lingering-close.js'

/** Writes an error response to a socket that has no request. */
export type RefuseSocket = (socket: Socket, problem: Problem) => void

export interface BrokenRequestParts {
  readonly connections: Connections
  readonly limits: SocketLimits
  readonly refuse: RefuseSocket
}

/**
 * Handles bytes that are not a request, and requests that never finish arriving. Complete requests before them are
 * answered, then the connection closes. The broken one gets a response of its own only if no other is pending.
 */
export function createBrokenRequests(parts: BrokenRequestParts) {
  return (error: Error & { readonly code?: string }, socket: Socket): void => {
    const connection = parts.connections(socket)
    const problem = problemOf(error.code ?? '')
    const isLate = problem === LATE && connection.phase === 'closing'
    if (problem === undefined || isLate || socket.destroyed) socket.destroy()
    else if (connection.phase === 'open') end(parts, connection, problem)
  }
}

function end({ limits, refuse }: BrokenRequestParts, connection: ClientConnection, problem: Problem): void {
  const { socket, current, latest } = connection
  connection.phase = 'ending'
  connection.waiting = connection.waiting.filter(({ request }) => request.complete)
  if (current?.request.complete === false) current.refuse?.(problem)
  const last = connection.waiting.at(-1) ?? current
  if (last !== undefined) {
    last.response.shouldKeepAlive = false
    return
  }
  // A request that was refused before its body arrived already has its response.
  if (latest === undefined || latest.complete) refuse(socket, problem)
  closeLingering(connection, limits)
}

const MALFORMED: Problem = { status: 400, message: 'The HTTP request is malformed.' }
const LATE: Problem = { status: 408, message: 'The request did not arrive in time.' }

const PROBLEMS: ReadonlyMap<string, Problem> = new Map([
  ['HPE_HEADER_OVERFLOW', { status: 431, message: 'The header is too large.' }],
  ['ERR_HTTP_REQUEST_TIMEOUT', LATE],
])

/** Undefined when the socket itself failed. */
function problemOf(code: string): Problem | undefined {
  return PROBLEMS.get(code) ?? (code.startsWith('HPE_') ? MALFORMED : undefined)
}
