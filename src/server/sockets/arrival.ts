import type { ServerOptions } from 'node:http'
import type { Connection } from './connection.js'

/**
 * Bounds the time from the first byte of a request to its last, whatever comes in between. Node keeps these times; it
 * swaps them when the one for headers, 60 s unless it is set, is the longer one, and then gives a body 60 s, too.
 */
export function boundingArrival(arrivalMs: number): ServerOptions {
  return {
    headersTimeout: arrivalMs,
    requestTimeout: arrivalMs,
    connectionsCheckingInterval: Math.min(1_000, Math.ceil(arrivalMs / 4)),
  }
}

/** Ends a connection that asks nothing for so long: Node's own timer is renewed by empty lines, which begin no request. */
export function awaitRequest(connection: Connection, ms: number): void {
  connection.idle = setTimeout(() => connection.socket.destroy(), ms)
  connection.bytesAnswered = connection.socket.bytesRead
}

/** Whether nobody would miss the connection: nothing is under way in either direction. */
export function asksNothing({ socket, current, bytesAnswered, phase }: Connection): boolean {
  return phase === 'open' && current === undefined && socket.bytesRead === bytesAnswered
}
