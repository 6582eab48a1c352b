import { buildSchema, type GraphQLResolveInfo, graphql } from 'graphql'
import { describe, expect, it } from 'vitest'
import type { SelectedFields } from '../../src/admission/field-cost.js'
import { selectedBelow } from '../../src/graphql/selected.js'

const schema = buildSchema('type Query { thing: Thing } type Thing { id: ID, name: String, thing: Thing }')

/** What each call of the resolver of `thing` sees as selected below it. */
async function selectedIn(source: string, variableValues: Record<string, unknown> = {}): Promise<SelectedFields[]> {
  const seen: SelectedFields[] = []
  const thing = (_args: unknown, _context: unknown, info: GraphQLResolveInfo) => {
    seen.push(selectedBelow(info))
    return {}
  }
  const { errors } = await graphql({ schema, source, variableValues, rootValue: { thing } })
  expect(errors).toBeUndefined()
  return seen
}

describe('the fields selected below a resolver', () => {
  it.each([
    ['by name', '{ thing { name } }'],
    ['under an alias', '{ thing { title: name } }'],
    [
      'in fragments of fragments',
      '{ thing { ...A } } fragment A on Thing { id ... { ...B } } fragment B on Thing { name }',
    ],
    ['in a second field of the same response key', '{ thing { id } thing { name } }'],
    [
      'under a condition that holds',
      'query ($yes: Boolean!) { thing { ... @include(if: $yes) { name @skip(if: false) } } }',
    ],
  ])('finds a selected field %s', async (_how, query) => {
    const [selected] = await selectedIn(query, { yes: true })
    expect([selected?.has('name'), selected?.has('name')]).toEqual([true, true])
  })

  it.each([
    ['that is only the alias of another field', '{ thing { name: id } }'],
    ['that is selected only further down', '{ thing { thing { name } } }'],
    ['that is selected below another alias', '{ thing { id } other: thing { name } }'],
    [
      'that a condition leaves out',
      'query ($yes: Boolean!) { thing { id ... @skip(if: $yes) { name } name @include(if: false) } }',
    ],
    ['whose fragment spread is skipped', '{ thing { id ...A @skip(if: true) } } fragment A on Thing { name }'],
  ])('does not find a field %s', async (_how, query) => {
    const [selected] = await selectedIn(query, { yes: true })
    expect(selected?.has('name')).toBe(false)
  })
})
