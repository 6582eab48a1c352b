import type { ApolloServer } from '@apollo/server'
import type { FastifyInstance, FastifyReply, onSendHookHandler } from 'fastify'
import type { RequestScope } from '../graphql/scope.js'
import { sleep } from '../kernel/async.js'
import type { Connections } from './sockets/connection.js'

/** Tracks requests that have been accepted but not yet answered. */
export interface Drain {
  track(reply: FastifyReply): void
  isDraining(): boolean
  begin(): void
  /** Resolves when no request is left, or after `graceMs`. */
  idle(graceMs: number): Promise<void>
  /** While draining, closes a connection with its response unless accepted requests are queued behind it. */
  readonly closeConnection: onSendHookHandler
}

export function createDrain(connections: Connections): Drain {
  let isDraining = false
  let pending = 0
  const whenIdle = new AbortController()
  const settle = (): void => {
    if (isDraining && pending === 0) whenIdle.abort()
  }
  return {
    track(reply) {
      pending += 1
      reply.raw.once('close', () => {
        pending -= 1
        settle()
      })
    },
    isDraining: () => isDraining,
    begin() {
      isDraining = true
      settle()
    },
    async idle(graceMs) {
      await sleep(graceMs, whenIdle.signal)
    },
    closeConnection: ({ raw }, reply, _payload, next) => {
      const isLast = connections(raw.socket).waiting.length === 0
      if (isDraining && isLast) reply.header('connection', 'close')
      // While closing, Fastify sets `connection: close` on every response.
      if (!isLast) reply.raw.removeHeader('connection')
      next()
    },
  }
}

interface Stoppable {
  readonly server: FastifyInstance
  readonly apollo: ApolloServer<RequestScope>
  readonly drain: Drain
  /** Bounds the wait for a caller who never finishes sending: Node's own timeouts stop when the server closes. */
  readonly graceMs: number
}

/** Later calls wait for the first one. */
export function createStop(parts: Stoppable): () => Promise<void> {
  let stopped: Promise<void> | undefined
  return () => {
    stopped ??= stop(parts)
    return stopped
  }
}

async function stop({ server, apollo, drain, graceMs }: Stoppable): Promise<void> {
  drain.begin()
  const closed = server.close()
  await drain.idle(graceMs)
  server.server.closeAllConnections()
  await closed
  await apollo.stop()
}
