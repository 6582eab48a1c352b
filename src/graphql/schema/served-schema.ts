import { extendSchema, type GraphQLFieldResolver, type GraphQLSchema, parse } from 'graphql'
import { type CostTable, type FieldCost, FREE, type Pricing } from '../../admission/field-cost.js'
import { batchCalls } from '../batch/batch-cost.js'
import { entitiesCost, keyListCosts } from '../federation/reference-cost.js'
import { createReferencesResolver } from '../federation/references.js'
import { stitchingSdl } from '../federation/stitching-sdl.js'
import { subgraphSdl } from '../federation/subgraph-sdl.js'
import type { RequestScope } from '../scope.js'
import { selectedBelow } from '../selected.js'
import { buildGatewaySchema, type Resource } from './build-schema.js'

/**
 * The schema that is served: the clients' schema, extended with the fields that composing gateways query. The clients' fields
 * are unchanged, so composition costs a plain query nothing.
 */
export function buildServedSchema(resources: readonly Resource[]): GraphQLSchema {
  const plain = buildGatewaySchema(resources)
  const entities = resources.flatMap((resource) => resource.entities ?? [])
  const resolveReferences = createReferencesResolver(plain, entities)
  // Printed when first queried: it takes longer than the rest of the start.
  const subgraph = once(() => subgraphSdl(plain, resources))
  const stitching = once(() => stitchingSdl(plain, entities))
  const names = entities.map(({ typename }) => typename)
  return withResolvers(extendSchema(plain, parse(names.length > 0 ? SDL_FIELDS + entityFields(names) : SDL_FIELDS)), {
    _service: () => ({ sdl: subgraph() }),
    _sdl: stitching,
    _entities: (_source, { representations }, scope, info) =>
      resolveReferences(scope, representations as readonly unknown[], selectedBelow(info)),
  })
}

/** The pricing of everything that is served. */
export function servedPricing(resources: readonly Resource[]): Pricing {
  const entities = resources.flatMap((resource) => resource.entities ?? [])
  const ofResources: CostTable = Object.assign({}, ...resources.map((resource) => resource.costs))
  const costs: CostTable = {
    ...ofResources,
    'Query._service': FREE,
    'Query._sdl': SDL_COST,
    '_Service.sdl': SDL_COST,
    ...keyListCosts(entities),
    ...(entities.length > 0 ? { 'Query._entities': entitiesCost(entities) } : {}),
  }
  return { costs, batchCalls }
}

/** Several times the SDL of a dozen types, as JSON. */
const SDL_COST: FieldCost = { calls: 0, bytes: 65_536, sdls: 1 }

const SDL_FIELDS = `
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
    "The objects that the references name, in the same order: null if there is none, an error if one fails."
    _entities("Each has __typename and the fields of one key." representations: [_Any!]!): [_Entity]!
  }
  "A reference to an object: its __typename and the fields of one of its keys."
  scalar _Any
  "Every type that has a key."
  union _Entity = ${names.join(' | ')}`
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

type Resolvers = Readonly<Record<string, GraphQLFieldResolver<unknown, RequestScope>>>

/** Adds resolvers to fields of `Query`, which SDL cannot. */
function withResolvers(schema: GraphQLSchema, resolvers: Resolvers): GraphQLSchema {
  const fields = schema.getQueryType()?.getFields() ?? {}
  for (const [name, resolve] of Object.entries(resolvers)) {
    if (fields[name] !== undefined) fields[name].resolve = resolve
  }
  return schema
}
