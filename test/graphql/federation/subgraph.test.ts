import 'reflect-metadata'
import { buildASTSchema, buildSchema, Kind, parse } from 'graphql'
import { Arg, Directive, Field, ID, InputType, Int, ObjectType, Query, Resolver, registerEnumType } from 'type-graphql'
import { describe, expect, it } from 'vitest'
import { FREE } from '../../../src/admission/field-cost.js'
import { printSubgraph } from '../../../src/graphql/federation/subgraph.js'
import { DecimalScalar } from '../../../src/graphql/scalars.js'
import { buildGatewaySchema, printGatewaySchema, type Resource } from '../../../src/graphql/schema/build-schema.js'
import { buildServedSchema } from '../../../src/graphql/schema/served-schema.js'

const Colour = { RED: 'RED' } as const
registerEnumType(Colour, { name: 'Colour' })

@Directive('@tag(name: "input")')
@InputType()
class ThingKey {
  @Directive('@tag(name: "input field")')
  @Field(() => ID)
  id!: string
}

@Directive('@key(fields: "id")')
@Directive('@tag(name: "class")')
@ObjectType({ simpleResolvers: true, description: 'Said of the thing.' })
class Thing {
  @Field(() => ID)
  id!: string

  @Directive('@inaccessible')
  @Directive('@tag(name: "field")')
  @Field(() => DecimalScalar, { description: 'Said of the price.', deprecationReason: 'Too dear' })
  price!: string

  @Field(() => Colour)
  colour!: 'RED'
}

@Resolver()
class ThingResolver {
  @Directive('@tag(name: "query")')
  @Query(() => Thing)
  thing(
    @Directive('@tag(name: "argument")')
    @Arg('count', () => Int, { defaultValue: 3 })
    _count: number,
    @Arg('key', () => ThingKey) _key: ThingKey,
  ): Thing {
    return { id: '1', price: '1.00', colour: 'RED' }
  }
}

const things: Resource = {
  name: 'things',
  resolvers: [ThingResolver],
  costs: {},
  entities: [{ typename: 'Thing', resolveReference: async () => null, listIdOf: () => undefined, cost: () => FREE }],
  subgraphSdl: `
    extend enum Colour @tag(name: "enum") @authenticated
    extend scalar Decimal @requiresScopes(scopes: [["money"]])
  `,
}

const printed = (resource: Resource): string => printSubgraph(buildGatewaySchema([resource]), [resource])
/** The directives on a type, its definition and extensions together, or on a field or argument of it. */
function directivesOn(text: string, typeName: string, partName?: string, argumentName?: string): string[] {
  return parse(text).definitions.flatMap((node) => {
    if (!('name' in node) || node.name?.value !== typeName) return []
    if (partName === undefined) return (node.directives ?? []).map(({ name }) => name.value)
    const parts = 'fields' in node ? (node.fields ?? []) : []
    const part = parts.find(({ name }) => name.value === partName)
    const args = part !== undefined && 'arguments' in part ? part.arguments : []
    const found = argumentName === undefined ? part : args?.find(({ name }) => name.value === argumentName)
    return (found?.directives ?? []).map(({ name }) => name.value)
  })
}

describe('the SDL of a subgraph', () => {
  const sdl = printed(things)

  it.each<[string, string[], [string, string?, string?]]>([
    ['a class', ['key', 'tag'], ['Thing']],
    ['a field', ['tag', 'inaccessible', 'deprecated'], ['Thing', 'price']],
    ['a query', ['tag'], ['Query', 'thing']],
    ['an argument', ['tag'], ['Query', 'thing', 'count']],
    ['an input', ['tag'], ['ThingKey']],
    ['a field of an input', ['tag'], ['ThingKey', 'id']],
    ['an enum', ['tag', 'authenticated'], ['Colour']],
    ['a scalar', ['requiresScopes'], ['Decimal']],
  ])('carries the directives on %s', (_place, expected, coordinate) => {
    expect(directivesOn(sdl, ...coordinate).sort()).toEqual(expected.sort())
  })

  it('keeps descriptions, defaults and deprecation reasons', () => {
    for (const said of ['Said of the thing.', 'Said of the price.', 'count: Int! = 3', 'reason: "Too dear"']) {
      expect(sdl).toContain(said)
    }
  })

  it('imports the directives it uses and does not define', () => {
    const links = /specs\.apollo\.dev\/federation\/v2\.7", import: \[(.*)\]/.exec(sdl)?.[1]
    expect(links).toBe('"@authenticated", "@inaccessible", "@key", "@requiresScopes", "@tag"')
  })

  it('prints an SDL that graphql-js parses', () => {
    const document = parse(sdl)
    expect(buildASTSchema(document, { assumeValidSDL: true }).getType('Thing')).toBeDefined()
    expect(document.definitions.some(({ kind }) => kind === Kind.SCHEMA_DEFINITION)).toBe(true)
  })

  it('leaves directives out of the schema that clients read', () => {
    const plain = printGatewaySchema(buildGatewaySchema([things]))
    expect(plain).not.toMatch(/@(key|tag|authenticated|inaccessible|requiresScopes)/)
    expect(buildSchema(plain).getType('Thing')).toBeDefined()
  })

  it.each([
    ['a directive that the specification does not have', 'extend enum Colour @tga(name: "x")', /@tga/],
    ['a directive in the wrong place', 'extend scalar Decimal @shareable', /shareable/],
    ['a directive with a wrong argument', 'extend enum Colour @tag(nmae: "x")', /nmae/],
    ['a type that does not exist', 'extend enum Color @tag(name: "x")', /Color/],
  ])('refuses %s and names it', (_what, subgraphSdl, message) => {
    expect(() => printed({ ...things, subgraphSdl })).toThrow(message)
  })
})

describe('a type and its entity', () => {
  it.each([
    ['a key without an entity', { entities: [] }, 'Nothing resolves references to Thing, which has a @key'],
    [
      'an entity without a key',
      {
        entities: [
          ...(things.entities ?? []),
          { typename: 'Query', resolveReference: async () => null, listIdOf: () => undefined, cost: () => FREE },
        ],
      },
      'Query has no @key to resolve references by',
    ],
  ])('stops the start when there is %s', (_what, change, message) => {
    expect(() => buildServedSchema([{ ...things, ...change }])).toThrow(message)
  })
})
