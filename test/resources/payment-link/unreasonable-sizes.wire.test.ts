import { describe, expect, it } from 'vitest'
import { Unreadable } from '../../../src/kernel/unreadable.js'
import { parseLinkFields } from '../../../src/resources/payment-link/payment-link.wire.js'
import { fingerprintOf } from '../../../src/upstream/json-fingerprint.js'

const many = <T>(element: T): readonly T[] => Array(10_001).fill(element)

describe('a list of more elements than anybody means', () => {
  it.each([
    ['items', many({ name: 'a', quantity: 1, unit_price: '1' })],
    ['whitelisted_payment_method', many('QRIS')],
    ['whitelisted_payment_method', many('QRIS').join()],
    ['optional_metadata', many(1)],
  ])('is a field that cannot be read, and costs no other: %s', (key, value) => {
    const link = parseLinkFields({ id: 1, title: 'x', [key]: value }, { accountId: 'A', now: 0, path: '$.data' })
    expect(Object.values(link)).toContainEqual(expect.objectContaining({ jsonPath: `$.data.${key}` }))
    expect(link.title).toBe('x')
    expect(link.redirectUrl).not.toBeInstanceOf(Unreadable)
  })
})

describe('the fingerprint of a value of any size', () => {
  const keys = Array.from({ length: 100_000 }, (_, index) => [`k${index}`, { index }] as const)

  it('is the same whatever the order of its keys, and another when a value differs', () => {
    const value = Object.fromEntries(keys)
    expect(fingerprintOf(Object.fromEntries([...keys].reverse()))).toBe(fingerprintOf(value))
    expect(fingerprintOf({ ...value, k7: { index: 8 } })).not.toBe(fingerprintOf(value))
  })
})
