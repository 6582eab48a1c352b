import { describe, expect, it } from 'vitest'
import { Unreadable } from '../../../../src/kernel/unreadable.js'
import { parseLinkFields } from '../../../../src/resources/payment-link/wire/payment-link.wire.js'
import { fingerprintOf } from '../../../../src/upstream/json/fingerprint.js'

const many = <T>(element: T): readonly T[] => Array(10_001).fill(element)

describe('a list of more than 10,000 elements', () => {
  it.each([
    ['items', many({ name: 'a', quantity: 1, unit_price: '1' })],
    ['whitelisted_payment_method', many('QRIS')],
    ['whitelisted_payment_method', many('QRIS').join()],
    ['optional_metadata', many(1)],
  ])('makes only a field of too many elements unreadable: %s', (key, value) => {
    const link = parseLinkFields({ id: 1, title: 'x', [key]: value }, { accountId: 'A', now: 0, path: '$.data' })
    expect(Object.values(link)).toContainEqual(expect.objectContaining({ jsonPath: `$.data.${key}` }))
    expect(link.title).toBe('x')
    expect(link.redirectUrl).not.toBeInstanceOf(Unreadable)
  })
})

describe('fingerprintOf', () => {
  const keys = Array.from({ length: 100_000 }, (_, index) => [`k${index}`, { index }] as const)

  it('gives 100,000 keys the same fingerprint in any order, and another for a different value', () => {
    const value = Object.fromEntries(keys)
    expect(fingerprintOf(Object.fromEntries([...keys].reverse()))).toBe(fingerprintOf(value))
    expect(fingerprintOf({ ...value, k7: { index: 8 } })).not.toBe(fingerprintOf(value))
  })
})
