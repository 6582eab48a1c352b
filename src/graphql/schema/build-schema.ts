import 'reflect-metadata'
import { type GraphQLObjectType, type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql'
import { buildSchemaSync, type NonEmptyArray } from 'type-graphql'
import type { CostTable } from '../../admission/field-cost.js'
import type { Entity } from '../federation/entity.js'

/** What a resource folder adds to the schema. */
export interface Resource {
  readonly name: string
  /** TypeGraphQL resolver classes, for its own fields and those that it adds to other types. */
  readonly resolvers: readonly ResolverClass[]
  readonly costs: CostTable
  /** Object types that only references lead to. */
  readonly types?: readonly ResolverClass[]
  /** Its types that other subgraphs and stitching gateways may refer to. */
  readonly entities?: readonly Entity[]
  /**
   * SDL to add to the subgraph: directives where TypeGraphQL has no decorator for them, such as
   * `extend enum PaymentLinkStatus @tag(name: "x")`, and definitions of custom directives.
   */
  readonly subgraphSdl?: string
}

type ResolverClass = new () => object

/** The schema for clients. `served-schema.ts` adds the fields for composing gateways. */
export function buildGatewaySchema(resources: readonly Resource[]): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: resources.flatMap((resource) => resource.resolvers) as unknown as NonEmptyArray<ResolverClass>,
    orphanedTypes: resources.flatMap((resource) => resource.types ?? []),
    // Mutations run their class-validator rules themselves; other operations do not pay for validation.
    validate: false,
  })
  describe(
    schema.getQueryType(),
    'Everything that can be read. Reads of one request are batched, and nothing is read twice.',
  )
  describe(schema.getMutationType(), 'Everything that can be changed. Fields of one mutation run one after another.')
  return schema
}

/** TypeGraphQL cannot describe the root types. */
function describe(type: GraphQLObjectType | null | undefined, description: string): void {
  if (type) type.description = description
}

/** The schema as SDL, sorted so that it does not change with the order of the code. */
export function printGatewaySchema(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`
}
