import type { ServerOptions } from 'node:http'
import type { ClientConnection } from './connection.js'

/**
 * Bounds the time from the first to the last byte of a request. Both timeouts must be set: `headersTimeout` defaults to
 * 60 s, and when it is the longer of the two, Node swaps them.
 */
export function arrivalTimeouts(arrivalMs: number): ServerOptions {
  return {
    headersTimeout: arrivalMs,
    requestTimeout: arrivalMs,
    connectionsCheckingInterval: Math.min(1_000, Math.ceil(arrivalMs / 4)),
  }
}

/** Closes a connection that sends no request for `ms`. Node's own keep-alive timer is reset even by empty lines. */
export function awaitRequest(connection: ClientConnection, ms: number): void {
  connection.idle = setTimeout(() => connection.socket.destroy(), ms)
  connection.bytesAnswered = connection.socket.bytesRead
}

/** Whether the connection can be closed without losing anything: no request is arriving and no response is pending. */
export function isIdle({ socket, current, bytesAnswered, phase }: ClientConnection): boolean {
  return phase === 'open' && current === undefined && socket.bytesRead === bytesAnswered
}
