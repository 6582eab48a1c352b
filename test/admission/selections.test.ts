import { type FragmentDefinitionNode, Kind, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { Selections } from '../../src/admission/selections.js'

/** What the first operation of a document selects. */
function selectedIn(query: string) {
  const { definitions } = parse(query)
  const fragments = definitions.filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION)
  const operation = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)
  return new Selections(new Map(fragments.map((node) => [node.name.value, node]))).below(operation?.selectionSet)
}

describe('what is selected below a field', () => {
  it.each([
    ['a field', '{ id name }'],
    ['a field under an alias', '{ title: name }'],
    ['a field in inline fragments', '{ id ... { ... on Thing { name } } }'],
    ['a field in fragments of fragments', '{ ...A } fragment A on Thing { ...B } fragment B on Thing { name }'],
    [
      'a field that a variable may leave out',
      'query ($no: Boolean!) { ... @skip(if: $no) { name @include(if: false) } }',
    ],
  ])('has %s', (_what, query) => {
    expect(selectedIn(query).has('name')).toBe(true)
  })

  it.each([
    ['another field under its name', '{ name: id }'],
    ['a field further down', '{ account { name } }'],
    ['a fragment that nothing spreads', '{ id } fragment A on Thing { name }'],
    ['a fragment that is not there', '{ ...A }'],
    ['fragments that go round in circles', '{ ...A } fragment A on Thing { ...B } fragment B on Thing { ...A }'],
  ])('has not what is in %s', (_what, query) => {
    expect(selectedIn(query).has('name')).toBe(false)
  })

  it.each([
    ['in one set', '{ account { name } }', true],
    [
      'in a second field of the same name',
      '{ account { id } other: account { ...A } } fragment A on Account { name }',
      true,
    ],
    ['on the way through a fragment', '{ ...L } fragment L on Link { account { ... { name } } }', true],
    ['only as far as the first step', '{ account { id } name }', false],
    ['where the first step has nothing below', '{ account }', false],
  ])('follows a path %s', (_where, query, expected) => {
    expect(selectedIn(query).has('account.name')).toBe(expected)
  })

  it('finds a path in a fragment bomb within its text', () => {
    const fragments = Array.from(
      { length: 60 },
      (_, n) => `fragment F${n} on Thing { a { ...F${n + 1} } ...F${n + 1} ... { ...F${n + 1} } }`,
    )
    const { has } = selectedIn(`{ ...F0 } ${fragments.join(' ')} fragment F60 on Thing { b }`)
    expect([has('a.a.b'), has('a.a.c'), has('b')]).toEqual([true, false, true])
  })
})
