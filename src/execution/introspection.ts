import { GraphQLError, type ValidationRule } from 'graphql'

/** Root fields that tell the schema: the switch covers them all. */
const SCHEMA_FIELDS: ReadonlySet<string> = new Set(['__schema', '__type'])

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
