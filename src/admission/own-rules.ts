import { GraphQLError, type ValidationRule } from 'graphql'

/** Root fields that tell the schema: the switch covers them all. */
const SCHEMA_FIELDS: ReadonlySet<string> = new Set(['__schema', '__type', '_service', '_sdl'])

/** Refuses every question about the schema itself. */
export const noSchemaQuestions: ValidationRule = (context) => ({
  Field(node) {
    if (!SCHEMA_FIELDS.has(node.name.value)) return
    context.reportError(
      new GraphQLError(`The schema cannot be asked for here (INTROSPECTION is off), but got: ${node.name.value}.`, {
        nodes: node,
      }),
    )
  },
})

/** Refuses a kind of operation that the schema has no root type for; graphql-js finds that out only when it executes. */
export const knownOperationKind: ValidationRule = (context) => ({
  OperationDefinition(node) {
    if (context.getSchema().getRootType(node.operation)) return
    context.reportError(new GraphQLError(`This schema has no ${node.operation} operations.`, { nodes: node }))
  },
})
