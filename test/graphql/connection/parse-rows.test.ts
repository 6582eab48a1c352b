import { describe, expect, it } from 'vitest'
import { parseRows } from '../../../src/graphql/connection/parse-rows.js'
import { readCount, read as readKey, readText, wireObject } from '../../../src/upstream/json/reader.js'
import { MalformedResponse } from '../../../src/upstream/malformed-response.js'

const parse = (body: unknown) => {
  const log: object[] = []
  const ignore = () => undefined
  const logger = { debug: ignore, info: ignore, error: ignore, warn: (fields: object) => void log.push(fields) }
  const page = parseRows(body, { pageNumber: 1, operation: 'test.list', logger }, (value, path) => {
    const row = wireObject(value, path)
    return { id: readKey(row, 'id', readText), node: readKey(row, 'amount', readCount) }
  })
  return { ...page, log }
}

describe('parseRows', () => {
  it('keeps a row that cannot be read in its place, as an error, and logs where it is', () => {
    const { rows, log } = parse({
      data: [
        { id: 'a', amount: 1 },
        { id: 'b', amount: 'much' },
        { id: 'c', amount: 3 },
      ],
    })
    expect(rows.map(({ id, node }) => [id, node instanceof Error ? 'error' : node])).toEqual([
      ['a', 1],
      [undefined, 'error'],
      ['c', 3],
    ])
    expect(log).toEqual([{ operation: 'test.list', jsonPath: '$.data[1].amount' }])
  })

  it('gives equal unreadable rows equal content, and different ones different content', () => {
    const [first, second, third] = parse({ data: ['x', 'x', 'y'] }).rows.map(({ content }) => content)
    expect(first).toBe(second)
    expect(first).not.toBe(third)
  })

  it('returns the pagination of the response', () => {
    expect(parse({ data: [], pagination: { total: 7 } }).pagination).toMatchObject({ total: 7 })
  })

  it('throws when there is no list', () => {
    expect(() => parse({ data: 'none' })).toThrow(MalformedResponse)
  })
})
