import 'reflect-metadata'
import { type GraphQLObjectType, type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql'
import { buildSchemaSync, type NonEmptyArray } from 'type-graphql'
import type { CostTable } from '../../admission/field-cost.js'
import type { Entity } from '../federation/entity.js'

/** What a resource folder gives to the schema. */
export interface Resource {
  readonly name: string
  /** TypeGraphQL resolver classes: the resource's own fields, and those it adds to other types. */
  readonly resolvers: readonly ResolverClass[]
  /** What its fields cost upstream; beside the resource because a federated schema drops `extensions`. */
  readonly costs: CostTable
  /** Object types that no field leads to: only references do. */
  readonly types?: readonly ResolverClass[]
  /** Its types that other subgraphs and stitched schemas may refer to. */
  readonly entities?: readonly Entity[]
  /**
   * Added to the subgraph's SDL: directives where TypeGraphQL takes none (`extend enum PaymentLinkStatus @tag(name: "x")`,
   * `extend scalar …`, `extend schema …`) and definitions of directives of one's own.
   */
  readonly subgraphSdl?: string
}

type ResolverClass = new () => object

/** The schema that clients read; what composing gateways ask for comes on top of it, in `served-schema.ts`. */
export function buildGatewaySchema(resources: readonly Resource[]): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: resources.flatMap((resource) => resource.resolvers) as unknown as NonEmptyArray<ResolverClass>,
    orphanedTypes: resources.flatMap((resource) => resource.types ?? []),
    // The mutation that has class-validator rules asks for them itself; nothing else pays for validation.
    validate: false,
  })
  describe(
    schema.getQueryType(),
    'Everything that can be read. Reads of one request are batched and read nothing twice.',
  )
  describe(schema.getMutationType(), 'Everything that can be changed. Fields of one mutation run one after another.')
  return schema
}

/** TypeGraphQL has no place for the descriptions of the root types. */
function describe(type: GraphQLObjectType | null | undefined, description: string): void {
  if (type) type.description = description
}

/** The schema as text, in an order that does not depend on the code's. */
export function printGatewaySchema(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`
}
