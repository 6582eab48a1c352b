import { createHash } from 'node:crypto'
import { GraphQLError, getIntrospectionQuery } from 'graphql'
import { describe, expect, it } from 'vitest'
import { type AdmissionResult, createAdmission } from '../../src/admission/admission.js'
import { buildServedSchema, servedPricing } from '../../src/graphql/schema/served-schema.js'
import { resources } from '../../src/resources/index.js'
import { OPERATION_LIMITS } from '../support/operation-limits.js'

const schema = buildServedSchema(resources)
const admission = createAdmission({
  schema,
  pricing: servedPricing(resources),
  limits: OPERATION_LIMITS,
  introspection: true,
})
const admit = (
  text: string,
  more: { operationName?: string; variables?: Record<string, unknown> } = {},
): AdmissionResult => admission({ text, hash: createHash('sha256').update(text).digest('hex'), ...more })

const messages = (result: AdmissionResult) =>
  result.kind === 'refused' ? result.errors.map(({ message }) => message) : result.kind

describe('an admission', () => {
  it('admits the introspection query of every tool', () => {
    const query = getIntrospectionQuery({
      descriptions: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    })
    expect(messages(admit(query))).toBe('admitted')
  })

  it('parses the same text once', () => {
    const [first, second] = [admit('query Same { __typename }'), admit('query Same { __typename }')]
    expect(first).toMatchObject({ kind: 'admitted' })
    expect(second.kind === 'admitted' && first.kind === 'admitted' && second.document === first.document).toBe(true)
  })

  it('prices the named operation of several', () => {
    const list = (name: string, ids: string) => `query ${name} { accountsByIds(ids: [${ids}]) { id } }`
    const text = `${list('Small', '"a"')} ${list('Large', '"a" '.repeat(101))}`
    expect(admit(text, { operationName: 'Small' }).kind).toBe('admitted')
    expect(messages(admit(text, { operationName: 'Large' }))).toEqual(['MAX_KEYS: at most 100, but got 101.'])
  })

  it.each([
    ['by _sdl', '{ _sdl }'],
    ['by introspection, beside a single type', '{ __schema { queryType { name } } __type(name: "Query") { name } }'],
    ['by _service', '{ _service { sdl __typename } }'],
    [
      'beside copies that are left out',
      'query ($no: Boolean = false) { _sdl b: _sdl @include(if: $no) ... @skip(if: true) { _service { sdl } } }',
    ],
    ['once in each of two operations', 'query A { _sdl } query B { _service { sdl } }', 'A'],
  ])('admits one copy of the schema %s', (_where, text, operationName?: string) => {
    expect(messages(admit(text, operationName === undefined ? {} : { operationName }))).toBe('admitted')
  })

  it.each([
    ['under aliases', '{ a: _sdl b: _sdl }', 2],
    ['by _sdl and _service', '{ _sdl _service { sdl } }', 2],
    [
      'by introspection and _sdl',
      '{ a: __schema { ...S } b: __schema { ...S } _sdl } fragment S on __Schema { queryType { name } }',
      3,
    ],
    ['by two services', '{ a: _service { sdl } b: _service { sdl } }', 2],
    ['by one service', '{ _service { a: sdl b: sdl c: sdl } }', 3],
    [
      'through fragments',
      '{ ...A x: _service { ...S } } fragment A on Query { ...B ... { b: _sdl } } fragment B on Query { a: _sdl } fragment S on _Service { sdl }',
      3,
    ],
    ['that a variable does not leave out', 'query ($no: Boolean!) { _sdl b: _sdl @skip(if: $no) }', 2],
  ])('refuses several copies of the schema %s', (_where, text, count) => {
    expect(messages(admit(text, { variables: { no: false } }))).toEqual([
      `Schema: at most 1 copy of the schema, but got ${count}.`,
    ])
  })

  it('admits a document without the named operation, which is refused later', () => {
    expect(admit('query A { __typename } query B { __typename }', { operationName: 'C' }).kind).toBe('admitted')
    expect(admit('query A { __typename } query B { __typename }').kind).toBe('admitted')
  })

  it('reports where a text is not GraphQL', () => {
    const result = admit('{ account(')
    const [error] = result.kind === 'refused' ? result.errors : []
    expect(error instanceof GraphQLError && error.toJSON()).toEqual({
      message: 'Syntax Error: Expected Name, found <EOF>.',
      locations: [{ line: 1, column: 11 }],
      extensions: { code: 'GRAPHQL_PARSE_FAILED' },
    })
  })

  it('refuses a kind of operation without a root type', () => {
    expect(messages(admit('subscription { nothing }'))).toEqual(['This schema has no subscription operations.'])
  })

  it('reports the same mistake once, with all its locations', () => {
    const result = admit('{\n  nothing\n  account(id: "1") { id }\n  nothing\n}')
    const [error, ...more] = result.kind === 'refused' ? result.errors : []
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
  ])('counts %s as a token', (_what, piece) => {
    const text = `{ __typename } ${`# ${piece}\n`.repeat(3_998)}`
    expect(messages(admit(text))).toEqual([expect.stringMatching(/^MAX_TOKENS: at most 4000, but got \d+\.$/)])
  })

  it('counts the fields of a fragment wherever it is spread', () => {
    const spreads = (count: number) =>
      `{ ${Array.from({ length: count }, (_, n) => `...A${n}`).join(' ')} } ${Array.from({ length: count }, (_, n) => `fragment A${n} on Query { ...B }`).join(' ')} fragment B on Query { a: __typename b: __typename @include(if: true) }`
    expect(admit(spreads(30)).kind).toBe('admitted')
    expect(messages(admit(spreads(31)))).toEqual([
      'MAX_ALIASES: at most 60, but got 62; MAX_ROOT_FIELDS: at most 60, but got 62.',
    ])
  })
})
