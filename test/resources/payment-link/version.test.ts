import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isVersionOf, type PaymentLink, versionOf } from '../../../src/resources/payment-link/payment-link.model.js'
import { parsePaymentLink } from './whole-link.js'

const { data: row } = JSON.parse(
  readFileSync(new URL('../../fixtures/upstream/show.response.json', import.meta.url), 'utf8'),
) as { data: Record<string, unknown> }

function read(changes: Record<string, unknown>, lacking: readonly string[] = []): PaymentLink {
  const entries = Object.entries({ ...row, ...changes }).filter(([key]) => !lacking.includes(key))
  return parsePaymentLink(Object.fromEntries(entries), { accountId: 'A', now: 0, path: '$.data' })
}

describe('a version that was read where a field is lacking', () => {
  const whole = read({ redirect_url: 'https://shop.example/thanks' })

  it.each([['redirect_url'], ['expired_at'], ['whitelisted_payment_method']])(
    'a version without %s matches the same link read whole',
    (key) => {
      const version = versionOf(read({ redirect_url: 'https://shop.example/thanks' }, [key]))
      expect(version).not.toBe(versionOf(whole))
      expect(isVersionOf(whole, version)).toBe(true)
    },
  )

  it('a version does not match once a field that it covers changes', () => {
    const version = versionOf(read({}, ['redirect_url']))
    expect(isVersionOf(read({ max_usage: 7 }), version)).toBe(false)
    expect(isVersionOf(read({ status: 'closed' }), version)).toBe(false)
  })

  it('a partial version does not weaken one that covers every field', () => {
    expect(isVersionOf(whole, versionOf(whole))).toBe(true)
    expect(isVersionOf(whole, `${versionOf(whole)}.1`)).toBe(false)
    expect(isVersionOf(whole, '')).toBe(false)
  })
})
