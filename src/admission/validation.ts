import {
  type ASTNode,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql'
import type { Variables } from './operation-cost.js'
import { SCHEMA_FIELDS } from './schema-fields.js'

export interface ValidatedSchema {
  readonly schema: GraphQLSchema
  /** Whether operations may query the schema, and errors may suggest its names. */
  readonly introspection: boolean
}

/** @returns the document, or why the text is not GraphQL */
export function parseDocument(text: string): DocumentNode | GraphQLError {
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof GraphQLError) return withCode(error, 'GRAPHQL_PARSE_FAILED')
    throw error
  }
}

/** Why a document does not fit the schema; empty when it does. */
export function findDocumentErrors(
  document: DocumentNode,
  { schema, introspection }: ValidatedSchema,
): readonly GraphQLError[] {
  const rules = [...specifiedRules, knownOperationKind, ...(introspection ? [] : [noSchemaFields])]
  const options = { hideSuggestions: !introspection, maxErrors: DOCUMENT_ERRORS_MAX }
  return mergeSameErrors(validate(schema, document, rules, options))
}

/**
 * The first mistakes in the variables, by the types that the operation declares; empty when there are none. graphql-js
 * coerces them again when it executes, where its suggestions cannot be turned off.
 */
export function findVariableErrors(
  operation: OperationDefinitionNode | null | undefined,
  variables: Variables = {},
  { schema, introspection }: ValidatedSchema,
): readonly GraphQLError[] {
  const { variableDefinitions = [] } = operation ?? {}
  const options = { maxErrors: VARIABLE_ERRORS_MAX, hideSuggestions: !introspection }
  const { errors = [] } = getVariableValues(schema, variableDefinitions, variables, options)
  // graphql-js adds one that says there are more.
  return errors.slice(0, VARIABLE_ERRORS_MAX).map((error) => withCode(error, 'BAD_USER_INPUT'))
}

/** Each error takes as long to find as the first, and nobody reads more of them. */
const DOCUMENT_ERRORS_MAX = 25
/** Each error quotes its value; the fifty that graphql-js would collect for a large one take seconds. */
const VARIABLE_ERRORS_MAX = 5

const noSchemaFields: ValidationRule = (context) => ({
  Field(node) {
    if (!SCHEMA_FIELDS.has(node.name.value)) return
    const message = `The schema cannot be queried (INTROSPECTION is off), but got: ${node.name.value}.`
    context.reportError(new GraphQLError(message, { nodes: node }))
  },
})

/** graphql-js finds a kind of operation without a root type only when it executes. */
const knownOperationKind: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (context.getSchema().getRootType(node.operation)) return
    context.reportError(new GraphQLError(`This schema has no ${node.operation} operations.`, { nodes: node }))
  },
})

/** One error for each message, with all its locations: repeating it would let a small request cause a large response. */
function mergeSameErrors(errors: readonly GraphQLError[]): readonly GraphQLError[] {
  const nodes = new Map<string, readonly ASTNode[]>()
  for (const error of errors) nodes.set(error.message, [...(nodes.get(error.message) ?? []), ...(error.nodes ?? [])])
  return Array.from(nodes, ([message, nodes]) =>
    withCode(new GraphQLError(message, { nodes }), 'GRAPHQL_VALIDATION_FAILED'),
  )
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  const { message, nodes = null, source = null, positions = null } = error
  return new GraphQLError(message, { nodes, source, positions, extensions: { code } })
}
