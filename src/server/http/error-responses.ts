import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import { type ErrorCode, GatewayError } from '../../kernel/errors.js'
import type { Logger } from '../../telemetry/logger.js'
import type { RefuseSocket } from '../sockets/broken-requests.js'
import { chooseMediaType, type GraphQLMediaType } from './accept.js'
import { errorBody, MASKED_MESSAGE } from './error-body.js'
import { requestIdFor } from './request-state.js'
import { pathOf } from './request-target.js'

/** Responds with `BAD_REQUEST` before GraphQL sees the request. */
export function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return sendJson(reply, status, errorBody('BAD_REQUEST', message, reply.request.id))
}

/** Responds with an error's own code before GraphQL sees the request. */
export function sendError(reply: FastifyReply, { code, message, retryAfterMs }: GatewayError): FastifyReply {
  if (code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer error="invalid_token"')
  if (retryAfterMs !== undefined) reply.header('retry-after', String(Math.ceil(retryAfterMs / 1000)))
  return sendJson(reply, statusOf(code, reply.request), errorBody(code, message, reply.request.id, { retryAfterMs }))
}

/** A body that cannot be an operation. The message must not quote it. */
export class InvalidBody extends Error {
  constructor(
    readonly statusCode: 400 | 415,
    message: string,
  ) {
    super(message)
  }
}

/** Replaces all of Fastify's own error responses. */
export function useErrorHandlers(server: FastifyInstance, logger: Logger): void {
  server.setErrorHandler((error: FastifyError, request, reply) => sendFailure({ error, request, reply, logger }))
  // Never reached, because refuseUnrouted comes first.
  server.setNotFoundHandler((request, reply) => sendUnrouted(request, reply))
}

/** Runs before the body is read: an unknown path is a 404 whatever was sent to it. */
export const refuseUnrouted: onRequestHookHandler = (request, reply, next) => {
  if (!request.is404) return next()
  sendUnrouted(request, reply)
}

/** Sets the headers that every response has. */
export function setCommonHeaders(reply: FastifyReply, requestId: string): void {
  reply.headers({ ...COMMON_HEADERS, 'x-request-id': requestId })
}

/** For bytes that are not an HTTP request: there is a socket, but no Fastify request or reply. */
export function createSocketRefusal(logger: Logger): RefuseSocket {
  return (socket, { status, message }) => {
    const requestId = requestIdFor(undefined)
    logger.info({ requestId, route: 'none', statusCode: status }, 'request')
    socket.write(rawResponse(status, errorBody('BAD_REQUEST', message, requestId), requestId))
  }
}

function statusOf(code: ErrorCode, request: FastifyRequest): number {
  // As when GraphQL itself cannot coerce a variable.
  if (code === 'BAD_USER_INPUT') return mediaTypeFor(request) === 'application/json' ? 200 : 400
  return STATUS_OF_CODE[code] ?? 500
}

const STATUS_OF_CODE: Readonly<Partial<Record<ErrorCode, number>>> = {
  UNAUTHENTICATED: 401,
  RATE_LIMITED: 429,
  OVERLOADED: 503,
}

const COMMON_HEADERS = {
  'cache-control': 'private, no-store',
  'x-content-type-options': 'nosniff',
}

/** Messages for Fastify's own errors; they must not quote the request. */
const FASTIFY_MESSAGES: ReadonlyMap<number, string> = new Map([
  [400, 'The body is not valid JSON, or has a __proto__ or constructor.prototype key, which is not allowed.'],
  [413, 'The body is too large.'],
  [415, 'The body must be application/json in UTF-8, without a content encoding.'],
])

function sendFailure(failed: {
  readonly error: FastifyError | GatewayError
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly logger: Logger
}): FastifyReply {
  const { error, request, reply, logger } = failed
  if (error instanceof InvalidBody) return refuse(reply, error.statusCode, error.message)
  if (error instanceof GatewayError) return sendError(reply, error)
  const status = error.statusCode ?? 500
  if (status >= 400 && status < 500)
    return refuse(reply, status, FASTIFY_MESSAGES.get(status) ?? 'The request is malformed.')
  logger.error({ requestId: request.id, err: error }, 'a request failed outside GraphQL')
  return sendJson(reply, 500, errorBody('INTERNAL_SERVER_ERROR', MASKED_MESSAGE, request.id))
}

/** Methods allowed on each known path. */
const ALLOWED_METHODS: ReadonlyMap<string, string> = new Map([
  ['/graphql', 'GET, POST'],
  ['/health/live', 'GET, HEAD'],
  ['/health/ready', 'GET, HEAD'],
])

export function sendUnrouted(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const allowed = ALLOWED_METHODS.get(pathOf(request.url))
  if (allowed === undefined) return refuse(reply, 404, 'There is nothing at this path; GraphQL is at /graphql.')
  reply.header('allow', allowed)
  return refuse(reply, 405, `This path allows ${allowed} only.`)
}

function sendJson(reply: FastifyReply, status: number, body: string): FastifyReply {
  return reply
    .code(status)
    .header('content-type', `${mediaTypeFor(reply.request)}; charset=utf-8`)
    .send(body)
}

/** Under an error status, clients read `errors` in GraphQL's media type only: JSON may come from any proxy. */
function mediaTypeFor({ url, headers }: FastifyRequest): GraphQLMediaType {
  const isGraphQL = pathOf(url) === '/graphql'
  return (isGraphQL ? chooseMediaType(headers.accept) : undefined) ?? 'application/json'
}

function rawResponse(status: number, body: string, requestId: string): string {
  const headers = {
    ...COMMON_HEADERS,
    'x-request-id': requestId,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', body].join('\r\n')
}
