import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ConnectionArguments, parseArguments } from '../../../src/graphql/connection/arguments.js'
import { type Cursor, cursorEncoder } from '../../../src/graphql/connection/cursor.js'
import { GatewayError } from '../../../src/kernel/errors.js'

const LIST = 'refunds?status=OPEN'
const A: Cursor = { position: 3, id: '7', sortKey: undefined, order: 0 }
const B: Cursor = { position: 9, id: '4', sortKey: undefined, order: 0 }
const [a, b] = [A, B].map(cursorEncoder(LIST))

const refusalOf = (args: ConnectionArguments): string => {
  try {
    parseArguments(LIST, args)
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'BAD_USER_INPUT') return error.message
    throw error
  }
  throw new Error('the arguments were accepted')
}

describe('the arguments of a connection', () => {
  it.each<[ConnectionArguments, object]>([
    [{}, { kind: 'forward', count: 25 }],
    [
      { first: null, after: null, last: null, before: null, offset: null },
      { kind: 'forward', count: 25 },
    ],
    [{ first: 1 }, { kind: 'forward', count: 1 }],
    [
      { first: 100, after: a, before: b },
      { kind: 'forward', count: 100, after: A, before: B },
    ],
    [
      { last: 3, before: b },
      { kind: 'backward', count: 3, before: B },
    ],
    [
      { last: 3, after: a },
      { kind: 'backward', count: 3, after: A },
    ],
    [{ before: b }, { kind: 'forward', count: 25, before: B }],
    [{ offset: 0 }, { kind: 'offset', count: 25, offset: 0 }],
    [
      { offset: 1_000_000_000, first: 2 },
      { kind: 'offset', count: 2, offset: 1_000_000_000 },
    ],
    [
      { offset: 5, after: null, last: null },
      { kind: 'offset', count: 25, offset: 5 },
    ],
  ])('reads the arguments %j as %j', (args, query) => {
    expect(parseArguments(LIST, args)).toEqual(query)
  })

  it.each<[ConnectionArguments, RegExp]>([
    [{ first: 1, last: 1 }, /^Give either first or last, but got both: first: 1, last: 1\.$/],
    [{ first: 0 }, /^first must be .* 1 to 100, but got: 0\.$/],
    [{ last: 101 }, /^last must be .* 1 to 100, but got: 101\.$/],
    [{ first: 0, last: 101 }, /got: 0/],
    [{ offset: -1 }, /^offset must be .* from 0 to 1000000000, but got: -1\.$/],
    [{ offset: 1_000_000_001 }, /but got: 1000000001/],
    [{ offset: 1, last: 1 }, /with last\.$/],
    [{ offset: 0, after: '', before: '' }, /with after and before\.$/],
    [{ after: 'x' }, /^after must be a cursor .* but got: "x"\.$/],
    [{ before: cursorEncoder('refunds')(A) }, /^before must be a cursor of this list, but got one of another list\.$/],
  ])('refuses the arguments %j with the reason', (args, message) => {
    expect(refusalOf(args)).toMatch(message)
  })

  it('accepts or refuses any arguments, and fails in no other way', () => {
    const count = fc.option(fc.integer({ min: -3, max: 103 }))
    const cursor = fc.option(fc.constantFrom(a, b))
    fc.assert(
      fc.property(
        fc.record({ first: count, last: count, offset: count, after: cursor, before: cursor }),
        ({ first, last, offset, after, before }) => {
          const args = { first, last, offset, after, before }
          const isRange = (value: number | null) => value === null || (value >= 1 && value <= 100)
          const goTogether =
            !(first !== null && last !== null) &&
            !(offset !== null && (last !== null || after !== null || before !== null))
          const areFine = isRange(first) && isRange(last) && goTogether && (offset === null || offset >= 0)
          if (areFine) expect(parseArguments(LIST, args).count).toBe(first ?? last ?? 25)
          else expect(refusalOf(args)).toMatch(/got/)
        },
      ),
    )
  })
})
