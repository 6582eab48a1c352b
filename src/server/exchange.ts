import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { Principal } from '../kernel/principal.js'

/**
 * One HTTP request and its answer. Followed asynchronously because Apollo Server hands neither request nor context to
 * `formatError`, and what it refuses before execution (no body, no preflight) passes no other hook.
 */
export interface Exchange {
  readonly requestId: string
  /** Known once the headers were looked at, on the routes that look at them. */
  principal?: Principal
  /** Known once the operation is. */
  operationName?: string
  operationKind?: 'query' | 'mutation' | 'subscription'
}

declare module 'fastify' {
  interface FastifyRequest {
    exchange: Exchange
  }
}

export const exchanges = new AsyncLocalStorage<Exchange>()

/** The caller's own id where it is a harmless one, else a new one. */
export function requestIdFor(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' && /^[\w.-]{1,64}$/.test(header) ? header : randomUUID()
}
