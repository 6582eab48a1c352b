import { LosslessNumber } from 'lossless-json'
import { describe, expect, it } from 'vitest'
import { toInstant } from '../../../../src/kernel/instant.js'
import { Unreadable } from '../../../../src/kernel/unreadable.js'
import type {
  PartlyReadLink,
  PaymentLink,
  UpdateChanges,
} from '../../../../src/resources/payment-link/payment-link.model.js'
import { compareLink } from '../../../../src/resources/payment-link/update/update.verify.js'
import { CATALOGUE, linkOf, PLAIN, rowOf } from '../stored-link.js'

describe('compareLink', () => {
  const link = linkOf(rowOf(PLAIN))
  const comparison = (
    shown: Partial<PaymentLink>,
    changes: UpdateChanges,
    catalogue: string[] | undefined = CATALOGUE,
  ) => compareLink({ ...link, ...shown }, changes, catalogue)
  const yes = { different: [], absent: [] }

  it('compares the stored status, not the computed one', () => {
    expect(comparison({ status: 'OPEN', statusComputed: 'EXPIRED' }, { status: 'OPEN' })).toEqual(yes)
    expect(comparison({ status: 'OPEN', statusComputed: 'EXPIRED' }, { status: 'EXPIRED' }).different).toEqual([
      'status',
    ])
  })

  it('compares expiries to the second', () => {
    const asked = { expiredAt: toInstant(1_705_305_600_999) }
    expect(comparison({ expiredAt: toInstant(1_705_305_600_000) }, asked)).toEqual(yes)
    expect(comparison({ expiredAt: toInstant(1_705_305_601_000) }, asked).different).toEqual(['expiredAt'])
    expect(comparison({ expiredAt: null }, asked).different).toEqual(['expiredAt'])
    expect(comparison({ expiredAt: null }, { expiredAt: null })).toEqual(yes)
  })

  it('compares whitelists as sets', () => {
    const asked = { whitelistedPaymentMethod: ['QRIS', 'ALFAMART'] }
    expect(comparison({ whitelistedPaymentMethod: ['ALFAMART', 'QRIS'] }, asked)).toEqual(yes)
    expect(comparison({ whitelistedPaymentMethod: ['QRIS'] }, asked).different).toEqual(['whitelistedPaymentMethod'])
    expect(comparison({ whitelistedPaymentMethod: null }, asked).different).toEqual(['whitelistedPaymentMethod'])
  })

  it('treats null and the whole catalogue as every method', () => {
    const asked = { whitelistedPaymentMethod: null }
    expect(comparison({ whitelistedPaymentMethod: null }, asked)).toEqual(yes)
    expect(comparison({ whitelistedPaymentMethod: [...CATALOGUE].reverse() }, asked)).toEqual(yes)
    const different = ['whitelistedPaymentMethod']
    expect(comparison({ whitelistedPaymentMethod: CATALOGUE.slice(1) }, asked).different).toEqual(different)
    // Without the catalogue nobody knows whether a list is one of every method.
    expect(compareLink({ ...link, whitelistedPaymentMethod: CATALOGUE }, asked, undefined)).toEqual({
      different: [],
      absent: different,
    })
    expect(comparison({ whitelistedPaymentMethod: ['QRIS'] }, asked, []).different).toEqual(different)
  })

  it('compares metadata by value, whatever the order of keys', () => {
    const shown = { optionalMetadata: { b: [1, { d: new LosslessNumber('12345678901234567000') }], a: null, c: [] } }
    const asked = { a: null, b: [1, { d: 12345678901234567000 }], c: {} }
    expect(comparison(shown, { optionalMetadata: asked })).toEqual(yes)
    for (const other of [
      { ...asked, a: 0 },
      { ...asked, e: 1 },
      { a: null, b: asked.b },
      { ...asked, b: [1] },
    ]) {
      expect(comparison(shown, { optionalMetadata: other }).different).toEqual(['optionalMetadata'])
    }
    for (const [left, right] of [
      ['{"a":[1]}', '{"a":[1,2]}'],
      ['{"__proto__":{}}', '{"x":{}}'],
      ['{"a":null}', '{"b":null}'],
    ] as const) {
      const different = comparison({ optionalMetadata: JSON.parse(left) }, { optionalMetadata: JSON.parse(right) })
      expect(different).toEqual({ different: ['optionalMetadata'], absent: [] })
    }
    expect(comparison({ optionalMetadata: { a: '1' } }, { optionalMetadata: { a: 1 } }).different).toHaveLength(1)
    expect(comparison({ optionalMetadata: {} }, { optionalMetadata: null })).toEqual(yes)
    expect(comparison({ optionalMetadata: null }, { optionalMetadata: null })).toEqual(yes)
  })

  it('compares metadata however deeply it is nested', () => {
    const deep = (end: string) => JSON.parse(`${'{"a":['.repeat(20_000)}${end}${']}'.repeat(20_000)}`)
    const comparisonWith = (end: string) => comparison({ optionalMetadata: deep('1') }, { optionalMetadata: deep(end) })
    expect([comparisonWith('1'), comparisonWith('2')]).toEqual([yes, { different: ['optionalMetadata'], absent: [] }])
  })

  it('treats an unreadable value as a different one', () => {
    const bad = new Unreadable('$.data')
    const asked: UpdateChanges = {
      status: 'OPEN',
      expiredAt: null,
      whitelistedPaymentMethod: null,
      redirectUrl: null,
      optionalMetadata: null,
    }
    for (const [field, value] of Object.entries(asked)) {
      const shown = { ...link, [field]: bad } as PartlyReadLink
      expect(compareLink(shown, { [field]: value }, CATALOGUE)).toEqual({ different: [field], absent: [] })
    }
  })

  it('distinguishes absent fields from different ones', () => {
    const asked = {
      optionalMetadata: null,
      redirectUrl: 'https://a.example',
      maxUsage: 9,
      requiredCustomerDetail: true,
    }
    expect(comparison({ optionalMetadata: undefined, redirectUrl: undefined, maxUsage: 8 }, asked)).toEqual({
      different: ['maxUsage'],
      absent: ['optionalMetadata', 'redirectUrl'],
    })
  })
})
