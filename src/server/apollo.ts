import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import type { GraphQLSchema } from 'graphql'
import type { Admit } from '../admission/admission.js'
import type { RequestScope } from '../graphql/scope.js'
import type { Logger } from '../telemetry/logger.js'
import { writeJson } from '../upstream/json.js'
import { admitOperations } from './admit.js'
import { answerStatus } from './answer-status.js'
import { requireCaller } from './callers/require-caller.js'
import { exchanges } from './exchange.js'
import { createFormatError } from './format-error.js'

export interface ApolloOptions {
  readonly schema: GraphQLSchema
  readonly admission: Admit
  readonly introspection: boolean
  readonly logger: Logger
}

/** Apollo Server with everything that it would otherwise read from `NODE_ENV` or `APOLLO_*` said out loud. */
export function createApollo({ schema, admission, introspection, logger }: ApolloOptions): ApolloServer<RequestScope> {
  const formatError = createFormatError(logger)
  return new ApolloServer<RequestScope>({
    schema,
    introspection,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    // What a store does not know would be parsed and validated once more, past the admission.
    documentStore: null,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    logger: apolloLogger(logger),
    formatError,
    stringifyResult: (answer) => `${writeJson(answer)}\n`,
    plugins: [
      admitOperations(admission, formatError),
      answerStatus(),
      noteOperation(),
      requireCaller(),
      logUnexpected(logger),
      ...disabledPlugins(),
    ],
  })
}

/** Names the operation for the access log and for `retryable`. */
function noteOperation(): ApolloServerPlugin<RequestScope> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operationName, operation }) {
          const exchange = exchanges.getStore()
          if (exchange === undefined) return
          if (operation !== undefined) exchange.operationKind = operation.operation
          if (operationName !== null) exchange.operationName = operationName.slice(0, 100)
        },
      }
    },
  }
}

/** What breaks Apollo Server itself reaches `formatError` as a new error without a trace of the first. */
function logUnexpected(logger: Logger): ApolloServerPlugin<RequestScope> {
  return {
    async unexpectedErrorProcessingRequest({ error }) {
      logger.error({ requestId: exchanges.getStore()?.requestId, err: error }, 'a request broke outside its resolvers')
    },
  }
}

/** The cache-control plugin alone doubles the time of a page; the others call out or trace for a service not used. */
function disabledPlugins(): ApolloServerPlugin[] {
  return [
    ApolloServerPluginCacheControlDisabled(),
    ApolloServerPluginInlineTraceDisabled(),
    ApolloServerPluginLandingPageDisabled(),
    ApolloServerPluginSchemaReportingDisabled(),
    ApolloServerPluginUsageReportingDisabled(),
  ]
}

/** Apollo's own sentences may quote an error's text, which is not for a log; that it spoke, and how loudly, is. */
function apolloLogger(logger: Logger) {
  return {
    debug: () => {},
    info: () => {},
    warn: () => logger.warn({}, 'Apollo Server warned'),
    error: () => logger.error({}, 'Apollo Server reported an error'),
  }
}
