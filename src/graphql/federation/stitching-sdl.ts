import { makeDirectiveNode } from '@graphql-tools/utils'
import {
  type DirectiveNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  parse,
  print,
  visit,
} from 'graphql'
import { printGatewaySchema } from '../schema/build-schema.js'
import type { Entity } from './entity.js'
import { type EntityKey, keysOf } from './entity-key.js'

/**
 * The schema for gateways that stitch, for `_sdl`: each entity by its first key, merged by the query that reads a list of such
 * keys. Built without the stitching packages, so that they are not needed to serve it.
 * @throws Error for a key list that is not in the schema or cannot hold the key
 */
export function stitchingSdl(schema: GraphQLSchema, entities: readonly Entity[]): string {
  const directives = new Map(entities.flatMap((entity) => directivesOf(schema, entity)))
  const on = (coordinate: string): readonly DirectiveNode[] => directives.get(coordinate) ?? []
  const marked = visit(parse(printGatewaySchema(schema)), {
    ObjectTypeDefinition: (node) => ({
      ...node,
      directives: on(node.name.value),
      fields: node.fields?.map((field) => ({
        ...field,
        directives: [...(field.directives ?? []), ...on(`${node.name.value}.${field.name.value}`)],
      })),
    }),
  })
  return `${DIRECTIVES}\n\n${print(marked)}\n`
}

/** As version 4 of `@graphql-tools/stitching-directives` defines them. */
const DIRECTIVES = `
directive @key(selectionSet: String!) on OBJECT

directive @merge(argsExpr: String, keyArg: String, keyField: String, key: [String!], additionalArgs: String) on FIELD_DEFINITION

directive @computed(selectionSet: String!) on FIELD_DEFINITION

directive @canonical on OBJECT | INTERFACE | INPUT_OBJECT | UNION | ENUM | SCALAR | FIELD_DEFINITION | INPUT_FIELD_DEFINITION
`.trim()

type Directed = readonly [coordinate: string, directives: readonly DirectiveNode[]]

function directivesOf(schema: GraphQLSchema, { typename, keyList }: Entity): readonly Directed[] {
  const [key] = keysOf(schema, typename)
  if (keyList === undefined || key === undefined) return []
  const query = schema.getQueryType()
  const argument = query?.getFields()[keyList.field]?.args.find(({ name }) => name === keyList.argument)
  if (!query || argument === undefined)
    throw new Error(`Query.${keyList.field}(${keyList.argument}:) is not in the schema`)
  const item = keyExpression(argument.type, key)
  if (item === undefined) throw new Error(`Query.${keyList.field} takes no list of keys "${key.fields}"`)
  return [
    [typename, [makeDirectiveNode('key', { selectionSet: `{ ${key.fields} }` })]],
    [`${query.name}.${keyList.field}`, [makeDirectiveNode('merge', { argsExpr: `${argument.name}: [[${item}]]` })]],
  ]
}

/** One item of the key list, made from the other schema's object `$key`; undefined if the argument cannot hold the key. */
function keyExpression(type: GraphQLInputType, { fields }: EntityKey): string | undefined {
  const input = getNamedType(type)
  if (!isInputObjectType(input)) return /^\w+$/.test(fields) ? `$key.${fields}` : undefined
  const names = Object.keys(input.getFields())
  return `{ ${names.map((name) => `${name}: $key.${name}`).join(', ')} }`
}
