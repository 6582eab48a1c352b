import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** One request of a connection and its answer to come. */
export interface Turn {
  readonly request: IncomingMessage
  readonly response: ServerResponse & { readonly req: IncomingMessage }
  /** Bytes of the connection that had come with it. */
  readonly bytesRead: number
  /** Answers with a refusal unless it is answered already; absent until the request is looked at. */
  refuse?(problem: Problem): void
}

/** Why a request is not served, for its caller. */
export interface Problem {
  readonly status: number
  readonly message: string
}

/** What is known of a socket. */
export interface Connection {
  readonly socket: Socket
  /** The request in work: one at a time. */
  current: Turn | undefined
  /** Those behind it, in the order in which they came. */
  waiting: Turn[]
  /** The last one that came; its body may still be arriving. */
  latest: IncomingMessage | undefined
  /** Ends the connection when nothing is asked any more. */
  idle: NodeJS.Timeout | undefined
  /** Bytes that had come when all of them were answered: where there are more, a request is arriving. */
  bytesAnswered: number
  /** `ending`: what came is answered, nothing more is taken. `closing`: the last answer is out. */
  phase: 'open' | 'ending' | 'closing'
}

/** Finds what is known of a socket. */
export type Connections = (socket: Socket) => Connection

export function createConnections(): Connections {
  const known = new WeakMap<Socket, Connection>()
  return (socket) => {
    const connection = known.get(socket) ?? newConnection(socket)
    known.set(socket, connection)
    return connection
  }
}

function newConnection(socket: Socket): Connection {
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
