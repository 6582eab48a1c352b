import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../kernel/clock.js'
import type { Logger } from '../telemetry/logger.js'

export interface AccessLogEntry {
  readonly requestId: string
  readonly method: string
  /** The route's own pattern, never the path that came. */
  readonly route: string
  readonly statusCode: number
  readonly durationMs: number
  readonly operationName?: string
}

/** The status that a log shows for a caller who left before the answer, as nginx has it. */
const CALLER_LEFT = 499

/** Writes one line when the exchange is over, whether it was answered or left. */
export function logExchange(
  request: FastifyRequest,
  reply: FastifyReply,
  tools: { clock: Clock; logger: Logger },
): void {
  const { clock, logger } = tools
  const startedAt = clock.monotonicMs()
  reply.raw.once('close', () => {
    const { requestId, operationName } = request.exchange
    const entry: AccessLogEntry = {
      requestId,
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      statusCode: reply.raw.writableFinished ? reply.raw.statusCode : CALLER_LEFT,
      durationMs: Math.round((clock.monotonicMs() - startedAt) * 1_000) / 1_000,
      ...(operationName === undefined ? {} : { operationName }),
    }
    logger.info(entry, 'request')
  })
}
