import { buildSchema, type GraphQLResolveInfo, graphql } from 'graphql'
import { describe, expect, it } from 'vitest'
import { type Asks, askedBelow } from '../../src/graphql/asked.js'

const schema = buildSchema('type Query { thing: Thing } type Thing { id: ID, name: String, thing: Thing }')

/** What a resolver of `thing` is told of the fields of each. */
async function askedOf(source: string, variableValues: Record<string, unknown> = {}): Promise<Asks[]> {
  const seen: Asks[] = []
  const thing = (_args: unknown, _context: unknown, info: GraphQLResolveInfo) => {
    seen.push(askedBelow(info))
    return {}
  }
  const { errors } = await graphql({ schema, source, variableValues, rootValue: { thing } })
  expect(errors).toBeUndefined()
  return seen
}

describe('what is asked below a field', () => {
  it.each([
    ['by name', '{ thing { name } }'],
    ['under an alias', '{ thing { title: name } }'],
    [
      'in fragments of fragments',
      '{ thing { ...A } } fragment A on Thing { id ... { ...B } } fragment B on Thing { name }',
    ],
    ['by a field of the same name and alias', '{ thing { id } thing { name } }'],
    [
      'under a condition that holds',
      'query ($yes: Boolean!) { thing { ... @include(if: $yes) { name @skip(if: false) } } }',
    ],
  ])('is there %s', async (_how, query) => {
    const [asks] = await askedOf(query, { yes: true })
    expect([asks?.('name'), asks?.('name')]).toEqual([true, true])
  })

  it.each([
    ['under its name is another field', '{ thing { name: id } }'],
    ['it is asked further down only', '{ thing { thing { name } } }'],
    ['it is asked of another alias', '{ thing { id } other: thing { name } }'],
    [
      'a condition leaves it out',
      'query ($yes: Boolean!) { thing { id ... @skip(if: $yes) { name } name @include(if: false) } }',
    ],
    ['the spread of its fragment is left out', '{ thing { id ...A @skip(if: true) } } fragment A on Thing { name }'],
  ])('is not there where %s', async (_how, query) => {
    const [asks] = await askedOf(query, { yes: true })
    expect(asks?.('name')).toBe(false)
  })
})
