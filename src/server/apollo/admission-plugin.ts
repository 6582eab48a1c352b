import { type ApolloServerPlugin, HeaderMap } from '@apollo/server'
import { type DocumentNode, GraphQLError, type GraphQLFormattedError, Kind } from 'graphql'
import type { Admit, Refused } from '../../admission/admission.js'
import type { RequestScope } from '../../graphql/scope.js'
import type { FormatError } from './format-error.js'

/**
 * Admission replaces Apollo Server's own parsing and validation, which have no limits: Apollo Server skips both when
 * the document is already set.
 */
export function admissionPlugin(admit: Admit, formatError: FormatError): ApolloServerPlugin<RequestScope> {
  return {
    async requestDidStart() {
      let errors: Refused['errors'] = []
      return {
        async didResolveSource(context) {
          const { operationName, variables } = context.request
          const result = admit({ text: context.source, hash: context.queryHash, operationName, variables })
          if (result.kind === 'refused') errors = result.errors
          Object.assign(context, { document: result.kind === 'admitted' ? result.document : NO_DOCUMENT })
        },
        async responseForOperation() {
          if (errors.length === 0) return null
          return {
            http: { status: 400, headers: new HeaderMap() },
            body: { kind: 'single', singleResult: { errors: errors.map((error) => formatted(error, formatError)) } },
          }
        },
      }
    },
  }
}

/** Takes the place of a refused document, so that nothing runs. */
const NO_DOCUMENT: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] }

function formatted(error: Refused['errors'][number], formatError: FormatError): GraphQLFormattedError {
  return formatError(error instanceof GraphQLError ? error.toJSON() : { message: error.message }, error)
}
