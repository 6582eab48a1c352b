import {
  type ConstDirectiveNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isObjectType,
  Kind,
  parse,
  print,
} from 'graphql'
import { type DirectivesAt, schemaDocument } from '../schema/schema-document.js'
import type { Entity } from './entity.js'
import { type EntityKey, keysOf } from './entity-key.js'

/**
 * The schema for gateways that stitch, as `_sdl` answers it: each entity by its first key, merged by the query that reads a
 * list of such keys. Written down here so that no package of the stitching gateway is needed to serve it.
 */
export function printStitchable(schema: GraphQLSchema, entities: readonly Entity[]): string {
  const directives = new Map(entities.flatMap((entity) => directivesOf(schema, entity)))
  const at: DirectivesAt = (...coordinate) => directives.get(coordinate.join('.')) ?? []
  return `${DIRECTIVES}\n\n${print(schemaDocument(schema, at))}\n`
}

/** As version 4 of `@graphql-tools/stitching-directives` defines them. */
const DIRECTIVES = `
directive @key(selectionSet: String!) on OBJECT

directive @merge(argsExpr: String, keyArg: String, keyField: String, key: [String!], additionalArgs: String) on FIELD_DEFINITION

directive @computed(selectionSet: String!) on FIELD_DEFINITION

directive @canonical on OBJECT | INTERFACE | INPUT_OBJECT | UNION | ENUM | SCALAR | FIELD_DEFINITION | INPUT_FIELD_DEFINITION
`.trim()

type Marked = readonly [coordinate: string, directives: readonly ConstDirectiveNode[]]

function directivesOf(schema: GraphQLSchema, { typename, keyList }: Entity): readonly Marked[] {
  const type = schema.getType(typename)
  const [key] = isObjectType(type) ? keysOf(type) : []
  if (keyList === undefined || key === undefined) return []
  const query = schema.getQueryType()
  const argument = query?.getFields()[keyList.field]?.args.find(({ name }) => name === keyList.argument)
  if (!query || argument === undefined) throw new Error(`Query.${keyList.field}(${keyList.argument}:) is not there`)
  const item = keyFrom(argument.type, key)
  if (item === undefined) throw new Error(`Query.${keyList.field} takes no list of keys "${key.fields}"`)
  return [
    [typename, directivesIn(`@key(selectionSet: "{ ${key.fields} }")`)],
    [`${query.name}.${keyList.field}`, directivesIn(`@merge(argsExpr: "${argument.name}: [[${item}]]")`)],
  ]
}

/** One key in the argument, made of the object that another schema holds; undefined where the argument cannot hold it. */
function keyFrom(type: GraphQLInputType, { fields }: EntityKey): string | undefined {
  const input = getNamedType(type)
  if (!isInputObjectType(input)) return /^\w+$/.test(fields) ? `$key.${fields}` : undefined
  const names = Object.keys(input.getFields())
  return `{ ${names.map((name) => `${name}: $key.${name}`).join(', ')} }`
}

function directivesIn(text: string): readonly ConstDirectiveNode[] {
  const [definition] = parse(`scalar On ${text}`).definitions
  return definition?.kind === Kind.SCALAR_TYPE_DEFINITION ? (definition.directives ?? []) : []
}
