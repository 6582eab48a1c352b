import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import type { GraphQLSchema } from 'graphql'
import type { Admit } from '../../admission/admission.js'
import type { RequestScope } from '../../graphql/scope.js'
import type { Logger } from '../../telemetry/logger.js'
import { writeJson } from '../../upstream/json/json.js'
import { requestStorage } from '../http/request-state.js'
import { admissionPlugin } from './admission-plugin.js'
import { callerPlugin } from './caller-plugin.js'
import { createFormatError } from './format-error.js'
import { statusPlugin } from './status-plugin.js'

export interface ApolloOptions {
  readonly schema: GraphQLSchema
  readonly admission: Admit
  readonly introspection: boolean
  readonly logger: Logger
}

/** Apollo Server with every option that it would otherwise take from `NODE_ENV` or `APOLLO_*` set explicitly. */
export function createApollo({ schema, admission, introspection, logger }: ApolloOptions): ApolloServer<RequestScope> {
  const formatError = createFormatError(logger)
  return new ApolloServer<RequestScope>({
    schema,
    introspection,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    // On a miss, a document store makes Apollo Server parse and validate by itself, bypassing admission.
    documentStore: null,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    logger: apolloLogger(logger),
    formatError,
    stringifyResult: (result) => `${writeJson(result)}\n`,
    plugins: [
      admissionPlugin(admission, formatError),
      statusPlugin(),
      recordOperation(),
      callerPlugin(),
      logUnexpected(logger),
      ...disabledPlugins(),
    ],
  })
}

/** Records the operation for the access log and for `retryable`. */
function recordOperation(): ApolloServerPlugin<RequestScope> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operationName, operation }) {
          const state = requestStorage.getStore()
          if (state === undefined) return
          if (operation !== undefined) state.operationKind = operation.operation
          if (operationName !== null) state.operationName = operationName.slice(0, 100)
        },
      }
    },
  }
}

/** Apollo Server replaces its own errors before `formatError` sees them, so the original is logged here. */
function logUnexpected(logger: Logger): ApolloServerPlugin<RequestScope> {
  return {
    async unexpectedErrorProcessingRequest({ error }) {
      logger.error(
        { requestId: requestStorage.getStore()?.requestId, err: error },
        'a request failed outside its resolvers',
      )
    },
  }
}

/** The cache-control plugin alone doubles the time a page takes; the others report to services not used here. */
function disabledPlugins(): ApolloServerPlugin[] {
  return [
    ApolloServerPluginCacheControlDisabled(),
    ApolloServerPluginInlineTraceDisabled(),
    ApolloServerPluginLandingPageDisabled(),
    ApolloServerPluginSchemaReportingDisabled(),
    ApolloServerPluginUsageReportingDisabled(),
  ]
}

/** Apollo's messages may quote an error's text, which must not be logged; that it warned or failed may be. */
function apolloLogger(logger: Logger) {
  return {
    debug: () => {},
    info: () => {},
    warn: () => logger.warn({}, 'Apollo Server warned'),
    error: () => logger.error({}, 'Apollo Server reported an error'),
  }
}
