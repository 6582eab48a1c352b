import { getOperationAST, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { selectedFields } from '../../src/admission/selected-fields.js'
import { fragmentsOf } from '../../src/admission/selection-walk.js'

/** What the operation of a document selects. */
function selectedIn(query: string) {
  const document = parse(query)
  const operation = getOperationAST(document)
  return selectedFields(operation ? [operation.selectionSet] : [], fragmentsOf(document))
}

describe('selected fields', () => {
  it.each([
    ['a field of the set', '{ id name }'],
    ['a field under an alias', '{ title: name }'],
    ['a field in inline fragments', '{ id ... { ... on Thing { name } } }'],
    ['a field in fragments of fragments', '{ ...A } fragment A on Thing { ...B } fragment B on Thing { name }'],
    [
      'a field that a variable may leave out',
      'query ($no: Boolean!) { ... @skip(if: $no) { name @include(if: false) } }',
    ],
  ])('selects %s', (_what, query) => {
    expect(selectedIn(query).has('name')).toBe(true)
  })

  it.each([
    ['a field whose name is only the alias of another', '{ name: id }'],
    ['a field further down', '{ account { name } }'],
    ['a field of a fragment that nothing spreads', '{ id } fragment A on Thing { name }'],
    ['a field of a fragment that does not exist', '{ ...A }'],
    ['a field that circular fragments lack', '{ ...A } fragment A on Thing { ...B } fragment B on Thing { ...A }'],
  ])('does not select %s', (_what, query) => {
    expect(selectedIn(query).has('name')).toBe(false)
  })

  it.each([
    ['in one set', '{ account { name } }', true],
    [
      'in a second field of the same name',
      '{ account { id } other: account { ...A } } fragment A on Account { name }',
      true,
    ],
    ['through a fragment', '{ ...L } fragment L on Link { account { ... { name } } }', true],
    ['that only its first step matches', '{ account { id } name }', false],
    ['whose first step is a leaf', '{ account }', false],
  ])('follows a path of selected fields %s', (_where, query, expected) => {
    expect(selectedIn(query).has('account.name')).toBe(expected)
  })

  it('finds a selected path in a fragment bomb in the time its text takes', () => {
    const fragments = Array.from(
      { length: 60 },
      (_, n) => `fragment F${n} on Thing { a { ...F${n + 1} } ...F${n + 1} ... { ...F${n + 1} } }`,
    )
    const { has } = selectedIn(`{ ...F0 } ${fragments.join(' ')} fragment F60 on Thing { b }`)
    expect([has('a.a.b'), has('a.a.c'), has('b')]).toEqual([true, false, true])
  })
})
