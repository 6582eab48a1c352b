import type { Clock } from '../../kernel/clock.js'
import { GatewayError } from '../../kernel/errors.js'
import type { Logger } from '../../telemetry/logger.js'
import type { Step } from '../call.js'
import { UpstreamFailure } from '../failures.js'

/** Logs one line per call: never a URL, a host, one of the merchant's ids, a token or a body. */
export function observing(next: Step, { clock, logger }: { readonly clock: Clock; readonly logger: Logger }): Step {
  return async (request, call) => {
    const startedAtMs = clock.monotonicMs()
    const { operation, method } = request
    const fields = () => {
      const { source, attempts } = call.trace
      const durationMs = Math.round(clock.monotonicMs() - startedAtMs)
      return { operation, method, source, attempts, requestId: call.requestId, durationMs }
    }
    try {
      const response = await next(request, call)
      logger.debug({ ...fields(), status: response.httpStatus }, 'upstream call')
      return response
    } catch (error) {
      const failure = { ...fields(), ...explain(error) }
      // Not a fault: anyone can ask for ids that do not exist.
      if (error instanceof UpstreamFailure && error.code === 'NOT_FOUND') logger.debug(failure, 'upstream call')
      else logger.warn(failure, 'upstream call failed')
      throw error
    }
  }
}

function explain(error: unknown): object {
  if (!(error instanceof GatewayError)) return { code: 'INTERNAL_SERVER_ERROR' }
  if (!(error instanceof UpstreamFailure)) return { code: error.code }
  const { code, kind, outcome, upstreamStatus: status, systemCode } = error
  return { code, kind, outcome, status, systemCode }
}
