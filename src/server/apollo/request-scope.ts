import type { FastifyReply, FastifyRequest } from 'fastify'
import { type AppScope, RequestScope } from '../../graphql/scope.js'
import { createDeadline } from '../../kernel/deadline.js'
import { anonymousPrincipal } from '../../kernel/principal.js'

/** Opens the scope of one GraphQL request. Its deadline is cancelled when the caller leaves before the response. */
export function openRequestScope(app: AppScope, request: FastifyRequest, reply: FastifyReply): RequestScope {
  const { clock, limits } = app.services
  const deadline = createDeadline(clock, limits.requestTimeoutMs)
  if (request.raw.socket.destroyed) deadline.cancel()
  reply.raw.once('close', () => (reply.raw.writableFinished ? deadline.release() : deadline.cancel()))
  return new RequestScope(app, request.state.principal ?? anonymousPrincipal, request.id, deadline)
}
