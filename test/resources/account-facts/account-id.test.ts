import { describe, expect, it } from 'vitest'
import { isAccountId, parseAccountId } from '../../../src/resources/account-facts/account-id.js'

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
