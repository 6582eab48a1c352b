import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { Principal } from '../../kernel/principal.js'

/** What the server knows about one HTTP request; filled in as the request is read. */
export interface RequestState {
  readonly requestId: string
  /** Set once the headers are checked, on the routes that check them. */
  principal?: Principal
  /** Set once the operation is known. */
  operationName?: string
  operationKind?: 'query' | 'mutation' | 'subscription'
}

declare module 'fastify' {
  interface FastifyRequest {
    state: RequestState
  }
}

/**
 * Async-local because Apollo Server passes neither the request nor the context to `formatError`, and what it refuses
 * before execution (an empty body, a missing CSRF header) reaches no plugin hook.
 */
export const requestStorage = new AsyncLocalStorage<RequestState>()

/** The caller's `x-request-id` if it is safe to log and echo, otherwise a new UUID. */
export function requestIdFor(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' && /^[\w.-]{1,64}$/.test(header) ? header : randomUUID()
}
