import 'reflect-metadata'
import { Arg, Directive, Field, FieldResolver, Float, ID, Int, ObjectType, Query, Resolver, Root } from 'type-graphql'
import { FREE } from '../../src/admission/field-cost.js'
import type { Entity } from '../../src/graphql/federation/entity.js'
import type { Resource } from '../../src/graphql/schema/build-schema.js'

/*
 * The schema that Apollo's federation-subgraph-compatibility suite tests, written as a resource of this project: classes with
 * decorators, and entities beside them. The data is the suite's too.
 */

@ObjectType({ simpleResolvers: true })
class ProductVariation {
  @Field(() => ID)
  id!: string
}

@Directive('@shareable')
@ObjectType({ simpleResolvers: true })
class ProductDimension {
  @Field(() => String, { nullable: true })
  size!: string | null

  @Field(() => Float, { nullable: true })
  weight!: number | null

  @Directive('@inaccessible')
  @Field(() => String, { nullable: true })
  unit!: string | null
}

@ObjectType({ simpleResolvers: true })
class CaseStudy {
  @Field(() => ID)
  caseNumber!: string

  @Field(() => String, { nullable: true })
  description!: string | null
}

@Directive('@key(fields: "study { caseNumber }")')
@ObjectType({ simpleResolvers: true })
class ProductResearch {
  @Field(() => CaseStudy)
  study!: CaseStudy

  @Field(() => String, { nullable: true })
  outcome!: string | null
}

@Directive('@extends')
@Directive('@key(fields: "email")')
@ObjectType({ simpleResolvers: true })
class User {
  @Directive('@external')
  @Field(() => ID)
  email!: string

  @Directive('@override(from: "users")')
  @Field(() => String, { nullable: true })
  name!: string | null

  @Directive('@requires(fields: "totalProductsCreated yearsOfEmployment")')
  @Field(() => Int, { nullable: true })
  averageProductsCreatedPerYear!: number | null

  @Directive('@external')
  @Field(() => Int, { nullable: true })
  totalProductsCreated!: number | null

  @Directive('@external')
  @Field(() => Int)
  yearsOfEmployment!: number
}

@Directive('@key(fields: "sku package")')
@ObjectType({ simpleResolvers: true })
class DeprecatedProduct {
  @Field(() => String)
  sku!: string

  @Field(() => String)
  package!: string

  @Field(() => String, { nullable: true })
  reason!: string | null

  @Field(() => User, { nullable: true })
  createdBy!: Partial<User> | null
}

@Directive('@custom')
@Directive('@key(fields: "id")')
@Directive('@key(fields: "sku package")')
@Directive('@key(fields: "sku variation { id }")')
@ObjectType({ simpleResolvers: true })
class Product {
  @Field(() => ID)
  id!: string

  @Field(() => String, { nullable: true })
  sku!: string | null

  @Field(() => String, { nullable: true })
  package!: string | null

  @Field(() => ProductVariation, { nullable: true })
  variation!: ProductVariation | null

  @Field(() => ProductDimension, { nullable: true })
  dimensions!: ProductDimension | null

  @Directive('@provides(fields: "totalProductsCreated")')
  @Field(() => User, { nullable: true })
  createdBy!: Partial<User> | null

  @Directive('@tag(name: "internal")')
  @Field(() => String, { nullable: true })
  notes!: string | null

  @Field(() => [ProductResearch])
  research!: ProductResearch[]
}

@Directive('@interfaceObject')
@Directive('@key(fields: "id")')
@ObjectType({ simpleResolvers: true })
class Inventory {
  @Field(() => ID)
  id!: string

  @Field(() => [DeprecatedProduct])
  deprecatedProducts!: DeprecatedProduct[]
}

const author = {
  email: 'support@apollographql.com',
  name: 'Jane Smith',
  totalProductsCreated: 1337,
  yearsOfEmployment: 10,
}
const dimensions = { size: 'small', weight: 1, unit: 'kg' }
const studies: ProductResearch[] = [
  { study: { caseNumber: '1234', description: 'Federation Study' }, outcome: null },
  { study: { caseNumber: '1235', description: 'Studio Study' }, outcome: null },
]
const deprecated: DeprecatedProduct = {
  sku: 'apollo-federation-v1',
  package: '@apollo/federation-v1',
  reason: 'Migrate to Federation V2',
  createdBy: author,
}
const products: Product[] = [
  { id: 'apollo-federation', sku: 'federation', package: '@apollo/federation', variation: { id: 'OSS' } },
  { id: 'apollo-studio', sku: 'studio', package: '', variation: { id: 'platform' } },
].map((product, index) => ({
  ...product,
  dimensions,
  createdBy: author,
  notes: 'on demand',
  research: studies.slice(index, index + 1),
}))

@Resolver()
class ProductsResolver {
  @Query(() => Product, { nullable: true })
  product(@Arg('id', () => ID) id: string): Product | null {
    return products.find((product) => product.id === id) ?? null
  }

  @Query(() => DeprecatedProduct, { nullable: true, deprecationReason: 'Use product query instead' })
  deprecatedProduct(@Arg('sku', () => String) sku: string, @Arg('package', () => String) name: string) {
    return sku === deprecated.sku && name === deprecated.package ? deprecated : null
  }
}

@Resolver(() => User)
class UserResolver {
  @FieldResolver(() => Int, { nullable: true })
  averageProductsCreatedPerYear(@Root() { totalProductsCreated, yearsOfEmployment }: User): number | null {
    return totalProductsCreated === null ? null : Math.round(totalProductsCreated / yearsOfEmployment)
  }
}

const product: Entity<Partial<Product>> = {
  typename: 'Product',
  resolveReference: async (_scope, { id, sku, package: name, variation }) => {
    const found = products.find((one) =>
      id === undefined
        ? one.sku === sku && (one.package === name || one.variation?.id === variation?.id)
        : one.id === id,
    )
    return found ?? null
  },
  listIdOf: () => undefined,
  cost: () => FREE,
}

const deprecatedProduct: Entity<Pick<DeprecatedProduct, 'sku' | 'package'>> = {
  typename: 'DeprecatedProduct',
  resolveReference: async (_scope, { sku, package: name }) => new ProductsResolver().deprecatedProduct(sku, name),
  listIdOf: () => undefined,
  cost: () => FREE,
}

const research: Entity<Pick<ProductResearch, 'study'>> = {
  typename: 'ProductResearch',
  resolveReference: async (_scope, { study }) =>
    studies.find((one) => one.study.caseNumber === study.caseNumber) ?? null,
  listIdOf: () => undefined,
  cost: () => FREE,
}

const user: Entity<Pick<User, 'email'>> = {
  typename: 'User',
  // The fields that @requires names come with the reference.
  resolveReference: async (_scope, reference) =>
    reference.email === author.email ? { ...author, ...reference } : null,
  listIdOf: () => undefined,
  cost: () => FREE,
}

const inventory: Entity<Pick<Inventory, 'id'>> = {
  typename: 'Inventory',
  resolveReference: async (_scope, { id }) => (id === 'apollo-oss' ? { id, deprecatedProducts: [deprecated] } : null),
  listIdOf: () => undefined,
  cost: () => FREE,
}

export const productsResource: Resource = {
  name: 'products',
  resolvers: [ProductsResolver, UserResolver],
  costs: {},
  types: [Inventory],
  entities: [product, deprecatedProduct, research, user, inventory],
  subgraphSdl: `
    extend schema @link(url: "https://myspecs.dev/myCustomDirective/v1.0", import: ["@custom"])
    extend schema @composeDirective(name: "@custom")
    directive @custom on OBJECT
  `,
}
