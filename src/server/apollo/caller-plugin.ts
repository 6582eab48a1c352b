import type { ApolloServerPlugin } from '@apollo/server'
import { GraphQLError } from 'graphql'
import { SCHEMA_FIELDS } from '../../admission/schema-fields.js'
import { fragmentsOf, groupFields, selectionsIn } from '../../admission/selection-walk.js'
import type { RequestScope } from '../../graphql/scope.js'
import { isAnonymous } from '../../kernel/principal.js'

/** Anonymous callers may read the schema and nothing else. */
export function callerPlugin(): ApolloServerPlugin<RequestScope> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ contextValue, document, operation }) {
          if (!isAnonymous(contextValue.principal) || operation === undefined) return
          const selections = selectionsIn([operation.selectionSet], fragmentsOf(document))
          const rootFields = [...groupFields(selections, ({ name }) => name.value).keys()]
          if (rootFields.every((name) => name === '__typename' || SCHEMA_FIELDS.has(name))) return
          throw new GraphQLError('This operation needs an authenticated caller: send credentials.', {
            extensions: { code: 'UNAUTHENTICATED' },
          })
        },
      }
    },
  }
}
