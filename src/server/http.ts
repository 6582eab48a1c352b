import type { Server } from 'node:http'
import type { ApolloServer } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import cors, { type FastifyCorsOptions } from '@fastify/cors'
import Fastify, { type FastifyHttpOptions, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { GraphQLSchema } from 'graphql'
import type { Admission } from '../execution/admission.js'
import type { AppScope, RequestScope } from '../graphql/scope.js'
import { logExchange } from './access-log.js'
import { createApollo } from './apollo.js'
import type { Callers } from './callers/callers.js'
import { identifying } from './callers/identify.js'
import { openRequestScope } from './context.js'
import { exchanges, requestIdFor } from './exchange.js'
import { answeringPage, type Explorer, useExplorerAssets } from './explorer.js'
import { refuseBadHost, refuseContentEncoding, refuseForeignHost, refuseUnacceptable } from './guards.js'
import { useHealth } from './health.js'
import { refuseInexactVariables, useJsonBody } from './json-body.js'
import { createRateLimit, limitRate } from './rate-limit.js'
import { createClientErrorHandler, refuse, setCommonHeaders, useRefusals } from './refusals.js'
import { createDrain, createStop, type Drain } from './shutdown.js'

export interface ServerOptions {
  readonly schema: GraphQLSchema
  readonly admission: Admission
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
  const drain = createDrain()
  const server = await createHttpServer({ ...options, apollo, drain })
  try {
    const url = await server.listen({ host: host === 'localhost' ? '127.0.0.1' : host, port })
    return { url, stop: createStop({ server, apollo, drain, graceMs: limits.requestTimeoutMs + ANSWER_MS }) }
  } catch (error) {
    await Promise.all([server.close(), apollo.stop()])
    throw error
  }
}

/** How long a whole request may take to arrive: enough for a slow line, too little to hold sockets for free. */
const ARRIVAL_TIMEOUT_MS = 30_000

/** What an answer needs beyond its request's time to be written. */
const ANSWER_MS = 1_000

type Parts = ServerOptions & { readonly apollo: ApolloServer<RequestScope>; readonly drain: Drain }

async function createHttpServer(parts: Parts): Promise<FastifyInstance> {
  const { app, corsOrigins, drain, explorer, localNamesOnly } = parts
  const begin = (request: FastifyRequest, reply: FastifyReply): void => {
    request.exchange = { requestId: request.id }
    setCommonHeaders(reply, request.id)
    drain.track(reply)
    logExchange(request, reply, app.services)
  }
  const server = Fastify({
    ...fastifyOptions(parts),
    // A URL that cannot be routed passes no hook.
    frameworkErrors: (_error, request, reply) => {
      begin(request, reply)
      refuse(reply, 400, 'The URL is malformed.')
    },
  })
  // An expectation that is not known may be ignored; Node would refuse it without a body.
  server.server.on('checkExpectation', (request, response) => server.server.emit('request', request, response))
  server.decorateRequest('exchange')
  server.addHook('onRequest', (request, reply, next) => {
    begin(request, reply)
    next()
  })
  server.addHook('onRequest', refuseBadHost)
  server.addHook('onSend', drain.closeConnection)
  useRefusals(server, app.services.logger)
  useJsonBody(server)
  if (corsOrigins.length > 0) await server.register(cors, corsOptions(corsOrigins))
  useHealth(server, () => !drain.isDraining())
  await server.register(async (scope) => useGraphQL(scope, parts))
  if (explorer !== undefined) {
    await server.register(async (scope) => {
      if (localNamesOnly) scope.addHook('onRequest', refuseForeignHost)
      await useExplorerAssets(scope, explorer)
    })
  }
  return server
}

function fastifyOptions({ app, maxBodyBytes }: Parts): FastifyHttpOptions<Server> {
  return {
    logger: false,
    bodyLimit: maxBodyBytes,
    requestTimeout: ARRIVAL_TIMEOUT_MS,
    requestIdHeader: false,
    genReqId: (request) => requestIdFor(request.headers['x-request-id']),
    // Fastify's own refusal while it closes has neither our shape nor a request id; what still comes is answered.
    return503OnClosing: false,
    exposeHeadRoutes: false,
    clientErrorHandler: createClientErrorHandler(app.services.logger),
    http: { requireHostHeader: false, connectionsCheckingInterval: 5_000 },
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
  scope.addHook('onRequest', refuseInexactVariables)
  scope.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: (request, reply) => exchanges.run(request.exchange, () => handle.call(scope, request, reply)),
  })
}
