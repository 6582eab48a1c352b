import type { Socket } from 'node:net'
import type { Connection, Connections, Problem } from './connection.js'
import type { SocketLimits } from './limits.js'
import { closeLingering } from './lingering-close.js'

/** Answers on a socket that has no request to answer to. */
export type RawRefusal = (socket: Socket, problem: Problem) => void

export interface BrokenRequestParts {
  readonly connections: Connections
  readonly limits: SocketLimits
  readonly refuse: RawRefusal
}

/**
 * What is done about bytes that are no request, or the beginning of one that never ends: what came whole before them is
 * answered, and then the connection ends. They get an answer of their own only if nothing else is under way.
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

function end({ limits, refuse }: BrokenRequestParts, connection: Connection, problem: Problem): void {
  const { socket, current, latest } = connection
  connection.phase = 'ending'
  connection.waiting = connection.waiting.filter(({ request }) => request.complete)
  if (current?.request.complete === false) current.refuse?.(problem)
  const last = connection.waiting.at(-1) ?? current
  if (last !== undefined) {
    last.response.shouldKeepAlive = false
    return
  }
  // A request that was refused before its body had come is answered already.
  if (latest === undefined || latest.complete) refuse(socket, problem)
  closeLingering(connection, limits)
}

const MALFORMED: Problem = { status: 400, message: 'This is not a well-formed HTTP request.' }
const LATE: Problem = { status: 408, message: 'The request did not arrive in time.' }

const PROBLEMS: ReadonlyMap<string, Problem> = new Map([
  ['HPE_HEADER_OVERFLOW', { status: 431, message: 'The header is too large.' }],
  ['ERR_HTTP_REQUEST_TIMEOUT', LATE],
])

/** Undefined for a socket that is gone. */
function problemOf(code: string): Problem | undefined {
  return PROBLEMS.get(code) ?? (code.startsWith('HPE_') ? MALFORMED : undefined)
}
