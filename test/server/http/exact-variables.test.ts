import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findInexactVariable } from '../../../src/server/http/exact-variables.js'

const bodyWith = (json: string): string => `{"query":"{ a }","variables":{"v":[${json}]}}`

describe('a number in the variables', () => {
  it('accepts a number whose value survives a round trip through a double', () => {
    // JSON.stringify is the second implementation: it writes what JavaScript clients send.
    const double = fc.double({ noNaN: true, noDefaultInfinity: true, min: -(2 ** 53) + 1, max: 2 ** 53 - 1 })
    fc.assert(
      fc.property(fc.oneof(double, fc.maxSafeInteger()), (value) => {
        expect(findInexactVariable(bodyWith(JSON.stringify(value)))).toBeUndefined()
      }),
      { numRuns: 2_000 },
    )
  })

  it('refuses a whole number beyond the safe integers of a double', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 2n ** 53n, max: 10n ** 40n }), fc.boolean(), (value, isNegative) => {
        expect(findInexactVariable(bodyWith(`${isNegative ? '-' : ''}${value}`))).toContain('"variables.v.0"')
      }),
      { numRuns: 2_000 },
    )
  })

  it('checks the variables only', () => {
    const digits = '12345678901234567890'
    for (const body of [
      `{"query":"{ a(id: ${digits}) }","variables":{"v":"${digits}","w":": ${digits}"}}`,
      `{"extensions":{"n": ${digits}}}`,
      `[ ${digits} ]`,
      digits,
    ]) {
      expect(findInexactVariable(body)).toBeUndefined()
    }
  })

  it('survives a number nested 100,000 levels deep', () => {
    const deep = `${'['.repeat(100_000)}12345678901234567890${']'.repeat(100_000)}`
    expect(findInexactVariable(`{"variables":{"v":${deep}}}`)).toContain('12345678901234567890')
  })

  it('refuses variables with too many numbers to check', () => {
    expect(findInexactVariable(`{"variables":{"v":[${'1e400,'.repeat(150_000)}1]}}`)).toContain('too many numbers')
  })

  it('ignores a body that is not JSON', () => {
    expect(findInexactVariable('{"variables":{"v": 12345678901234567890')).toBeUndefined()
  })
})
