import type { IncomingMessage } from 'node:http'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../../src/kernel/errors.js'
import { isAnonymous, type Principal } from '../../../src/kernel/principal.js'
import { identifyPassthrough } from '../../../src/server/callers/passthrough.js'

function request(headers: Readonly<Record<string, readonly string[]>>): IncomingMessage {
  return { headersDistinct: headers } as unknown as IncomingMessage
}

const identify = (authorization: string, partnerId: string): Principal =>
  identifyPassthrough(request({ authorization: [authorization], 'x-partner-id': [partnerId] }))

describe("a caller's own credentials", () => {
  it('passes credentials on exactly as received', () => {
    const { upstream } = identify('Bearer a.b-c_d', 'partner/1')
    expect(upstream.kind === 'caller' && upstream.headers()).toEqual({
      authorization: 'Bearer a.b-c_d',
      'x-partner-id': 'partner/1',
    })
  })

  it('never prints credentials with the principal', () => {
    const principal = identify('Bearer hush-token', 'hush-partner')
    const printed = inspect(principal, { depth: 9, showHidden: true }) + JSON.stringify(principal)
    expect(printed).not.toContain('hush')
    expect(principal.credential).not.toBe(principal.caller)
    expect(principal.caller).not.toContain(principal.credential)
  })

  it('tells tenants apart by any difference in their credentials', () => {
    const part = fc.stringMatching(/^[!-~]{1,6}$/)
    fc.assert(
      fc.property(part, part, part, part, (one, two, three, four) => {
        const isSame = one === three && two === four
        const first = identify(`B ${one}`, two)
        const second = identify(`B ${three}`, four)
        expect(first.credential === second.credential).toBe(isSame)
        expect(first.caller === second.caller).toBe(isSame)
      }),
    )
    // The boundary between the two parts matters.
    expect(identify('B ab', 'c').credential).not.toBe(identify('B a', 'bc').credential)
    expect(identify('B 1', '2:3').credential).not.toBe(identify('B 1', '2:3:').credential)
  })

  it('treats a request without credentials as anonymous', () => {
    expect(isAnonymous(identifyPassthrough(request({})))).toBe(true)
  })

  const refused: readonly (readonly [string, Readonly<Record<string, readonly string[]>>])[] = [
    ['incomplete: no partner id', { authorization: ['Bearer a'] }],
    ['incomplete: no authorization', { 'x-partner-id': ['p'] }],
    ['empty', { authorization: [''], 'x-partner-id': ['p'] }],
    ['empty in x-partner-id', { authorization: ['Bearer a'], 'x-partner-id': [''] }],
    ['repeated', { authorization: ['Bearer a', 'Bearer b'], 'x-partner-id': ['p'] }],
    ['repeated in x-partner-id', { authorization: ['Bearer a'], 'x-partner-id': ['p', 'p'] }],
    ['a scheme only', { authorization: ['Bearer'], 'x-partner-id': ['p'] }],
    ['split over lines', { authorization: ['Bearer a\r\nx-evil: 1'], 'x-partner-id': ['p'] }],
    ['split over lines in x-partner-id', { authorization: ['Bearer a'], 'x-partner-id': ['p\nx-evil: 1'] }],
    ['separated by two spaces', { authorization: ['Bearer  a'], 'x-partner-id': ['p'] }],
    ['separated by a tab', { authorization: ['Bearer\ta'], 'x-partner-id': ['p'] }],
    ['a list', { authorization: ['Bearer a'], 'x-partner-id': ['p, q'] }],
    ['not ASCII', { authorization: ['Bearer é'], 'x-partner-id': ['p'] }],
    ['not printable', { authorization: ['Bearer a'], 'x-partner-id': ['p\0'] }],
    ['too long', { authorization: [`Bearer ${'a'.repeat(9_000)}`], 'x-partner-id': ['p'] }],
    ['too long in x-partner-id', { authorization: ['Bearer a'], 'x-partner-id': ['p'.repeat(1_025)] }],
  ]
  it.each(refused)('refuses credentials that are %s', (_, headers) => {
    expect(() => identifyPassthrough(request(headers))).toThrow(
      expect.objectContaining({ constructor: GatewayError, code: 'UNAUTHENTICATED' }),
    )
  })
})
