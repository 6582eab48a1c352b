import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../src/kernel/errors.js'
import { isAccountId, isLinkId, parseAccountId, parseLinkId } from '../../src/kernel/ids.js'

const ULID = '01K7P073Q8RE2A9PQT8Q7MXPN4'

describe('an account id', () => {
  it.each([ULID, '01HZ7N9K3R0F2QW3X4Y5Z6V7AB', '7ZZZZZZZZZZZZZZZZZZZZZZZZZ'])('may be %s', (text) => {
    expect(isAccountId(text)).toBe(true)
    expect(parseAccountId(text)).toBe(text)
  })

  it.each([
    ['in lower case', ULID.toLowerCase()],
    ['over 128 bits', '8ZZZZZZZZZZZZZZZZZZZZZZZZZ'],
    ['too short', ULID.slice(1)],
    ['too long', `${ULID}0`],
    ['with a letter that Crockford leaves out', ULID.replace('K', 'I')],
    ['with a line break behind it', `${ULID}\n`],
    ['a route of its own', 'payment-methods'],
    ['a way out of the path', '../../etc/passwd'],
    ['an integer', '1'],
    ['empty', ''],
  ])('is refused when it is %s', (_, text) => {
    expect(isAccountId(text)).toBe(false)
    expect(() => parseAccountId(text)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }))
  })
})

describe('a link id', () => {
  it.each(['1', '103', '9999999999999999999'])('may be %s', (text) => {
    expect(isLinkId(text)).toBe(true)
    expect(parseLinkId(text)).toBe(text)
  })

  it.each(['0', '0103', '-1', '+1', '1.0', '1e3', ' 1', '1 ', '1\n', '', 'abc', '١', '10000000000000000000'])(
    'is not %j',
    (text) => {
      expect(isLinkId(text)).toBe(false)
      expect(() => parseLinkId(text)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }))
    },
  )
})

describe('the refusal of an id', () => {
  it('says what was expected and what came, cut short and escaped', () => {
    const refusal = (() => {
      try {
        return parseLinkId(`"<b>\u0000${'x'.repeat(1000)}`)
      } catch (error) {
        return error
      }
    })()
    expect(refusal).toBeInstanceOf(GatewayError)
    expect((refusal as GatewayError).message).toBe(
      `A payment link id is a whole number of 1 to 19 digits, but got: "\\"<b>\\u0000${'x'.repeat(35)}…".`,
    )
  })
})
