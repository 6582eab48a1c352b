import { extendSchema, type GraphQLFieldResolver, type GraphQLSchema, parse } from 'graphql'
import { type CostTable, FREE } from '../../admission/field-cost.js'
import { askedBelow } from '../asked.js'
import { createEntitiesReader, entitiesCost, keyListCosts } from '../federation/references.js'
import { printStitchable } from '../federation/stitching.js'
import { subgraphSdl } from '../federation/subgraph-sdl.js'
import type { RequestScope } from '../scope.js'
import { buildGatewaySchema, type Resource } from './build-schema.js'

/**
 * What the endpoint serves: the schema that clients read, with what a composing gateway asks for on top. Its own fields are
 * those of the plain schema, untouched, so that composing costs a plain query nothing.
 */
export function buildServedSchema(resources: readonly Resource[]): GraphQLSchema {
  const plain = buildGatewaySchema(resources)
  const entities = resources.flatMap((resource) => resource.entities ?? [])
  const readEntities = createEntitiesReader(plain, entities)
  // Printing takes longer than all the rest of a start, and most who start never ask.
  const subgraph = once(() => subgraphSdl(plain, resources))
  const stitchable = once(() => printStitchable(plain, entities))
  const names = entities.map(({ typename }) => typename)
  return withResolvers(extendSchema(plain, parse(`${SCHEMA_FIELDS} ${names.length > 0 ? entityFields(names) : ''}`)), {
    _service: () => ({ sdl: subgraph() }),
    _sdl: stitchable,
    _entities: (_source, { representations }, scope, info) =>
      readEntities(scope, representations as readonly unknown[], askedBelow(info)),
  })
}

/** The costs of all that is served, by field. */
export function servedCosts(resources: readonly Resource[]): CostTable {
  const entities = resources.flatMap((resource) => resource.entities ?? [])
  const own: CostTable = Object.assign({}, ...resources.map((resource) => resource.costs))
  return {
    ...own,
    'Query._service': FREE,
    'Query._sdl': { calls: 0, bytes: SDL_BYTES, sdls: 1 },
    '_Service.sdl': { calls: 0, bytes: SDL_BYTES, sdls: 1 },
    ...keyListCosts(entities),
    ...(entities.length > 0 ? { 'Query._entities': entitiesCost(entities) } : {}),
  }
}

/** Some times what a dozen types take, quoted as JSON. */
const SDL_BYTES = 65_536

const SCHEMA_FIELDS = `
  extend type Query {
    "This schema as a Federation 2 subgraph, for tools that compose a supergraph."
    _service: _Service!
    "This schema with stitching directives, for gateways that stitch schemas."
    _sdl: String!
  }
  "What a supergraph is composed from."
  type _Service {
    "The subgraph in the schema definition language."
    sdl: String!
  }`

function entityFields(names: readonly string[]): string {
  return `
  extend type Query {
    "The objects that references name, in their order: null for one that names nothing, an error for one that fails."
    _entities("Each has __typename and the fields of one key." representations: [_Any!]!): [_Entity]!
  }
  "A reference to an object: its __typename and the fields of one of its keys."
  scalar _Any
  "What can be referred to by a key."
  union _Entity = ${names.join(' | ')}`
}

function once(make: () => string): () => string {
  let made: string | undefined
  return () => {
    made ??= make()
    return made
  }
}

type Resolvers = Readonly<Record<string, GraphQLFieldResolver<unknown, RequestScope>>>

/** SDL brings no functions. */
function withResolvers(schema: GraphQLSchema, resolvers: Resolvers): GraphQLSchema {
  const fields = schema.getQueryType()?.getFields() ?? {}
  for (const [name, resolve] of Object.entries(resolvers)) {
    if (fields[name] !== undefined) fields[name].resolve = resolve
  }
  return schema
}
