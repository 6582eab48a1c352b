import { buildSubgraphSchema } from '@apollo/subgraph'
import { type GraphQLSchema, parse } from 'graphql'
import type { Resource } from '../schema/build-schema.js'
import { subgraphSdl } from './subgraph-sdl.js'

/**
 * The subgraph's SDL, held to the specification. For `npm run schema` and the tests: what checks it is under a licence of its
 * own and not shipped, nor is this file.
 * @throws GraphQLError naming what breaks a rule of the specification
 */
export function printSubgraph(schema: GraphQLSchema, resources: readonly Resource[]): string {
  const sdl = subgraphSdl(schema, resources)
  buildSubgraphSchema({ typeDefs: parse(sdl) })
  return sdl
}
