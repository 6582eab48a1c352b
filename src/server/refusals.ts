import { STATUS_CODES } from 'node:http'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import { type ErrorCode, GatewayError } from '../kernel/errors.js'
import type { Logger } from '../telemetry/logger.js'
import { chooseMediaType, type GraphQLMediaType } from './accept.js'
import { errorBody, MASKED_MESSAGE } from './error-shape.js'
import { requestIdFor } from './exchange.js'
import { pathOf } from './paths.js'
import type { RawRefusal } from './sockets/broken-requests.js'

/** Answers in place of GraphQL with `BAD_REQUEST` in the contract's shape. */
export function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return answerJson(reply, status, errorBody('BAD_REQUEST', message, reply.request.id))
}

/** Answers in place of GraphQL with an error that says by itself which one it is. */
export function refuseFor(reply: FastifyReply, { code, message, retryAfterMs }: GatewayError): FastifyReply {
  if (code === 'BAD_USER_INPUT') return refuseInput(reply, message)
  if (code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'Bearer error="invalid_token"')
  if (retryAfterMs !== undefined) reply.header('retry-after', String(Math.ceil(retryAfterMs / 1000)))
  return answerJson(reply, STATUS_OF_CODE[code] ?? 500, errorBody(code, message, reply.request.id, { retryAfterMs }))
}

/** A body that cannot be an operation, in words that quote nothing of it. */
export class UnreadableBody extends Error {
  constructor(
    readonly statusCode: 400 | 415,
    message: string,
  ) {
    super(message)
  }
}

/** Replaces every answer that Fastify would make up by itself. */
export function useRefusals(server: FastifyInstance, logger: Logger): void {
  server.setErrorHandler((error: FastifyError, request, reply) => answerError({ error, request, reply, logger }))
  // Never reached: refuseUnrouted is before it.
  server.setNotFoundHandler((request, reply) => answerUnrouted(request, reply))
}

/** Whatever its body is: a path that is not there has no opinion on it. */
export const refuseUnrouted: onRequestHookHandler = (request, reply, next) => {
  if (!request.is404) return next()
  answerUnrouted(request, reply)
}

/** Headers of every answer, whoever makes it. */
export function setCommonHeaders(reply: FastifyReply, requestId: string): void {
  reply.headers({ ...COMMON_HEADERS, 'x-request-id': requestId })
}

/** For bytes that are not an HTTP request: there is no request and no reply, only the socket. */
export function createRawRefusal(logger: Logger): RawRefusal {
  return (socket, { status, message }) => {
    const requestId = requestIdFor(undefined)
    logger.info({ requestId, route: 'none', statusCode: status }, 'request')
    socket.write(rawAnswer(status, errorBody('BAD_REQUEST', message, requestId), requestId))
  }
}

/** As GraphQL itself answers what it cannot coerce, in the type that the caller takes. */
function refuseInput(reply: FastifyReply, message: string): FastifyReply {
  const status = mediaTypeFor(reply.request) === 'application/json' ? 200 : 400
  return answerJson(reply, status, errorBody('BAD_USER_INPUT', message, reply.request.id))
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

/** What Fastify's own refusals mean, in words that quote nothing of the request. */
const FASTIFY_REFUSALS: ReadonlyMap<number, string> = new Map([
  [400, 'The body is not valid JSON, or has a key __proto__ or constructor.prototype, which are not taken.'],
  [413, 'The body is too large.'],
  [415, 'The body must be application/json in UTF-8, without a content encoding.'],
])

function answerError(failed: {
  readonly error: FastifyError | GatewayError
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly logger: Logger
}): FastifyReply {
  const { error, request, reply, logger } = failed
  if (error instanceof UnreadableBody) return refuse(reply, error.statusCode, error.message)
  if (error instanceof GatewayError) return refuseFor(reply, error)
  const status = error.statusCode ?? 500
  if (status >= 400 && status < 500)
    return refuse(reply, status, FASTIFY_REFUSALS.get(status) ?? 'The request is malformed.')
  logger.error({ requestId: request.id, err: error }, 'a request broke outside GraphQL')
  return answerJson(reply, 500, errorBody('INTERNAL_SERVER_ERROR', MASKED_MESSAGE, request.id))
}

/** The paths there are, and what they take. */
const ALLOWED_METHODS: ReadonlyMap<string, string> = new Map([
  ['/graphql', 'GET, POST'],
  ['/health/live', 'GET, HEAD'],
  ['/health/ready', 'GET, HEAD'],
])

export function answerUnrouted(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const allowed = ALLOWED_METHODS.get(pathOf(request.url))
  if (allowed === undefined) return refuse(reply, 404, 'There is nothing at this path; GraphQL is at /graphql.')
  reply.header('allow', allowed)
  return refuse(reply, 405, `This path takes ${allowed} only.`)
}

function answerJson(reply: FastifyReply, status: number, body: string): FastifyReply {
  return reply
    .code(status)
    .header('content-type', `${mediaTypeFor(reply.request)}; charset=utf-8`)
    .send(body)
}

/** Clients look for `errors` under a failing status in GraphQL's own type only: plain JSON may come from any proxy. */
function mediaTypeFor({ url, headers }: FastifyRequest): GraphQLMediaType {
  const isGraphQL = pathOf(url) === '/graphql'
  return (isGraphQL ? chooseMediaType(headers.accept) : undefined) ?? 'application/json'
}

function rawAnswer(status: number, body: string, requestId: string): string {
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
