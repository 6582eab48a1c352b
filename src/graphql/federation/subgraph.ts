import { buildSubgraphSchema } from '@apollo/subgraph'
import { type GraphQLSchema, parse } from 'graphql'
import type { Resource } from '../schema/build-schema.js'
import { subgraphSdl } from './subgraph-sdl.js'

/**
 * The subgraph's SDL, checked against the specification. Only `npm run schema` and tests use this file: it is not shipped,
 * because the checker's licence does not allow it.
 * @throws GraphQLError naming what violates the specification
 */
export function printSubgraph(schema: GraphQLSchema, resources: readonly Resource[]): string {
  const sdl = subgraphSdl(schema, resources)
  buildSubgraphSchema({ typeDefs: parse(sdl) })
  return sdl
}
