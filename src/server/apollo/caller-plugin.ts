import type { ApolloServerPlugin } from '@apollo/server'
import { type DocumentNode, GraphQLError, Kind, type SelectionSetNode } from 'graphql'
import { fragmentsOf } from '../../admission/fragments.js'
import type { RequestScope } from '../../graphql/scope.js'
import { isAnonymous } from '../../kernel/principal.js'

/** Root fields that reveal only the schema, which is public. */
const SCHEMA_FIELDS: ReadonlySet<string> = new Set(['__schema', '__type', '__typename', '_service', '_sdl'])

/** Anonymous callers may read the schema and nothing else. */
export function callerPlugin(): ApolloServerPlugin<RequestScope> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ contextValue, document, operation }) {
          if (!isAnonymous(contextValue.principal) || operation === undefined) return
          if ([...rootFields(operation.selectionSet, document)].every((name) => SCHEMA_FIELDS.has(name))) return
          throw new GraphQLError('This operation needs an authenticated caller: send credentials.', {
            extensions: { code: 'UNAUTHENTICATED' },
          })
        },
      }
    },
  }
}

/** Names of the root fields, including those in fragments. Each fragment is read once, however often it is spread. */
function rootFields(root: SelectionSetNode, document: DocumentNode): Set<string> {
  const fragments = fragmentsOf(document)
  const names = new Set<string>()
  const spread = new Set<string>()
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) names.add(selection.name.value)
      else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet)
      else spread.add(selection.name.value)
    }
  }
  collect(root)
  // Iterating a set also visits what is added meanwhile.
  for (const name of spread) {
    const fragment = fragments.get(name)
    if (fragment !== undefined) collect(fragment.selectionSet)
  }
  return names
}
