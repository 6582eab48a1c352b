import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseWindow, type WindowArguments } from '../../../src/graphql/connection/window.js'
import { GatewayError } from '../../../src/kernel/errors.js'

const refusalOf = (given: WindowArguments): string => {
  try {
    parseWindow(given)
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'BAD_USER_INPUT') return error.message
    throw error
  }
  throw new Error('it was taken')
}

describe('the window that arguments ask for', () => {
  it.each<[WindowArguments, object]>([
    [{}, { kind: 'forward', count: 25 }],
    [
      { first: null, after: null, last: null, before: null, offset: null },
      { kind: 'forward', count: 25 },
    ],
    [{ first: 1 }, { kind: 'forward', count: 1 }],
    [
      { first: 100, after: 'a', before: 'b' },
      { kind: 'forward', count: 100, after: 'a', before: 'b' },
    ],
    [
      { last: 3, before: 'b' },
      { kind: 'backward', count: 3, before: 'b' },
    ],
    [
      { last: 3, after: 'a' },
      { kind: 'backward', count: 3, after: 'a' },
    ],
    [{ before: 'b' }, { kind: 'forward', count: 25, before: 'b' }],
    [{ offset: 0 }, { kind: 'offset', count: 25, offset: 0 }],
    [
      { offset: 1_000_000_000, first: 2 },
      { kind: 'offset', count: 2, offset: 1_000_000_000 },
    ],
    [
      { offset: 5, after: null, last: null },
      { kind: 'offset', count: 25, offset: 5 },
    ],
  ])('%j is %j', (given, window) => {
    expect(parseWindow(given)).toEqual(window)
  })

  it.each<[WindowArguments, RegExp]>([
    [{ first: 1, last: 1 }, /^Give either first or last, but got both: first: 1, last: 1\.$/],
    [{ first: 0 }, /^first must be .* 1 to 100, but got: 0\.$/],
    [{ last: 101 }, /^last must be .* 1 to 100, but got: 101\.$/],
    [{ first: 0, last: 101 }, /got: 0/],
    [{ offset: -1 }, /^offset must be .* from 0 to 1000000000, but got: -1\.$/],
    [{ offset: 1_000_000_001 }, /but got: 1000000001/],
    [{ offset: 1, last: 1 }, /with last\.$/],
    [{ offset: 0, after: '', before: '' }, /with after and before\.$/],
  ])('%j is refused, saying why', (given, message) => {
    expect(refusalOf(given)).toMatch(message)
  })

  it('is taken or refused, never anything else', () => {
    const count = fc.option(fc.integer({ min: -3, max: 103 }))
    const cursor = fc.option(fc.string())
    fc.assert(
      fc.property(
        fc.record({ first: count, last: count, offset: count, after: cursor, before: cursor }),
        ({ first, last, offset, after, before }) => {
          const given = { first, last, offset, after, before }
          const isRange = (value: number | null) => value === null || (value >= 1 && value <= 100)
          const goesTogether =
            !(first !== null && last !== null) &&
            !(offset !== null && (last !== null || after !== null || before !== null))
          const mayBe = isRange(first) && isRange(last) && goesTogether && (offset === null || offset >= 0)
          if (mayBe) expect(parseWindow(given).count).toBe(first ?? last ?? 25)
          else expect(refusalOf(given)).toMatch(/got/)
        },
      ),
    )
  })
})
