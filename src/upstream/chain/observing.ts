import type { Clock } from '../../kernel/clock.js'
import { GatewayError } from '../../kernel/errors.js'
import type { Logger } from '../../telemetry/logger.js'
import type { Call, Step } from '../call.js'
import { UpstreamFailure } from '../failures.js'
import type { UpstreamRequest } from '../request.js'

/** Logs one line per call: never a URL, a host, one of the merchant's ids, a token or a body. */
export function observing(next: Step, { clock, logger }: { readonly clock: Clock; readonly logger: Logger }): Step {
  return async (request, call) => {
    const startedAtMs = clock.monotonicMs()
    const line = () => ({ ...describe(request, call), durationMs: Math.round(clock.monotonicMs() - startedAtMs) })
    try {
      const response = await next(request, call)
      logger.debug({ ...line(), status: response.httpStatus }, 'upstream call')
      return response
    } catch (error) {
      const fields = { ...line(), ...explain(error) }
      // Not a fault: anyone can ask for ids that do not exist.
      if (error instanceof UpstreamFailure && error.code === 'NOT_FOUND') logger.debug(fields, 'upstream call')
      else logger.warn(fields, 'upstream call failed')
      throw error
    }
  }
}

function describe(
  { operation, method }: UpstreamRequest<unknown>,
  { requestId, trace: { source, attempts } }: Call,
): object {
  return { operation, method, source, attempts, requestId }
}

function explain(error: unknown): object {
  if (!(error instanceof GatewayError)) return { code: 'INTERNAL_SERVER_ERROR' }
  if (!(error instanceof UpstreamFailure)) return { code: error.code }
  const { code, kind, outcome, upstreamStatus: status } = error
  return { code, kind, outcome, status, systemCode: error.systemCode }
}
