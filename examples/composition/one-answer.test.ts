import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { buildSchema, isObjectType, Kind, parse, TypeInfo, validate, visit, visitWithTypeInfo } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { post } from './http-executor.js'
import { toComparable } from './one-answer/comparable.js'
import { type Operation, operationsOf } from './one-answer/operation-writer.js'
import { callerOfMost, type FourWays, startFourWays } from './support/four-ways.js'

const schema = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'))

/** `npm run one-answer` sends all of them. */
const OPERATIONS = process.env['ONE_ANSWER'] === 'whole' ? 2000 : 120
const SEED = 20_260_508
const AT_ONCE = 4

let ways: FourWays
let operations: readonly Operation[]
beforeAll(async () => {
  ways = await startFourWays()
  operations = fc.sample(operationsOf(schema, ways.stock), { seed: SEED, numRuns: OPERATIONS })
})
afterAll(() => ways?.stop())

describe('an operation sent directly, through Apollo Gateway, through Hive Gateway and through stitching', () => {
  const metCodes = new Set<unknown>()

  it(`gets the same response from every gateway, for ${OPERATIONS} operations`, {
    timeout: OPERATIONS * 2_000,
  }, async () => {
    for (let start = 0; start < operations.length; start += AT_ONCE) {
      const responses = await Promise.all(operations.slice(start, start + AT_ONCE).map(expectSameResponse))
      for (const { extensions } of responses.flatMap(({ errors = [] }) => errors)) metCodes.add(extensions?.['code'])
    }
  })

  it('covers every field of the schema in the operations', () => {
    expect([...new Set(operations.flatMap(fieldsOf))].sort()).toEqual(allFields())
  })

  it('covers every error that a reader can cause', () => {
    expect([...metCodes].sort()).toEqual(['BAD_USER_INPUT', 'FORBIDDEN', 'NOT_FOUND', 'UPSTREAM_MALFORMED'])
  })
})

/** The data with the order of its fields, and the path and code of every error, must be equal. */
async function expectSameResponse(operation: Operation) {
  expect(validate(schema, parse(operation.query)), operation.query).toEqual([])
  const caller = callerOfMost()
  const plain = await post<unknown>(ways.plainUrl, operation, caller)
  expect(plain, 'the operation ran').toHaveProperty('data')
  const composed = Object.entries(ways.composedUrls)
  const responses = composed.map(
    async ([way, url]) => [way, toComparable(await post<unknown>(url, operation, caller))] as const,
  )
  const expected = composed.map(([way]) => [way, toComparable(plain)] as const)
  expect(await Promise.all(responses), JSON.stringify(operation)).toEqual(expected)
  return plain
}

function fieldsOf({ query }: Operation): string[] {
  const info = new TypeInfo(schema)
  const fields: string[] = []
  const enter = visitWithTypeInfo(info, {
    enter: (node) => {
      if (node.kind === Kind.FIELD) fields.push(`${info.getParentType()?.name}.${node.name.value}`)
    },
  })
  visit(parse(query), enter)
  return fields.filter((field) => !field.endsWith('.__typename'))
}

function allFields(): string[] {
  const types = Object.values(schema.getTypeMap()).filter(isObjectType)
  const own = types.filter(({ name }) => !name.startsWith('__'))
  return own.flatMap((type) => Object.keys(type.getFields()).map((name) => `${type.name}.${name}`)).sort()
}
