import type { ApolloServer } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import cors, { type FastifyCorsOptions } from '@fastify/cors'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { GraphQLSchema } from 'graphql'
import type { Admit } from '../admission/admission.js'
import type { AppScope, RequestScope } from '../graphql/scope.js'
import { logExchange } from './access-log.js'
import { createApollo } from './apollo.js'
import type { Callers } from './callers/callers.js'
import { identifying } from './callers/identify.js'
import { openRequestScope } from './context.js'
import { exchanges, requestIdFor } from './exchange.js'
import { answeringPage, type Explorer, redirectToPage, useExplorerAssets } from './explorer.js'
import { dropEmptyParameters } from './get-parameters.js'
import { refuseBadHost, refuseContentEncoding, refuseForeignHost, refuseUnacceptable } from './guards.js'
import { useHealth } from './health.js'
import { refuseInexactVariables, useJsonBody } from './json-body.js'
import { inOriginForm } from './paths.js'
import { createRateLimit, limitRate } from './rate-limit.js'
import { createRawRefusal, refuse, refuseUnrouted, setCommonHeaders, useRefusals } from './refusals.js'
import { createDrain, createStop, type Drain } from './shutdown.js'
import { createBrokenRequests } from './sockets/broken-requests.js'
import { type Connections, createConnections } from './sockets/connection.js'
import { SOCKET_LIMITS, type SocketLimits } from './sockets/limits.js'
import { createSocketServer } from './sockets/server.js'
import { createUnreadAnswers } from './sockets/unread-answers.js'
import { closeOverUnreadBody, continueExpected } from './sockets/unread-body.js'

export interface ServerOptions {
  readonly schema: GraphQLSchema
  readonly admission: Admit
  readonly app: AppScope
  readonly callers: Callers
  readonly host: string
  /** `0` takes any free port. */
  readonly port: number
  readonly introspection: boolean
  readonly maxBodyBytes: number
  /** Requests of one caller; absent: any number. */
  readonly rateLimitPerMinute?: number | undefined
  /** Exact origins that may call from a browser. */
  readonly corsOrigins: readonly string[]
  /** Nobody's rights are checked: then only the machine's own names are answered to. */
  readonly localNamesOnly: boolean
  /** Marks answers that are made of made-up data. */
  readonly fromSandbox: boolean
  /** The page that a browser gets at `/graphql`; absent: none. */
  readonly explorer?: Explorer | undefined
  /** What a connection may take, where it is not `SOCKET_LIMITS`. */
  readonly sockets?: Partial<SocketLimits> | undefined
}

export interface RunningServer {
  /** `http://127.0.0.1:4000`, without a path. */
  readonly url: string
  /** Stops accepting, answers what was accepted, ends. Calling it again waits for the same end. */
  stop(): Promise<void>
}

/** Serves a schema over HTTP; resolves once it listens and rejects when it cannot. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { schema, admission, introspection, host, port } = options
  const { logger, limits } = options.app.services
  const apollo = createApollo({ schema, admission, introspection, logger })
  await apollo.start()
  const connections = createConnections()
  const drain = createDrain(connections)
  const server = await createHttpServer({ ...options, apollo, connections, drain })
  try {
    const url = await server.listen({ host: host === 'localhost' ? '127.0.0.1' : host, port })
    return { url, stop: createStop({ server, apollo, drain, graceMs: limits.requestTimeoutMs + ANSWER_MS }) }
  } catch (error) {
    await Promise.all([server.close(), apollo.stop()])
    throw error
  }
}

/** What an answer needs beyond its request's time to be written. */
const ANSWER_MS = 1_000

type Parts = ServerOptions & {
  readonly apollo: ApolloServer<RequestScope>
  readonly connections: Connections
  readonly drain: Drain
}

