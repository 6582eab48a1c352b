import { readFileSync } from 'node:fs'
import { type ExecutionResult, graphql, stripIgnoredCharacters } from 'graphql'
import { describe, expect, it } from 'vitest'
import { buildServedSchema } from '../../src/graphql/schema/served-schema.js'
import { productsResource } from './products.js'

/*
 * The checks of Apollo's federation-subgraph-compatibility suite, run against our schema builder. The suite itself needs Docker
 * and downloads binaries; what it queries through a router is sent here as the router would send it.
 */

const schema = buildServedSchema([productsResource])
const ask = (source: string, variableValues: Record<string, unknown> = {}): Promise<ExecutionResult> =>
  Promise.resolve(graphql({ schema, source, variableValues, contextValue: {} }))

async function dataOf(source: string, variables?: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { data, errors } = await ask(source, variables)
  expect(errors).toBeUndefined()
  return data as Record<string, unknown>
}

async function entity(representation: Record<string, unknown>, fields: string): Promise<unknown> {
  const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${representation['__typename']} ${fields} } }`
  const { _entities } = await dataOf(query, { of: [representation] })
  return (_entities as readonly unknown[])[0]
}

async function sdl(): Promise<string> {
  const { _service } = await dataOf('{ _service { sdl } }')
  return stripIgnoredCharacters((_service as { sdl: string }).sdl)
}

const FEDERATION = { id: 'apollo-federation', sku: 'federation', package: '@apollo/federation' }
const SUITE_VERSIONS = /@link\(url:"https:\/\/specs\.apollo\.dev\/federation\/v2\.[0-7]"/g

/** One check for each row of the table in docs/composition.md, by its name there. */
const CHECKS: Readonly<Record<string, () => Promise<void>>> = {
  _service: async () => {
    expect(await sdl()).toMatch(/type Product[^{]*@key\(fields:"id"\)/)
  },
  '@link': async () => {
    const text = await sdl()
    expect(text.match(SUITE_VERSIONS)).toHaveLength(1)
    const imports = /federation\/v2\.\d+" import:\[([^\]]*)\]/.exec(text)?.[1]
    expect(imports?.replaceAll('"', '').split(' ')).toEqual([
      '@composeDirective',
      '@extends',
      '@external',
      '@inaccessible',
      '@interfaceObject',
      '@key',
      '@override',
      '@provides',
      '@requires',
      '@shareable',
      '@tag',
    ])
  },
  '@key, one field': async () => {
    expect(await sdl()).toMatch(/type User[^{]*@key\(fields:"email"\)/)
    expect(await entity({ __typename: 'User', email: 'support@apollographql.com' }, '{ name }')).toEqual({
      name: 'Jane Smith',
    })
  },
  '@key, several fields': async () => {
    expect(await sdl()).toMatch(/type DeprecatedProduct[^{]*@key\(fields:"sku package"\)/)
    const reference = { __typename: 'DeprecatedProduct', sku: 'apollo-federation-v1', package: '@apollo/federation-v1' }
    expect(await entity(reference, '{ reason }')).toEqual({ reason: 'Migrate to Federation V2' })
  },
  '@key, a field within a field': async () => {
    expect(await sdl()).toMatch(/type ProductResearch[^{]*@key\(fields:"study \{ caseNumber \}"\)/)
    const reference = { __typename: 'ProductResearch', study: { caseNumber: '1234' } }
    expect(await entity(reference, '{ study { description } }')).toEqual({ study: { description: 'Federation Study' } })
  },
  '@key, several keys': async () => {
    const { id, sku, package: name } = FEDERATION
    for (const key of [{ id }, { sku, package: name }, { sku, variation: { id: 'OSS' } }]) {
      expect(await entity({ __typename: 'Product', ...key }, '{ id sku package }')).toEqual(FEDERATION)
    }
  },
  _entities: async () => {
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { __typename } }`
    const { data, errors } = await ask(query, {
      of: [
        { __typename: 'Product', id: 'apollo-studio' },
        { __typename: 'Nothing' },
        { __typename: 'Product', id: 'no' },
      ],
    })
    expect(data?.['_entities']).toEqual([{ __typename: 'Product' }, null, null])
    expect(errors?.map(({ path }) => path)).toEqual([['_entities', 1]])
  },
  '@shareable': async () => {
    expect(await sdl()).toMatch(/type ProductDimension@shareable\{/)
  },
  '@tag': async () => {
    expect(await sdl()).toContain('notes:String@tag(name:"internal")')
    expect(await dataOf('{ product(id: "apollo-studio") { notes } }')).toEqual({ product: { notes: 'on demand' } })
  },
  '@requires': async () => {
    expect(await sdl()).toContain(
      'averageProductsCreatedPerYear:Int@requires(fields:"totalProductsCreated yearsOfEmployment")',
    )
    const given = { email: 'support@apollographql.com', totalProductsCreated: 40, yearsOfEmployment: 8 }
    expect(await entity({ __typename: 'User', ...given }, '{ averageProductsCreatedPerYear }')).toEqual({
      averageProductsCreatedPerYear: 5,
    })
  },
  '@provides': async () => {
    expect(await sdl()).toContain('createdBy:User@provides(fields:"totalProductsCreated")')
    expect(await dataOf('{ product(id: "apollo-studio") { createdBy { totalProductsCreated } } }')).toEqual({
      product: { createdBy: { totalProductsCreated: 1337 } },
    })
  },
  '@external': async () => {
    expect(await sdl()).toMatch(
      /email:ID!@external.*totalProductsCreated:Int@external.*yearsOfEmployment:Int!@external/,
    )
  },
  '@override': async () => {
    expect(await sdl()).toContain('name:String@override(from:"users")')
    expect(await dataOf('{ product(id: "apollo-studio") { createdBy { name } } }')).toEqual({
      product: { createdBy: { name: 'Jane Smith' } },
    })
  },
  '@inaccessible': async () => {
    expect(await sdl()).toContain('unit:String@inaccessible')
    expect(await dataOf('{ product(id: "apollo-studio") { dimensions { unit } } }')).toEqual({
      product: { dimensions: { unit: 'kg' } },
    })
  },
  '@composeDirective': async () => {
    const text = await sdl()
    expect(text).toMatch(/schema.*@composeDirective\(name:"@custom"\)/)
    expect(text).toMatch(/@link\(url:"https:\/\/myspecs\.dev\/myCustomDirective\/v1\.0" import:\["@custom"\]\)/)
    expect(text).toMatch(/directive@custom on OBJECT/)
    expect(text).toMatch(/type Product[^{]*@custom[^{]*\{/)
  },
  '@interfaceObject': async () => {
    expect(await sdl()).toMatch(/type Inventory[^{]*@interfaceObject/)
    expect(await sdl()).toMatch(/type Inventory[^{]*@key\(fields:"id"\)/)
    const reference = { __typename: 'Inventory', id: 'apollo-oss' }
    expect(await entity(reference, '{ deprecatedProducts { sku } }')).toEqual({
      deprecatedProducts: [{ sku: 'apollo-federation-v1' }],
    })
  },
}

describe('a subgraph of our schema builder passes the check of', () => {
  it.each(Object.entries(CHECKS))('passes the federation compatibility check of %s', (_name, check) => check())
})

describe('the table in docs/composition.md', () => {
  const page = readFileSync(new URL('../../docs/composition.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| `([^`]+)`(, [^|]+)? \| (\w+) \|/gm)].map(([, name, more = '', result]) => [
    `${name}${more}`,
    result,
  ])

  it('docs/composition.md has a row for each compatibility check, and marks the one that does not pass', () => {
    const expected = Object.keys(CHECKS).map((name) => [name, 'yes'])
    expect(rows).toEqual([...expected, ['ftv1', 'no']])
  })
})
