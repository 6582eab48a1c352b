import type { ApolloServer } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import cors, { type FastifyCorsOptions } from '@fastify/cors'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { GraphQLSchema } from 'graphql'
import type { Admit } from '../admission/admission.js'
import type { Settings } from '../config/resolved-settings.js'
import type { AppScope, RequestScope } from '../graphql/scope.js'
import { logAccess } from './access-log.js'
import { createApollo } from './apollo/apollo.js'
import { openRequestScope } from './apollo/request-scope.js'
import { type Callers, identifyCaller } from './callers/callers.js'
import { createRateLimit, limitRate } from './callers/rate-limit.js'
import { type Explorer, redirectToPage, servePage, useExplorerAssets } from './explorer/page.js'
import { useHealth } from './health.js'
import {
  createSocketRefusal,
  refuse,
  refuseUnrouted,
  setCommonHeaders,
  useErrorHandlers,
} from './http/error-responses.js'
import { dropEmptyParameters } from './http/get-parameters.js'
import { refuseBadHost, refuseContentEncoding, refuseForeignHost, refuseUnacceptable } from './http/guards.js'
import { refuseInexactVariables, useJsonBody } from './http/json-body.js'
import { requestIdFor, requestStorage } from './http/request-state.js'
import { inOriginForm } from './http/request-target.js'
import { createDrain, createStop, type Drain } from './shutdown.js'
import { createBrokenRequests } from './sockets/broken-requests.js'
import { type Connections, createConnections } from './sockets/connection.js'
import { SOCKET_LIMITS, type SocketLimits } from './sockets/limits.js'
import { createSocketServer } from './sockets/socket-server.js'
import { closeOverUnreadBody, continueExpected } from './sockets/unread-body.js'
import { createUnreadResponses } from './sockets/unread-responses.js'

export interface ServerOptions
  extends Pick<Settings, 'host' | 'port' | 'introspection' | 'maxBodyBytes' | 'corsOrigins'> {
  readonly schema: GraphQLSchema
  readonly admission: Admit
  readonly app: AppScope
  readonly callers: Callers
  /** Requests of one caller; unlimited when absent. */
  readonly rateLimitPerMinute?: number | undefined
  /** Accepts local host names only; for a server that authenticates nobody. */
  readonly localNamesOnly: boolean
  /** Marks responses as made-up data (`x-upstream: sandbox`). */
  readonly fromSandbox: boolean
  /** The page that browsers get at `/graphql`; none when absent. */
  readonly explorer?: Explorer | undefined
  /** Overrides of `SOCKET_LIMITS`. */
  readonly sockets?: Partial<SocketLimits> | undefined
}

export interface RunningServer {
  /** `http://127.0.0.1:4000`, without a path. */
  readonly url: string
  /** Stops accepting, finishes accepted requests, then ends. Later calls wait for the first one. */
  stop(): Promise<void>
}

/** Serves a schema over HTTP. Resolves once it listens; rejects when it cannot. */
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
    return { url, stop: createStop({ server, apollo, drain, graceMs: limits.requestTimeoutMs + RESPONSE_MS }) }
  } catch (error) {
    await Promise.all([server.close(), apollo.stop()])
    throw error
  }
}

/** Time to write a response after the request's own deadline. */
const RESPONSE_MS = 1_000

type ServerParts = ServerOptions & {
  readonly apollo: ApolloServer<RequestScope>
  readonly connections: Connections
  readonly drain: Drain
}

async function createHttpServer(parts: ServerParts): Promise<FastifyInstance> {
  const { app, corsOrigins, drain, explorer, localNamesOnly, maxBodyBytes } = parts
  const server = createFastify(parts)
  server.decorateRequest('state')
  server.addHook('onRequest', (request, reply, next) => {
    begin(parts, request, reply)
    next()
  })
  server.addHook('onRequest', refuseBadHost)
  server.addHook('preParsing', continueExpected(maxBodyBytes))
  server.addHook('onSend', drain.closeConnection)
  server.addHook('onSend', closeOverUnreadBody(maxBodyBytes))
  const unread = createUnreadResponses(socketLimits(parts))
  server.addHook('onSend', unread.watch)
  server.addHook('onClose', () => unread.stop())
  useErrorHandlers(server, app.services.logger)
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

function createFastify(parts: ServerParts): FastifyInstance {
  const { app, connections, maxBodyBytes } = parts
  const limits = socketLimits(parts)
  return Fastify({
    serverFactory: (handle) => createSocketServer(handle, connections, limits),
    clientErrorHandler: createBrokenRequests({ connections, limits, refuse: createSocketRefusal(app.services.logger) }),
    logger: false,
    bodyLimit: maxBodyBytes,
    requestIdHeader: false,
    genReqId: (request) => requestIdFor(request.headers['x-request-id']),
    // Fastify's own 503 has neither our error shape nor a request id. Requests that arrive while closing are served.
    return503OnClosing: false,
    exposeHeadRoutes: false,
    routerOptions: { ignoreTrailingSlash: true },
    rewriteUrl: inOriginForm,
    // A URL that the router cannot decode runs no hooks.
    frameworkErrors: (_error, request, reply) => {
      begin(parts, request, reply)
      refuse(reply.header('connection', 'close'), 400, 'The URL is malformed.')
    },
  })
}

function socketLimits({ sockets }: ServerOptions): SocketLimits {
  return { ...SOCKET_LIMITS, ...sockets }
}

/** Runs for every request, even one that is refused before routing. */
function begin({ app, connections, drain }: ServerParts, request: FastifyRequest, reply: FastifyReply): void {
  request.state = { requestId: request.id }
  setCommonHeaders(reply, request.id)
  drain.track(reply)
  logAccess(request, reply, app.services)
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
    // Strict mode responds to a bare OPTIONS in plain text.
    strictPreflight: false,
  }
}

function useGraphQL(scope: FastifyInstance, parts: ServerParts): void {
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
  scope.addHook('onRequest', servePage(explorer))
  scope.addHook('onRequest', refuseUnacceptable)
  scope.addHook('onRequest', refuseContentEncoding)
  scope.addHook('onRequest', identifyCaller(callers))
  if (rateLimitPerMinute !== undefined) scope.addHook('onRequest', limitRate(createRateLimit(rateLimitPerMinute)))
  scope.addHook('onRequest', dropEmptyParameters)
  scope.addHook('onRequest', refuseInexactVariables)
  scope.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: (request, reply) => requestStorage.run(request.state, () => handle.call(scope, request, reply)),
  })
}
