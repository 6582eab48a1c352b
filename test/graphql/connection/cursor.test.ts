import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Cursor, cursorEncoder, decodeCursor } from '../../../src/graphql/connection/cursor.js'
import { GatewayError } from '../../../src/kernel/errors.js'

const LIST = 'account/01HZ7N9K3R0F2QW3X4Y5Z6V7AB/payment-links'
const encodeCursor = cursorEncoder(LIST)

const digits = fc.bigInt({ min: 1n, max: 9_999_999_999_999_999_999n }).map(String)
const ulid = fc.stringMatching(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/)
const text = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 128 })
  .filter((id) => /^[^\p{Cc}\p{Cs}]{1,128}$/u.test(id))
const cursor: fc.Arbitrary<Cursor> = fc.record({
  position: fc.nat(1_000_000_000),
  id: fc.option(fc.oneof(digits, ulid, fc.uuid(), text), { nil: undefined }),
  sortKey: fc.option(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), { nil: undefined }),
  order: fc.option(fc.nat(9), { nil: undefined }),
})

const isRefused = (given: string, list = LIST): boolean => {
  try {
    decodeCursor('after', list, given)
    return false
  } catch (error) {
    return error instanceof GatewayError && error.code === 'BAD_USER_INPUT'
  }
}

describe('a cursor', () => {
  it('decodes a cursor to the position, id, sort key and order that it encodes', () => {
    fc.assert(
      fc.property(cursor, (made) => {
        expect(decodeCursor('after', LIST, encodeCursor(made))).toEqual(made)
      }),
    )
  })

  it('encodes a cursor as text that needs no escaping in a URL', () => {
    fc.assert(fc.property(cursor, (made) => /^[\w-]+$/.test(encodeCursor(made))))
  })

  it('leaves an id that is too long or has control characters out of the cursor', () => {
    for (const id of ['x'.repeat(129), 'a\nb', '\ud800', '']) {
      const made = { position: 7, id, sortKey: 5, order: 1 }
      expect(decodeCursor('after', LIST, encodeCursor(made))).toEqual({ ...made, id: undefined })
    }
  })

  it('refuses a cursor of another list, and names the argument', () => {
    const given = encodeCursor({ position: 1, id: '7', sortKey: 1, order: 0 })
    const others = [
      'account/01K7P073Q8RE2A9PQT8Q7MXPN4/payment-links',
      'account/01HZ7N9K3R0F2QW3X4Y5Z6V7AB/refunds',
      `${LIST}?status=OPEN`,
      'payment-links',
    ]
    for (const other of others) {
      expect(() => decodeCursor('before', other, given)).toThrow(
        /^before must be a cursor of this list, but got one of another list\.$/,
      )
    }
  })

  it('refuses a cursor of version 1 like any other text', () => {
    // 1|01HZ7N9K3R0F2QW3X4Y5Z6V7AB|24|4711|1750000000000|0|, with its checksum.
    const given = Buffer.from('1|01HZ7N9K3R0F2QW3X4Y5Z6V7AB|24|4711|1750000000000|0|1x2y3z').toString('base64url')
    expect(() => decodeCursor('after', LIST, given)).toThrow(/^after must be a cursor from an earlier page, but got/)
  })

  it('refuses a cursor that was altered anywhere', () => {
    fc.assert(
      fc.property(cursor, fc.nat(), fc.constantFrom('', 'A', 'z', '=', ' ', '/'), (made, at, put) => {
        const given = encodeCursor(made)
        const cut = at % given.length
        const changed = given.slice(0, cut) + put + given.slice(cut + 1)
        if (changed !== given) expect(isRefused(changed)).toBe(true)
        expect(isRefused(`${given}${put || '='}`)).toBe(true)
      }),
    )
  })

  it('refuses any text that is not a cursor, and quotes at most a line of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (given) => {
        expect(isRefused(given)).toBe(true)
      }),
    )
    try {
      decodeCursor('after', LIST, 'x'.repeat(100_000))
    } catch (error) {
      expect((error as Error).message.length).toBeLessThan(150)
    }
  })
})
