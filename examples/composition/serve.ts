import { ApolloServer, type ApolloServerOptions } from '@apollo/server'
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled'
import { startStandaloneServer } from '@apollo/server/standalone'
import { type CallerHeaders, callerHeaders } from './caller-headers.js'

export interface Service {
  readonly url: string
  stop(): Promise<void>
}

/** What resolvers, data sources and executors know about the caller. */
export interface CallerContext {
  readonly headers: CallerHeaders
}

/** Serves a schema or a gateway on a free port on loopback. */
export async function serve(options: ApolloServerOptions<CallerContext>): Promise<Service> {
  const server = new ApolloServer<CallerContext>({
    ...options,
    plugins: [ApolloServerPluginInlineTraceDisabled()],
    includeStacktraceInErrorResponses: false,
  })
  const { url } = await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port: 0 },
    context: async ({ req }) => ({ headers: callerHeaders((name) => req.headers[name]?.toString()) }),
  })
  return { url, stop: () => server.stop() }
}
