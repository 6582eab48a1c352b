import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { buildGatewaySchema } from '../../src/graphql/schema/build-schema.js'
import { resources } from '../../src/resources/index.js'
import { readPage } from '../support/markdown.js'

const page = readPage('docs/schema.md')
const types = Object.values(buildGatewaySchema(resources).getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
)

describe('the page of the schema: when this fails, run `npm run docs:schema`', () => {
  it('has every type, field, argument and value, with its description', () => {
    expect(types.length).toBeGreaterThan(10)
    expect(types.flatMap(partsOf).filter((part) => !page.includes(part))).toEqual([])
  })

  it('names nothing that the schema has not', () => {
    const names = new Set(types.map(({ name }) => name))
    const headings = [...page.matchAll(/^### (\w+)/gm)].map(([, name = '']) => name)
    expect(headings.filter((name) => !names.has(name))).toEqual([])
  })

  it('links each type to its place', () => {
    const places = new Set([...page.matchAll(/^### (\S+)$/gm)].map(([, title = '']) => title.toLowerCase()))
    const targets = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, target = '']) => target)
    expect(targets.length).toBeGreaterThan(20)
    expect(targets.filter((target) => !places.has(target))).toEqual([])
  })
})

/** What must stand on the page, as it stands there: descriptions, and rows that begin with a name. */
function partsOf(type: GraphQLNamedType): string[] {
  const own = [type.description ?? `a description of ${type.name}`]
  if (isEnumType(type))
    return [...own, ...type.getValues().map(({ name, description }) => `| \`${name}\` | ${description} |`)]
  if (!isObjectType(type) && !isInputObjectType(type)) return own
  const fields = Object.values(type.getFields())
  const args = isObjectType(type) ? Object.values(type.getFields()).flatMap((field) => field.args) : []
  return [
    ...own,
    ...fields.flatMap(({ name, description }) => [name, String(description)]),
    ...args.flatMap(({ name, description }) => [`| \`${name}\` | `, String(description)]),
  ]
}
