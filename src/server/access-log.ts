import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../kernel/clock.js'
import type { Logger } from '../telemetry/logger.js'

/** nginx's status for a client that disconnects before the response is out. */
const CALLER_LEFT = 499

/** Logs one line when the request ends, whether the response went out or the caller left. */
export function logAccess(request: FastifyRequest, reply: FastifyReply, tools: { clock: Clock; logger: Logger }): void {
  const { clock, logger } = tools
  const startedAt = clock.monotonicMs()
  reply.raw.once('close', () => {
    const { requestId, operationName } = request.state
    const entry = {
      requestId,
      method: request.method,
      // The route's pattern, never the path that was requested.
      route: request.routeOptions.url ?? 'none',
      statusCode: reply.raw.writableFinished ? reply.raw.statusCode : CALLER_LEFT,
      durationMs: Math.round((clock.monotonicMs() - startedAt) * 1_000) / 1_000,
      ...(operationName === undefined ? {} : { operationName }),
    }
    logger.info(entry, 'request')
  })
}
