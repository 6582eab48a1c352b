import { buildSchema, getNamedType, getNullableType, getOperationAST, isListType, isObjectType, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import type { CostTable } from '../../src/admission/field-cost.js'
import { createCostOf, type OperationCost, type Variables } from '../../src/admission/operation-cost.js'
import { buildServedSchema, servedPricing } from '../../src/graphql/schema/served-schema.js'
import { resources } from '../../src/resources/index.js'

/** A schema with costs that can be added up by hand. */
const schema = buildSchema(`
  type Query { one: Thing, many(first: Int = 3): [Thing], list(keys: [ID!]!): [Thing], free: Thing }
  type Thing { name: String, data: JSONObject, parent: Thing, children(first: Int): [Thing] }
  scalar JSONObject
`)
const costs = {
  'Query.one': { calls: 1 },
  'Query.many': ({ first }: Variables) => ({ calls: 1, rows: Number(first) }),
  'Query.list': ({ keys }: Variables) => {
    const count = Array.isArray(keys) ? keys.length : 1
    return { calls: count, rows: count, keys: count }
  },
  'Thing.parent': { calls: 2 },
  'Thing.children': ({ first }: Variables) => ({ calls: 10, rows: Number(first ?? 5) }),
}

function costOf(query: string, variables: Variables = {}): OperationCost {
  const document = parse(query)
  const operation = getOperationAST(document)
  if (!operation) throw new Error('expected an operation')
  const pricing = { costs, batchCalls: () => 0 }
  return createCostOf({ document, schema, pricing, jsonBytes: 1_000_000 })(operation, variables)
}

const calls = (query: string, variables?: Variables): number => costOf(query, variables).upstreamCalls

describe('the cost of an operation', () => {
  it.each<[string, number, string, Variables?]>([
    ['prices free fields at 0', 0, '{ free { name } __typename }'],
    ['adds up fields side by side, under any alias', 3, '{ a: one { name } b: one { name } c: one { name } }'],
    ['multiplies what is selected of each row', 1 + 4 * 2, '{ many(first: 4) { parent { name } } }'],
    [
      'multiplies through every level',
      1 + 4 * (10 + 6 * 2),
      '{ many(first: 4) { children(first: 6) { parent { name } } } }',
    ],
    ["uses an argument's default", 1 + 3 * 2, '{ many { parent { name } } }'],
    ['uses a variable', 1 + 7 * 2, 'query ($n: Int) { many(first: $n) { parent { name } } }', { n: 7 }],
    ["uses a variable's default", 1 + 8 * 2, 'query ($n: Int = 8) { many(first: $n) { parent { name } } }'],
    ['passes null on as null', 10 + 1, '{ one { children(first: null) { name } } }'],
    ['reads a single value as a list of one', 1 + 2, '{ list(keys: "a") { parent { name } } }'],
    ['includes inline fragments', 3, '{ ... { one { ... on Thing { parent { name } } } } }'],
    [
      'counts a fragment wherever it is spread',
      9,
      '{ a: one { ...P } b: one { ...P } c: one { ...P } } fragment P on Thing { parent { name } }',
    ],
    ['leaves out what is skipped', 1, '{ one { parent @skip(if: true) { name } } }'],
    ['leaves out what is not included', 1, '{ one { ... @include(if: false) { parent { name } } } }'],
    [
      'leaves out a spread that a variable skips',
      1,
      'query ($no: Boolean!) { one { ...P @skip(if: $no) } } fragment P on Thing { parent { name } }',
      { no: true },
    ],
    [
      'counts a field whose condition is an unknown variable',
      3,
      'query ($no: Boolean!) { one { parent @skip(if: $no) { name } } }',
    ],
  ])('%s', (_promise, expected, query, variables) => {
    expect(calls(query, variables)).toBe(expected)
  })

  it('reports the length of the longest key list, in a fragment or a variable', () => {
    const query =
      'query ($keys: [ID!]!) { ...F list(keys: ["a", "b"]) { name } } fragment F on Query { x: list(keys: $keys) { name } }'
    expect(costOf(query, { keys: ['1', '2', '3', '4', '5'] })).toMatchObject({
      upstreamCalls: 7,
      keys: 5,
      references: 0,
    })
  })

  it('stops pricing at circular fragments, which validation refuses', () => {
    expect(
      calls('{ one { ...A } } fragment A on Thing { parent { ...B } } fragment B on Thing { parent { ...A } }'),
    ).toBe(5)
  })

  it('prices a fragment bomb in the time its text takes', () => {
    const fragments = Array.from(
      { length: 60 },
      (_, n) => `fragment F${n} on Thing { a: parent { ...F${n + 1} } b: parent { ...F${n + 1} } }`,
    )
    expect(calls(`{ one { ...F0 } } ${fragments.join(' ')} fragment F60 on Thing { name }`)).toBe(1 + 4 * (2 ** 60 - 1))
  })

  it('prices a fragment on an unknown type at 0, with the fragments it spreads', () => {
    expect(calls('{ ...A } fragment A on Unknown { ...B one { name } } fragment B on Query { one { name } }')).toBe(0)
  })

  it('prices fields that do not exist at 0', () => {
    expect(calls('{ nothing { one { parent { name } } } one { nothing } }')).toBe(1)
  })
})

describe('the bytes of a response', () => {
  const large = (query: string, variables?: Variables): number =>
    Math.floor(costOf(query, variables).responseBytes / 1_000_000)

  it.each<[string, number, string, Variables?]>([
    ['are few for small fields', 0, '{ one { name parent { name } } }'],
    ['include every large value, under any alias', 3, '{ one { data a: data } free { data } }'],
    ['multiply through every level', 24, '{ many(first: 4) { children(first: 6) { data } } }'],
    ['use a variable', 7, 'query ($n: Int) { many(first: $n) { data } }', { n: 7 }],
    ['count a fragment wherever it is spread', 2, '{ one { ...D parent { ...D } } } fragment D on Thing { data }'],
    ['leave out what is skipped', 0, '{ one { data @skip(if: true) } }'],
    ['leave out what an empty list would hold', 0, '{ list(keys: []) { data } }'],
  ])('%s', (_promise, expected, query, variables) => {
    expect(large(query, variables)).toBe(expected)
  })

  it('counts the bytes of a field name in every row', () => {
    const bytes = (name: string): number => costOf(`{ many(first: 50) { ${name}: name } }`).responseBytes
    expect(bytes('x'.repeat(101)) - bytes('x')).toBe(50 * 100)
  })

  it('counts the bytes of a field name in the path of every error below it', () => {
    const bytes = (name: string): number =>
      costOf(`{ ${name}: list(keys: ["a", "b", "c"]) { __typename } }`).responseBytes
    // Its own key, and the paths of an error for itself and one for each of its three rows.
    expect(bytes('x'.repeat(101)) - bytes('x')).toBe(100 + 4 * 100)
  })

  it('counts infinite bytes for a fragment bomb, in the time its text takes', () => {
    const fragments = Array.from(
      { length: 200 },
      (_, n) => `fragment F${n} on Thing { a: children(first: 100) { ...F${n + 1} } b: children { ...F${n + 1} } }`,
    )
    const query = `{ one { ...F0 } } ${fragments.join(' ')} fragment F200 on Thing { data }`
    expect(costOf(query).responseBytes).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('the cost table', () => {
  const types = Object.values(buildServedSchema(resources).getTypeMap()).filter(isObjectType)
  const fields = types
    .filter((type) => !type.name.startsWith('__'))
    .flatMap((type) => Object.values(type.getFields()).map((field) => ({ name: `${type.name}.${field.name}`, field })))

  const table = servedPricing(resources).costs
  const isFree = (cost: CostTable[string] | undefined) => typeof cost === 'object' && cost.calls === 0

  it('has a cost for every field with a resolver, so a new one must say what it costs', () => {
    const resolved = fields.filter(({ field }) => field.resolve !== undefined).map(({ name }) => name)
    expect(resolved.length).toBeGreaterThan(5)
    expect(Object.keys(table)).toEqual(expect.arrayContaining(resolved))
  })

  it('has a cost for every list of objects, except those of connections, which have their own length', () => {
    const lists = fields.filter(
      ({ name, field }) =>
        isListType(getNullableType(field.type)) &&
        isObjectType(getNamedType(field.type)) &&
        !/Connection[.]/.test(name),
    )
    expect(lists.length).toBeGreaterThan(3)
    expect(lists.map(({ name }) => name).filter((name) => !(name in table))).toEqual([])
  })

  it('has no cost for an unknown field, and no calls for a field without a resolver', () => {
    const data = fields.filter(({ name, field }) => name in table && field.resolve === undefined)
    const priced = data.filter(({ name }) => !isFree(table[name]))
    expect(priced).toEqual([])
    expect(Object.keys(table).filter((name) => !fields.some((field) => field.name === name))).toEqual([])
  })
})
