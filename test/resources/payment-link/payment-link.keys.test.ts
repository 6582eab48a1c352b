import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../../src/kernel/errors.js'
import { isLinkId, parseLinkId } from '../../../src/resources/payment-link/payment-link.keys.js'

describe('a link id', () => {
  it.each(['1', '103', '9999999999999999999'])('accepts the link id %s', (text) => {
    expect(isLinkId(text)).toBe(true)
    expect(parseLinkId(text)).toBe(text)
  })

  it.each(['0', '0103', '-1', '+1', '1.0', '1e3', ' 1', '1 ', '1\n', '', 'abc', '١', '10000000000000000000'])(
    'refuses the link id %j',
    (text) => {
      expect(isLinkId(text)).toBe(false)
      expect(() => parseLinkId(text)).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }))
    },
  )
})

describe('the refusal of an id', () => {
  it('refuses a link id with the expected form and the given one, shortened and escaped', () => {
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
