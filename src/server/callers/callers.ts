import type { IncomingMessage } from 'node:http'
import type { onRequestAsyncHookHandler } from 'fastify'
import type { CallerSettings } from '../../config/resolved-settings.js'
import type { Clock } from '../../kernel/clock.js'
import { GatewayError } from '../../kernel/errors.js'
import { merchantPrincipal, type Principal } from '../../kernel/principal.js'
import type { Logger } from '../../telemetry/logger.js'
import { sendError } from '../http/error-responses.js'
import { createJwtCallers } from './jwt.js'
import { identifyPassthrough } from './passthrough.js'

/**
 * Identifies the caller of a request from its headers alone. A request without credentials is anonymous; one whose
 * credentials are invalid is refused, whatever it asks for.
 * @throws GatewayError UNAUTHENTICATED, or OVERLOADED when tokens cannot be verified right now
 */
export type Callers = (request: IncomingMessage) => Promise<Principal>

export function createCallers(
  settings: CallerSettings,
  tools: { readonly clock: Clock; readonly logger: Logger },
): Callers {
  switch (settings.mode) {
    case 'none':
      return async () => merchantPrincipal
    case 'passthrough':
      return async (request) => identifyPassthrough(request)
    case 'jwt':
      return createJwtCallers(settings, tools)
  }
}

/** Identifies the caller before the body is read, so that a request with bad credentials costs little. */
export function identifyCaller(callers: Callers): onRequestAsyncHookHandler {
  return async (request, reply) => {
    try {
      request.state.principal = await callers(request.raw)
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      return sendError(reply, error)
    }
  }
}
