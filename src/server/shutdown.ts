import { setTimeout as sleep } from 'node:timers/promises'
import type { ApolloServer } from '@apollo/server'
import type { FastifyInstance, FastifyReply, onSendHookHandler } from 'fastify'
import type { RequestScope } from '../graphql/scope.js'
import type { Connections } from './sockets/connection.js'

/** Knows what was accepted and not yet answered. */
export interface Drain {
  track(reply: FastifyReply): void
  isDraining(): boolean
  begin(): void
  /** Resolves when nothing is under way, at the latest after `graceMs`. */
  idle(graceMs: number): Promise<void>
  /** While draining an answer is the last of its connection, unless requests that were accepted wait behind it. */
  readonly closeConnection: onSendHookHandler
}

export function createDrain(connections: Connections): Drain {
  let isDraining = false
  let underWay = 0
  const whenIdle = new AbortController()
  const settle = (): void => {
    if (isDraining && underWay === 0) whenIdle.abort()
  }
  return {
    track(reply) {
      underWay += 1
      reply.raw.once('close', () => {
        underWay -= 1
        settle()
      })
    },
    isDraining: () => isDraining,
    begin() {
      isDraining = true
      settle()
    },
    async idle(graceMs) {
      await sleep(graceMs, undefined, { signal: whenIdle.signal }).catch(() => {})
    },
    closeConnection: ({ raw }, reply, _payload, next) => {
      const isLast = connections(raw.socket).waiting.length === 0
      if (isDraining && isLast) reply.header('connection', 'close')
      // Fastify says so of every request that it meets while it closes.
      if (!isLast) reply.raw.removeHeader('connection')
      next()
    },
  }
}

interface Stoppable {
  readonly server: FastifyInstance
  readonly apollo: ApolloServer<RequestScope>
  readonly drain: Drain
  /** Bounds the wait for a caller who never finishes sending: Node stops minding such once it stops accepting. */
  readonly graceMs: number
}

/** Stops once; whoever asks again waits for the same end. */
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
