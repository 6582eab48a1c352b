import { createHash } from 'node:crypto'
import { GraphQLError, getIntrospectionQuery } from 'graphql'
import { describe, expect, it } from 'vitest'
import { createAdmission, type Verdict } from '../../src/admission/admission.js'
import { batchCalls } from '../../src/graphql/batch/batch-cost.js'
import { buildServedSchema, servedCosts } from '../../src/graphql/schema/served-schema.js'
import { resources } from '../../src/resources/index.js'
import { OPERATION_LIMITS } from '../support/operation-limits.js'

const schema = buildServedSchema(resources)
const admit = createAdmission({
  schema,
  costs: servedCosts(resources),
  batchCalls,
  limits: OPERATION_LIMITS,
  introspection: true,
})
const ask = (text: string, more: { operationName?: string; variables?: Record<string, unknown> } = {}): Verdict =>
  admit({ text, hash: createHash('sha256').update(text).digest('hex'), ...more })

const saying = (verdict: Verdict) =>
  verdict.kind === 'refused' ? verdict.errors.map(({ message }) => message) : verdict.kind

describe('an admission', () => {
  it("admits every tool's question about the schema", () => {
    const query = getIntrospectionQuery({
      descriptions: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    })
    expect(saying(ask(query))).toBe('admitted')
  })

  it('gives the same document for the same text, parsed once', () => {
    const [first, second] = [ask('query Same { __typename }'), ask('query Same { __typename }')]
    expect(first).toMatchObject({ kind: 'admitted' })
    expect(second.kind === 'admitted' && first.kind === 'admitted' && second.document === first.document).toBe(true)
  })

  it('weighs the operation that is asked for, of several', () => {
    const list = (name: string, ids: string) => `query ${name} { accountsByIds(ids: [${ids}]) { id } }`
    const text = `${list('Small', '"a"')} ${list('Large', '"a" '.repeat(101))}`
    expect(ask(text, { operationName: 'Small' }).kind).toBe('admitted')
    expect(saying(ask(text, { operationName: 'Large' }))).toEqual(['MAX_KEYS: at most 100, but got 101.'])
  })

  it.each([
    ['one way', '{ _sdl }'],
    ['by introspection, and a type by itself', '{ __schema { queryType { name } } __type(name: "Query") { name } }'],
    ['the other way', '{ _service { sdl __typename } }'],
    [
      'beside one that is left out',
      'query ($no: Boolean = false) { _sdl b: _sdl @include(if: $no) ... @skip(if: true) { _service { sdl } } }',
    ],
    ['in each of two operations', 'query A { _sdl } query B { _service { sdl } }', 'A'],
  ])('lets the schema be asked for once: %s', (_where, text, operationName?: string) => {
    expect(saying(ask(text, operationName === undefined ? {} : { operationName }))).toBe('admitted')
  })

  it.each([
    ['under aliases', '{ a: _sdl b: _sdl }', 2],
    ['both ways', '{ _sdl _service { sdl } }', 2],
    [
      'by introspection too',
      '{ a: __schema { ...S } b: __schema { ...S } _sdl } fragment S on __Schema { queryType { name } }',
      3,
    ],
    ['by many services', '{ a: _service { sdl } b: _service { sdl } }', 2],
    ['by one service', '{ _service { a: sdl b: sdl c: sdl } }', 3],
    [
      'through fragments',
      '{ ...A x: _service { ...S } } fragment A on Query { ...B ... { b: _sdl } } fragment B on Query { a: _sdl } fragment S on _Service { sdl }',
      3,
    ],
    ['unless a variable says otherwise', 'query ($no: Boolean!) { _sdl b: _sdl @skip(if: $no) }', 2],
  ])('refuses the schema more than once: %s', (_where, text, count) => {
    expect(saying(ask(text, { variables: { no: false } }))).toEqual([
      `Schema: at most 1 answer that tells the schema, but got ${count}.`,
    ])
  })

  it('leaves an operation that is not there to be answered as such', () => {
    expect(ask('query A { __typename } query B { __typename }', { operationName: 'C' }).kind).toBe('admitted')
    expect(ask('query A { __typename } query B { __typename }').kind).toBe('admitted')
  })

  it('says what is no GraphQL, and where', () => {
    const verdict = ask('{ account(')
    const [error] = verdict.kind === 'refused' ? verdict.errors : []
    expect(error instanceof GraphQLError && error.toJSON()).toEqual({
      message: 'Syntax Error: Expected Name, found <EOF>.',
      locations: [{ line: 1, column: 11 }],
      extensions: { code: 'GRAPHQL_PARSE_FAILED' },
    })
  })

  it('refuses a kind of operation that the schema does not have', () => {
    expect(saying(ask('subscription { nothing }'))).toEqual(['This schema has no subscription operations.'])
  })

  it('says once what is invalid in several places, naming them all', () => {
    const verdict = ask('{\n  nothing\n  account(id: "1") { id }\n  nothing\n}')
    const [error, ...more] = verdict.kind === 'refused' ? verdict.errors : []
    expect(more).toEqual([])
    expect(error instanceof GraphQLError && error.toJSON()).toEqual({
      message: 'Cannot query field "nothing" on type "Query".',
      locations: [
        { line: 2, column: 3 },
        { line: 4, column: 3 },
      ],
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    })
  })

  it.each([
    ['a comment', '#'],
    ['32 characters of one token', 'x'.repeat(32)],
  ])('counts %s as a token, and a text by its length', (_what, piece) => {
    const text = `{ __typename } ${`# ${piece}\n`.repeat(3_998)}`
    expect(saying(ask(text))).toEqual([expect.stringMatching(/^MAX_TOKENS: at most 4000, but got \d+\.$/)])
  })

  it('counts in a fragment as often as it is spread', () => {
    const spreads = (count: number) =>
      `{ ${Array.from({ length: count }, (_, n) => `...A${n}`).join(' ')} } ${Array.from({ length: count }, (_, n) => `fragment A${n} on Query { ...B }`).join(' ')} fragment B on Query { a: __typename b: __typename @include(if: true) }`
    expect(ask(spreads(30)).kind).toBe('admitted')
    expect(saying(ask(spreads(31)))).toEqual([
      'MAX_ALIASES: at most 60, but got 62; MAX_ROOT_FIELDS: at most 60, but got 62.',
    ])
  })
})