async function createHttpServer(parts: Parts): Promise<FastifyInstance> {
  const { app, corsOrigins, drain, explorer, localNamesOnly, maxBodyBytes } = parts
  const server = createFastify(parts)
  server.decorateRequest('exchange')
  server.addHook('onRequest', (request, reply, next) => {
    begin(parts, request, reply)
    next()
  })
  server.addHook('onRequest', refuseBadHost)
  server.addHook('preParsing', continueExpected(maxBodyBytes))
  server.addHook('onSend', drain.closeConnection)
  server.addHook('onSend', closeOverUnreadBody(maxBodyBytes))
  const unread = createUnreadAnswers(socketLimits(parts))
  server.addHook('onSend', unread.watch)
  server.addHook('onClose', () => unread.stop())
  useRefusals(server, app.services.logger)
  useJsonBody(server)
  if (corsOrigins.length > 0) await server.register(cors, corsOptions(corsOrigins))
  server.addHook('onRequest', refuseUnrouted)
  useHealth(server, () => !drain.isDraining())
  await server.register(async (scope) => useGraphQL(scope, parts))
  if (explorer !== undefined) {
    await server.register(async (scope) => {
      if (localNamesOnly) scope.addHook('onRequest', refuseForeignHost)
      scope.get('/', redirectToPage)
      await scope.register(async (assets) => useExplorerAssets(assets, explorer))
    })
  }
  return server
}

function createFastify(parts: Parts): FastifyInstance {
  const { app, connections, maxBodyBytes } = parts
  const limits = socketLimits(parts)
  return Fastify({
    serverFactory: (handle) => createSocketServer(handle, connections, limits),
    clientErrorHandler: createBrokenRequests({ connections, limits, refuse: createRawRefusal(app.services.logger) }),
    logger: false,
    bodyLimit: maxBodyBytes,
    requestIdHeader: false,
    genReqId: (request) => requestIdFor(request.headers['x-request-id']),
    // Fastify's own refusal while it closes has neither our shape nor a request id; what still comes is answered.
    return503OnClosing: false,
    exposeHeadRoutes: false,
    routerOptions: { ignoreTrailingSlash: true },
    rewriteUrl: inOriginForm,
    // A URL that cannot be routed passes no hook.
    frameworkErrors: (_error, request, reply) => {
      begin(parts, request, reply)
      refuse(reply.header('connection', 'close'), 400, 'The URL is malformed.')
    },
  })
}

function socketLimits({ sockets }: ServerOptions): SocketLimits {
  return { ...SOCKET_LIMITS, ...sockets }
}

/** What is done for every request, whatever becomes of it. */
function begin({ app, connections, drain }: Parts, request: FastifyRequest, reply: FastifyReply): void {
  request.exchange = { requestId: request.id }
  setCommonHeaders(reply, request.id)
  drain.track(reply)
  logExchange(request, reply, app.services)
  const { current } = connections(request.raw.socket)
  if (current === undefined) return
  current.refuse = ({ status, message }) => {
    if (!reply.sent) refuse(reply.header('connection', 'close'), status, message)
  }
}

function corsOptions(origins: readonly string[]): FastifyCorsOptions {
  return {
    origin: [...origins],
    methods: ['GET', 'POST'],
    exposedHeaders: ['x-request-id', 'x-upstream', 'retry-after', 'www-authenticate'],
    maxAge: 600,
    // Strictness would answer a bare OPTIONS in plain text.
    strictPreflight: false,
  }
}

function useGraphQL(scope: FastifyInstance, parts: Parts): void {
  const { app, apollo, callers, localNamesOnly, fromSandbox, rateLimitPerMinute, explorer } = parts
  const handle = fastifyApolloHandler(apollo, {
    context: async (request, reply) => openRequestScope(app, request, reply),
  })
  scope.addHook('onRequest', (_request, reply, next) => {
    reply.header('vary', [reply.getHeader('vary') ?? [], 'Accept', 'Authorization'].flat().join(', '))
    if (fromSandbox) reply.header('x-upstream', 'sandbox')
    next()
  })
  if (localNamesOnly) scope.addHook('onRequest', refuseForeignHost)
  scope.addHook('onRequest', answeringPage(explorer))
  scope.addHook('onRequest', refuseUnacceptable)
  scope.addHook('onRequest', refuseContentEncoding)
  scope.addHook('onRequest', identifying(callers))
  if (rateLimitPerMinute !== undefined) scope.addHook('onRequest', limitRate(createRateLimit(rateLimitPerMinute)))
  scope.addHook('onRequest', dropEmptyParameters)
  scope.addHook('onRequest', refuseInexactVariables)
  scope.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: (request, reply) => exchanges.run(request.exchange, () => handle.call(scope, request, reply)),
  })
}
