import type { onRequestAsyncHookHandler } from 'fastify'
import { GatewayError } from '../../kernel/errors.js'
import { sendError } from '../http/error-responses.js'
import type { Callers } from './callers.js'

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
