import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  Kind,
  lexicographicSortSchema,
  parse,
  printSchema,
} from 'graphql'

/** Finds what directives stand on a type, a field of it or an argument of that. */
export type DirectivesAt = (
  typeName: string,
  fieldName?: string,
  argumentName?: string,
) => readonly ConstDirectiveNode[]

/**
 * The schema as a document in an order that does not depend on the code's, with descriptions and with the directives given:
 * graphql-js prints none but its own.
 */
export function schemaDocument(schema: GraphQLSchema, at: DirectivesAt): DocumentNode {
  const { definitions } = parse(printSchema(lexicographicSortSchema(schema)))
  return { kind: Kind.DOCUMENT, definitions: definitions.map((definition) => marked(definition, at)) }
}

/** The directives of decorators: `@Directive('@tag(name: "public")')` on a class, a field, an argument. */
export function decoratedAt(schema: GraphQLSchema): DirectivesAt {
  return (typeName, fieldName, argumentName) => {
    const type = schema.getType(typeName)
    if (fieldName === undefined) return type?.astNode?.directives ?? []
    const field = type !== undefined && 'getFields' in type ? type.getFields()[fieldName] : undefined
    if (argumentName === undefined) return field?.astNode?.directives ?? []
    const args = field !== undefined && 'args' in field ? field.args : []
    return args.find(({ name }) => name === argumentName)?.astNode?.directives ?? []
  }
}

function marked(definition: DefinitionNode, at: DirectivesAt): DefinitionNode {
  switch (definition.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION:
      return withDirectives(
        {
          ...definition,
          fields: definition.fields?.map((field) => markedField(definition.name.value, field, at)) ?? [],
        },
        at(definition.name.value),
      )
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return withDirectives(
        {
          ...definition,
          fields:
            definition.fields?.map((field) => withDirectives(field, at(definition.name.value, field.name.value))) ?? [],
        },
        at(definition.name.value),
      )
    case Kind.UNION_TYPE_DEFINITION:
      return withDirectives(definition, at(definition.name.value))
    default:
      return definition
  }
}

function markedField(typeName: string, field: FieldDefinitionNode, at: DirectivesAt): FieldDefinitionNode {
  const args = field.arguments ?? []
  const marked: readonly InputValueDefinitionNode[] = args.map((argument) =>
    withDirectives(argument, at(typeName, field.name.value, argument.name.value)),
  )
  return withDirectives({ ...field, arguments: marked }, at(typeName, field.name.value))
}

function withDirectives<Node extends { readonly directives?: readonly ConstDirectiveNode[] }>(
  node: Node,
  directives: readonly ConstDirectiveNode[],
): Node {
  return { ...node, directives: [...(node.directives ?? []), ...directives] }
}
