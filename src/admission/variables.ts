import { type GraphQLError, type GraphQLSchema, getVariableValues, type OperationDefinitionNode } from 'graphql'
import type { Variables } from './cost.js'

/** Each error spells out the value it is about: fifty of them, as graphql-js would collect, take seconds of a large one. */
const ERRORS_MAX = 5

/**
 * What cannot be coerced to the types that the operation declares; the first few mistakes only, for all of them cost. What
 * passes here passes once more when graphql-js executes, which cannot be told to keep its suggestions to itself.
 */
export function findBadVariables(
  { schema, introspection }: { readonly schema: GraphQLSchema; readonly introspection: boolean },
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Variables,
): readonly GraphQLError[] {
  const options = { maxErrors: ERRORS_MAX, hideSuggestions: !introspection }
  const { errors = [] } = getVariableValues(schema, variableDefinitions, variables, options)
  // Behind the last one stands a sentence about there being more.
  return errors.slice(0, ERRORS_MAX)
}
