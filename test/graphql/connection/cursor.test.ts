import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeCursor, encodeCursor, type RowPlace } from '../../../src/graphql/connection/cursor.js'
import { GatewayError } from '../../../src/kernel/errors.js'

const LIST = '01HZ7N9K3R0F2QW3X4Y5Z6V7AB'
const place: fc.Arbitrary<RowPlace> = fc.record({
  position: fc.nat(1_000_000_000),
  id: fc.option(fc.bigInt({ min: 1n, max: 9_999_999_999_999_999_999n }).map(String), { nil: undefined }),
  createdAtMs: fc.option(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), { nil: undefined }),
  order: fc.option(fc.nat(5), { nil: undefined }),
})

const isRefused = (cursor: string, list = LIST): boolean => {
  try {
    decodeCursor('after', list, cursor)
    return false
  } catch (error) {
    return error instanceof GatewayError && error.code === 'BAD_USER_INPUT'
  }
}

describe('a cursor', () => {
  it('gives back the place it was made of, for every place', () => {
    fc.assert(
      fc.property(place, (made) => {
        expect(decodeCursor('after', LIST, encodeCursor(LIST, made))).toEqual(made)
      }),
    )
  })

  it('is text that a URL carries as it is', () => {
    fc.assert(fc.property(place, (made) => /^[\w-]+$/.test(encodeCursor(LIST, made))))
  })

  it('of another list is refused, naming the argument', () => {
    const cursor = encodeCursor(LIST, { position: 1, id: '7', createdAtMs: 1, order: 0 })
    expect(() => decodeCursor('before', '01K7P073Q8RE2A9PQT8Q7MXPN4', cursor)).toThrow(
      /^before must be .*another account/,
    )
  })

  it('that was changed anywhere is refused', () => {
    fc.assert(
      fc.property(place, fc.nat(), fc.constantFrom('', 'A', 'z', '=', ' ', '/'), (made, at, put) => {
        const cursor = encodeCursor(LIST, made)
        const cut = at % cursor.length
        const changed = cursor.slice(0, cut) + put + cursor.slice(cut + 1)
        if (changed !== cursor) expect(isRefused(changed)).toBe(true)
        expect(isRefused(`${cursor}${put || '='}`)).toBe(true)
      }),
    )
  })

  it('that is any other text is refused, and quoted no further than a line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        expect(isRefused(text)).toBe(true)
      }),
    )
    try {
      decodeCursor('after', LIST, 'x'.repeat(100_000))
    } catch (error) {
      expect((error as Error).message.length).toBeLessThan(150)
    }
  })
})
