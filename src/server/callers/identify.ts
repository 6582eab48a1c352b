import type { onRequestAsyncHookHandler } from 'fastify'
import { GatewayError } from '../../kernel/errors.js'
import { refuseFor } from '../refusals.js'
import type { Callers } from './callers.js'

/** Finds out who asks before the body is read, so that a request with a bad proof costs as little as it can. */
export function identifying(callers: Callers): onRequestAsyncHookHandler {
  return async (request, reply) => {
    try {
      request.exchange.principal = await callers(request.raw)
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error
      return refuseFor(reply, error)
    }
  }
}
