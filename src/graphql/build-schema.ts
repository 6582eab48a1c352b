import 'reflect-metadata'
import { type GraphQLObjectType, type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql'
import { buildSchemaSync, type NonEmptyArray } from 'type-graphql'
import type { CostTable } from './field-cost.js'

/** What a resource folder gives to the schema. */
export interface Resource {
  readonly name: string
  /** TypeGraphQL resolver classes: the resource's own fields, and those it adds to other types. */
  readonly resolvers: readonly ResolverClass[]
  /** What its fields cost upstream; beside the resource because a federated schema drops `extensions`. */
  readonly costs: CostTable
}

type ResolverClass = new () => object

export function buildGatewaySchema(resources: readonly Resource[]): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: resources.flatMap((resource) => resource.resolvers) as unknown as NonEmptyArray<ResolverClass>,
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

/** The costs of all resources in one table. */
export function costTableOf(resources: readonly Resource[]): CostTable {
  return Object.assign({}, ...resources.map((resource) => resource.costs)) as CostTable
}

/** The schema as text, in an order that does not depend on the code's. */
export function printGatewaySchema(schema: GraphQLSchema): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`
}
