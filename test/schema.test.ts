import { readFileSync } from 'node:fs'
import {
  buildSchema,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLField,
  type GraphQLSchema,
  graphql,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  validateSchema,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { stitchingSdl } from '../src/graphql/federation/stitching-sdl.js'
import { printSubgraph } from '../src/graphql/federation/subgraph.js'
import { buildGatewaySchema, printGatewaySchema } from '../src/graphql/schema/build-schema.js'
import { buildServedSchema } from '../src/graphql/schema/served-schema.js'
import { resources } from '../src/resources/index.js'

const built = buildGatewaySchema(resources)
const emitted = textOf('../schema/schema.graphql')
const contract = buildSchema(textOf('./fixtures/contract.graphql'))

describe('the schema', () => {
  it('is a valid GraphQL schema', () => {
    expect(validateSchema(built)).toEqual([])
  })

  it('matches schema/schema.graphql (run `npm run schema` when this fails)', () => {
    expect(emitted).toBe(printGatewaySchema(built))
  })

  it('matches schema/subgraph.graphql as a subgraph', () => {
    expect(textOf('../schema/subgraph.graphql')).toBe(printSubgraph(built, resources))
  })

  it('matches schema/stitching.graphql as a schema for stitching', () => {
    const entities = resources.flatMap((resource) => resource.entities ?? [])
    expect(textOf('../schema/stitching.graphql')).toBe(stitchingSdl(built, entities))
  })

  it('is served as SDL exactly as it is checked in', async () => {
    const served = buildServedSchema(resources)
    const { data } = await graphql({ schema: served, source: '{ _sdl _service { sdl } }' })
    const [stitching, subgraph] = ['stitching', 'subgraph'].map((name) => textOf(`../schema/${name}.graphql`))
    expect(data).toEqual({ _sdl: stitching, _service: { sdl: subgraph } })
  })

  it.each([
    ['keeps every promise of the contract', contract, built],
    ['promises no more than the contract', built, contract],
  ])('%s', (_promise, before, after) => {
    expect([...findBreakingChanges(before, after), ...findDangerousChanges(before, after)]).toEqual([])
  })

  it('describes every type, field, argument, enum value and input field', () => {
    expect(describedThings(built).filter(({ description }) => !description?.trim())).toEqual([])
    expect(describedThings(built).length).toBeGreaterThan(100)
  })

  it('calls a function only for the fields that a resolver class declares', () => {
    const declared = new Set(
      resources.flatMap(({ resolvers }) => resolvers.flatMap(({ prototype }) => Object.getOwnPropertyNames(prototype))),
    )
    const resolving = fieldsOf(built).filter(([, field]) => field.resolve !== undefined)
    expect(resolving.length).toBeGreaterThan(5)
    // A type without `simpleResolvers: true` has a function in every field.
    expect(resolving.filter(([, { name }]) => !declared.has(name)).map(([name]) => name)).toEqual([])
  })
})

describe('the checks of the schema', () => {
  it.each([
    ['a lost field', 'type A { b: Int c: Int }', 'type A { b: Int }'],
    ['a looser nullability', 'type A { b: Int! }', 'type A { b: Int }'],
    ['a new enum value', 'enum A { B }', 'enum A { B C }'],
    ['a new required argument', 'type A { b: Int }', 'type A { b(c: Int!): Int }'],
  ])('find %s', (_change, before, after) => {
    const [older, newer] = [before, after].map((text) => buildSchema(`type Query { ok: Boolean } ${text}`))
    if (older === undefined || newer === undefined) throw new Error('expected two schemas to compare')
    expect([...findBreakingChanges(older, newer), ...findDangerousChanges(older, newer)]).toHaveLength(1)
  })

  it('find everything that lacks a description', () => {
    const bare = buildSchema('type Query { a(b: C): D } input C { e: Int } enum D { F }')
    const names = describedThings(bare)
      .filter(({ description }) => !description)
      .map(({ name }) => name)
    expect(names).toEqual(['Query', 'Query.a', 'Query.a(b:)', 'C', 'C.e', 'D', 'D.F'])
  })
})

interface Described {
  readonly name: string
  readonly description: string | null | undefined
}

/** Everything in a schema that can have a description, except what GraphQL itself defines. */
function describedThings(schema: GraphQLSchema): Described[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type) && !BUILT_IN_SCALARS.has(type.name))
    .flatMap((type): Described[] => [{ name: type.name, description: type.description }, ...partsOf(type)])
}

const BUILT_IN_SCALARS = new Set(['ID', 'String', 'Int', 'Float', 'Boolean'])

function partsOf(type: ReturnType<GraphQLSchema['getTypeMap']>[string]): Described[] {
  const within = ({ name, description }: Described): Described => ({ name: `${type.name}.${name}`, description })
  if (isEnumType(type)) return type.getValues().map(within)
  if (isInputObjectType(type)) return Object.values(type.getFields()).map(within)
  if (!isObjectType(type)) return []
  return Object.values(type.getFields()).flatMap((field) => [
    within(field),
    ...field.args.map((arg) => within({ ...arg, name: `${field.name}(${arg.name}:)` })),
  ])
}

function fieldsOf(schema: GraphQLSchema): [string, GraphQLField<unknown, unknown>][] {
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !isIntrospectionType(type))
    .flatMap((type) =>
      Object.values(isObjectType(type) ? type.getFields() : {}).map(
        (field): [string, GraphQLField<unknown, unknown>] => [`${type.name}.${field.name}`, field],
      ),
    )
}

function textOf(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8')
}
