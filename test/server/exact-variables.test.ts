import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findInexactVariable } from '../../src/server/exact-variables.js'

const bodyWith = (json: string): string => `{"query":"{ a }","variables":{"v":[${json}]}}`

describe('a number in the variables', () => {
  it('is let in whenever reading it as a double and writing it again keeps its value', () => {
    // JSON.stringify is the other implementation: what JavaScript clients send is what it writes.
    const double = fc.double({ noNaN: true, noDefaultInfinity: true, min: -(2 ** 53) + 1, max: 2 ** 53 - 1 })
    fc.assert(
      fc.property(fc.oneof(double, fc.maxSafeInteger()), (value) => {
        expect(findInexactVariable(bodyWith(JSON.stringify(value)))).toBeUndefined()
      }),
      { numRuns: 2_000 },
    )
  })

  it('is refused whenever it is a whole number that a double cannot be trusted with', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 2n ** 53n, max: 10n ** 40n }), fc.boolean(), (value, isNegative) => {
        expect(findInexactVariable(bodyWith(`${isNegative ? '-' : ''}${value}`))).toContain('"variables.v.0"')
      }),
      { numRuns: 2_000 },
    )
  })

  it('is looked for in the variables only', () => {
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

  it('does not bring down whoever looks for it, however deep it stands', () => {
    const deep = `${'['.repeat(100_000)}12345678901234567890${']'.repeat(100_000)}`
    expect(findInexactVariable(`{"variables":{"v":${deep}}}`)).toContain('12345678901234567890')
  })

  it('are found among more of them than are read', () => {
    expect(findInexactVariable(`{"variables":{"v":[${'1e400,'.repeat(150_000)}1]}}`)).toContain('too many numbers')
  })

  it('is left to others in what is not JSON', () => {
    expect(findInexactVariable('{"variables":{"v": 12345678901234567890')).toBeUndefined()
  })
})
