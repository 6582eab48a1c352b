import fc from 'fast-check'
import { buildSchema, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { countComparisons } from '../../src/admission/comparisons.js'
import { comparisonsMade } from '../support/validation-work.js'

const schema = buildSchema(`
  interface Node { id: ID!, next(n: Int, m: Int): Node }
  type A implements Node { id: ID!, next(n: Int, m: Int): Node, a: String, b: [B!]!, any: Any }
  type B implements Node { id: ID!, next(n: Int, m: Int): Node, a: Int, b: B, any: Any }
  union Any = A | B
  type Query { node: Node, a: A, b: B, any: Any }
`)

const count = (text: string, max = Number.POSITIVE_INFINITY): number => countComparisons(parse(text), max)
const made = (text: string): number => comparisonsMade(schema, parse(text))
const times = (length: number, of: (index: number) => string): string =>
  Array.from({ length }, (_, n) => of(n)).join(' ')
const fragments = (length: number, body: (index: number) => string): string =>
  times(length, (n) => `fragment F${n} on A { ${body(n)} }`)

describe('the count of comparisons', () => {
  it.each([
    ['fields of one name', `{ ${times(50, () => 'a { id }')} }`],
    ['fields with different arguments', `{ a { ${times(30, (n) => `next(n: ${n}, m: 1) { id }`)} } }`],
    ['fields below fields of one name', `{ ${times(20, (n) => `a { x: next { y: next { z${n % 3}: id } } }`)} }`],
    ['spreads in one selection', `{ a { ${times(60, (n) => `...F${n}`)} } } ${fragments(60, () => 'id')}`],
    [
      'spreads of fragments without a field in common',
      `{ a { ${times(60, (n) => `...F${n}`)} } } ${fragments(60, (n) => `x${n}: id`)}`,
    ],
    ['spreads of fragments that do not exist', `{ a { id ${times(60, (n) => `...F${n}`)} } }`],
    [
      'spreads in selections of one name',
      `{ ${times(40, (n) => `a { ...F${n} ...F${(n + 1) % 40} }`)} } ${fragments(40, () => 'id')}`,
    ],
    [
      'spreads in inline fragments',
      `{ a { ${times(40, (n) => `... { ... on A { ...F${n} } }`)} } } ${fragments(40, () => 'a')}`,
    ],
    [
      'one fragment under many aliases, beside fields',
      `{ ${times(40, (n) => `x${n}: a { id a ...F0 }`)} } ${fragments(1, () => 'id a b { id }')}`,
    ],
    ['a chain of fragments', `{ a { ...F0 } } ${fragments(60, (n) => (n < 59 ? `id ...F${n + 1}` : 'id'))}`],
    [
      'fragments that all spread each other',
      `{ a { ...F0 } } ${fragments(20, (n) => `id ${times(20, (other) => (other === n ? '' : `...F${other}`))}`)}`,
    ],
    [
      'fragments spread by many operations',
      `${times(30, (n) => `query Q${n} { a { ...F0 ...F1 ...F2 } }`)} ${fragments(3, () => 'id')}`,
    ],
    [
      'fragments with fragments below their fields',
      `{ a { ${times(20, (n) => `...F${n}`)} } } ${fragments(20, (n) => `any { ...F${(n + 1) % 20} ...F${(n + 7) % 20} }`)}`,
    ],
    [
      'types that exclude each other around fields that do not',
      `{ any { ... on A { any { ...F0 ...F1 } } ... on B { any { ...F0 ...F1 } } } a { any { ...F0 ...F1 } ...F0 } } ${fragments(2, () => 'id any { ... on A { a ...F0 } ... on B { a ...F1 } }')}`,
    ],
    [
      'introspection',
      `{ ${times(20, () => '__schema { ...S types { ...T } }')} } fragment S on __Schema { types { name ...T } } fragment T on __Type { name fields { name } }`,
    ],
  ])('counts no fewer comparisons than graphql-js makes for %s', (_what, text) => {
    expect(made(text)).toBeGreaterThan(50)
    expect(count(text)).toBeGreaterThanOrEqual(made(text))
  })

  it('counts no fewer comparisons than graphql-js makes for any document', () => {
    fc.assert(
      fc.property(documents(), (text) => {
        expect(count(text)).toBeGreaterThanOrEqual(made(text))
      }),
      { numRuns: 500, seed: 20_261_125 },
    )
  })

  it.each([
    ['a page with all its fields', '{ a { id a b { id a } any { ... on A { id } ... on B { id } } } b { id } }'],
    [
      '40 fragments of 10 fields side by side',
      `{ a { ${times(40, (n) => `...F${n}`)} } } ${fragments(40, (n) => times(10, (m) => `x${n}_${m}: id`))}`,
    ],
  ])('counts few comparisons for %s', (_what, text) => {
    expect(count(text)).toBeLessThan(20_000)
  })

  it('stops counting comparisons just past the limit', () => {
    const text = `{ a { ${times(430, (n) => `...F${n}`)} } } ${fragments(430, () => 'id')}`
    expect(made(text)).toBeGreaterThan(100_000)
    expect(count(text, 1_000)).toBeLessThan(1_100)
  })

  it('stops at circular fragments, and counts no comparisons without a selection', () => {
    expect(
      count('{ ...F0 } fragment F0 on Query { ...F1 a { id } } fragment F1 on Query { ...F0 a { id } }'),
    ).toBeLessThan(100)
    expect(count('scalar Date')).toBe(0)
  })
})

/** Documents of a few fragments that spread each other, with fields of few names. */
function documents(): fc.Arbitrary<string> {
  const field = fc.constantFrom('id', 'a', 'x: id', 'x: a', 'next(n: 1) { id }', 'next(m: 2, n: 1) { id }')
  const spread = fc.nat(7).map((n) => `...F${n}`)
  const { selections } = fc.letrec<{ selection: string; selections: string }>((tie) => ({
    selection: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      field,
      spread,
      fc
        .tuple(fc.constantFrom('any', 'b', 'next', '... on A', '... on B', '...'), tie('selections'))
        .map(([name, set]) => `${name} { ${set} }`),
    ),
    selections: fc.array(tie('selection'), { minLength: 1, maxLength: 5 }).map((all) => all.join(' ')),
  }))
  const fragment = fc.tuple(fc.constantFrom('A', 'B', 'Node', 'Any'), selections)
  return fc
    .tuple(selections, fc.array(fragment, { minLength: 2, maxLength: 8 }))
    .map(
      ([root, all]) =>
        `{ a { ${root} } any { ${root} } } ${all.map(([type, set], n) => `fragment F${n} on ${type} { ${set} }`).join(' ')}`,
    )
}
