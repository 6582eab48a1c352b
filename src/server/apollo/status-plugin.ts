import type { ApolloServerPlugin } from '@apollo/server'
import type { GraphQLFormattedError } from 'graphql'
import type { RequestScope } from '../../graphql/scope.js'
import { isAnonymous } from '../../kernel/principal.js'
import { chooseMediaType } from '../http/accept.js'

/**
 * Sets the content type and status that GraphQL over HTTP requires. An operation that could not run is 400 in
 * `application/graphql-response+json`, and 200 in `application/json`, where clients take a 400 to come from elsewhere
 * than GraphQL.
 */
export function statusPlugin(): ApolloServerPlugin<RequestScope> {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ request, response, contextValue }) {
          const { http, body } = response
          const mediaType = chooseMediaType(request.http?.headers.get('accept')) ?? 'application/json'
          http.headers.set('content-type', `${mediaType}; charset=utf-8`)
          const errors = body.kind === 'single' ? (body.singleResult.errors ?? []) : []
          if (http.status === 400 && mediaType === 'application/json' && errors.every(isAboutOperation))
            http.status = 200
          // For a known caller, the code comes from the upstream and concerns credentials there: that is a 200.
          if (isAnonymous(contextValue.principal) && errors.some((error) => codeOf(error) === 'UNAUTHENTICATED')) {
            http.status = 401
            http.headers.set('www-authenticate', 'Bearer')
          }
          if (errors.some((error) => codeOf(error) === 'PERSISTED_QUERY_NOT_SUPPORTED')) {
            http.status = 400
            // Apollo Server sets a cacheable header here; responses of this gateway are never cacheable.
            http.headers.delete('cache-control')
          }
        },
      }
    },
  }
}

const OPERATION_CODES: readonly unknown[] = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'OPERATION_RESOLUTION_FAILURE',
]

function isAboutOperation(error: GraphQLFormattedError): boolean {
  return OPERATION_CODES.includes(codeOf(error))
}

function codeOf(error: GraphQLFormattedError): unknown {
  return error.extensions?.['code']
}
