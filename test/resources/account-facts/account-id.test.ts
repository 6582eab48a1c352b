import { describe, expect, it } from 'vitest'
import { isAccountId, parseAccountId } from '../../../src/resources/account-facts/account-id.js'

const ULID = '01K7P073Q8RE2A9PQT8Q7MXPN4'

describe('an account id', () => {
  it.each([ULID, '01HZ7N9K3R0F2QW3X4Y5Z6V7AB', '7ZZZZZZZZZZZZZZZZZZZZZZZZZ'])('accepts the account id %s', (text) => {
    expect(isAccountId(text)).toBe(true)
    expect(parseAccountId(text)).toBe(text)
  })

  it.each([
    ['in lower case', ULID.toLowerCase()],
    ['over 128 bits', '8ZZZZZZZZZZZZZZZZZZZZZZZZZ'],
    ['that is too short', ULID.slice(1)],
    ['that is too long', `${ULID}0`],
    ['with a letter outside Crockford base 32', ULID.replace('K', 'I')],
    ['with a line break at its end', `${ULID}\n`],
    ['that is another route', 'payment-methods'],
    ['that leaves the path', '../../etc/passwd'],
    ['that is an integer', '1'],
    ['that is empty', ''],
  ])('refuses an account id %s', (_, text) => {
    expect(isAccountId(text)).toBe(false)
    expect(() => parseAccountId(text)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }))
  })
})
