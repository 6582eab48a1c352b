import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** A request that has not been answered yet. */
export interface PendingRequest {
  readonly request: IncomingMessage
  readonly response: ServerResponse & { readonly req: IncomingMessage }
  /** Bytes received on the connection when the request arrived. */
  readonly bytesRead: number
  /** Sends an error response unless one has been sent. Set once the server starts on the request. */
  refuse?(problem: Problem): void
}

/** Why a request is not served; shown to its caller. */
export interface Problem {
  readonly status: number
  readonly message: string
}

/** The state of one client connection. */
export interface ClientConnection {
  readonly socket: Socket
  /** The request being served; one at a time. */
  current: PendingRequest | undefined
  /** Pipelined requests behind it, in order of arrival. */
  waiting: PendingRequest[]
  /** The last request received; its body may still be arriving. */
  latest: IncomingMessage | undefined
  /** Closes the connection when no request comes. */
  idle: NodeJS.Timeout | undefined
  /** Bytes received when the last request was answered; if more have come since, a request is arriving. */
  bytesAnswered: number
  /** `ending`: received requests are served, no new ones are accepted. `closing`: the last response is out. */
  phase: 'open' | 'ending' | 'closing'
}

/** Finds or creates the state of a socket's connection. */
export type Connections = (socket: Socket) => ClientConnection

export function createConnections(): Connections {
  const known = new WeakMap<Socket, ClientConnection>()
  return (socket) => {
    const connection = known.get(socket) ?? newConnection(socket)
    known.set(socket, connection)
    return connection
  }
}

function newConnection(socket: Socket): ClientConnection {
  return {
    socket,
    current: undefined,
    waiting: [],
    latest: undefined,
    idle: undefined,
    bytesAnswered: 0,
    phase: 'open',
  }
}
