import { once } from 'node:events'
import { connect } from 'node:net'
import { buildSchema, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql'
import { createAdmission } from '../../src/admission/admission.js'
import { AppScope, type RequestScope } from '../../src/graphql/scope.js'
import { createBackground, type TrackedBackground } from '../../src/kernel/background.js'
import { systemClock } from '../../src/kernel/clock.js'
import { merchantPrincipal } from '../../src/kernel/principal.js'
import { type RunningServer, type ServerOptions, startServer } from '../../src/server/server.js'
import type { Logger } from '../../src/telemetry/logger.js'
import { OPERATION_LIMITS } from '../support/operation-limits.js'

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly fields: Record<string, unknown>
  readonly message: string
}

export interface TinyServer extends RunningServer {
  readonly graphqlUrl: string
  readonly port: number
  readonly log: LogLine[]
  readonly background: TrackedBackground
  /** Posts one operation as JSON. */
  request(
    query: string,
    more?: { variables?: object; operationName?: string; headers?: Record<string, string> },
  ): Promise<Response>
}

type Resolvers = Readonly<Record<string, GraphQLFieldResolver<unknown, RequestScope>>>

export interface TinyOptions {
  readonly resolvers?: Resolvers
  readonly server?: Partial<ServerOptions>
  readonly requestTimeoutMs?: number
}

const SDL = `
  enum Colour { RED GREEN }
  input Shape { width: Int!, colour: Colour }
  type Query { hello: String, echo(text: String!, times: Int! = 1): String, area(shape: Shape!): Int, wait: String, fail: String, solid: String! }
  type Mutation { write: String }
`

export async function startTinyServer({
  resolvers = {},
  server,
  requestTimeoutMs,
}: TinyOptions = {}): Promise<TinyServer> {
  const log: LogLine[] = []
  const background = createBackground()
  const limits = {
    upstreamTimeoutMs: 1_000,
    requestTimeoutMs: requestTimeoutMs ?? 5_000,
    maxKeys: 100,
    maxUpstreamCalls: 200,
    maxMetadataBytes: 100,
  }
  const send = () => Promise.reject(new Error('no upstream here'))
  const app = new AppScope({ send, clock: systemClock, logger: collectingLogger(log), limits, background })
  const schema = tinySchema({ hello: () => 'world', ...resolvers })
  const running = await startServer({
    schema,
    admission: createAdmission({
      schema,
      pricing: { costs: {}, batchCalls: () => 0 },
      limits: OPERATION_LIMITS,
      introspection: server?.introspection ?? true,
    }),
    app,
    callers: async () => merchantPrincipal,
    host: '127.0.0.1',
    port: 0,
    introspection: true,
    maxBodyBytes: 10_000,
    corsOrigins: [],
    localNamesOnly: true,
    fromSandbox: false,
    ...server,
  })
  const graphqlUrl = `${running.url}/graphql`
  return {
    ...running,
    graphqlUrl,
    port: Number(new URL(running.url).port),
    log,
    background,
    request: (query, { headers, ...more } = {}) =>
      fetch(graphqlUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query, ...more }),
      }),
  }
}

export interface RawResponse {
  readonly status: number
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

/** Sends raw bytes and reads until the server closes; the bytes must ask for `connection: close`. */
export async function sendRaw(port: number, text: string): Promise<RawResponse> {
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', () => {})
  socket.write(text)
  await once(socket, 'close')
  const [head = '', ...rest] = Buffer.concat(chunks).toString().split('\r\n\r\n')
  const [statusLine = '', ...lines] = head.split('\r\n')
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return { status: Number(statusLine.split(' ')[1]), headers: new Map(headers), body: rest.join('\r\n\r\n') }
}

function tinySchema(resolvers: Resolvers): GraphQLSchema {
  const schema = buildSchema(SDL)
  for (const type of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      const resolve = resolvers[field.name]
      if (resolve !== undefined) field.resolve = resolve
    }
  }
  return schema
}

function collectingLogger(log: LogLine[]): Logger {
  const at = (level: LogLine['level']) => (fields: object, message: string) => {
    log.push({ level, fields: { ...fields }, message })
  }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
