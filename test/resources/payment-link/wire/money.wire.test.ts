import { describe, expect, it } from 'vitest'
import { MalformedResponse } from '../../../../src/upstream/malformed-response.js'
import { ACCOUNT_ID, NOW, PLAIN, rowOf } from '../stored-link.js'
import { parsePaymentLink } from '../whole-link.js'

type Amounts = readonly [quantity: unknown, unitPrice: unknown, subtotal?: unknown]

/** The total and the first item's amounts as parsed; empty or undefined when the row or its items are malformed. */
function amountsOf(total: unknown, items: readonly Amounts[] | null): readonly (string | undefined)[] {
  const rows = items?.map(([quantity, unit_price, subtotal]) => ({ name: 'a', quantity, unit_price, subtotal }))
  try {
    const row = { ...rowOf(PLAIN), total_amount: total, items: rows ?? null }
    const link = parsePaymentLink(row, { accountId: ACCOUNT_ID, now: NOW, path: '$' })
    const [first] = link.items == null || link.items instanceof MalformedResponse ? [] : (link.items as never[])
    const { unitPrice, subtotal } = (first ?? {}) as { unitPrice?: string; subtotal?: string }
    return [link.totalAmount, unitPrice, subtotal]
  } catch (error) {
    expect(error).toMatchObject({ jsonPath: expect.stringContaining('$.total_amount') })
    return []
  }
}

const THOUSANDS = ['150000.00', '150000.00', '150000.00']
const DECIMALS = ['150.00', '150.00', '150.00']
const LOST: string[] = []

describe('an amount as text with three digits after its only point', () => {
  it.each<[string, unknown, Amounts[] | null, (string | undefined)[]]>([
    ['nothing else', '150.000', null, LOST],
    ['no items', '150.000', [], LOST],
    ['amounts of the same kind', '150.000', [[1, '150.000', '150.000']], LOST],
    [
      'amounts of the same kind, with a currency',
      { value: '150.000', currency: 'IDR' },
      [[1, '150.000', '150.000']],
      LOST,
    ],
    ['amounts that fit neither notation', '155.000', [[1, 150000, 150000]], LOST],
    [
      'amounts that fit each notation once',
      '150.000',
      [
        [1, 150000, 150000],
        [2, '1.500', 3],
        [1, '2.000', 2000],
      ],
      LOST,
    ],
    ['an item that cannot be read', '150.000', [['some', 150000, 150000]], LOST],
    ['an item that is an object', '150.000', [[{}, 150000, 150000]], LOST],
    ['a unit price', '150.000', [[1, 150000]], THOUSANDS],
    ['a unit price as text', '150.000', [[1, '150000.00', '150000']], THOUSANDS],
    ['a subtotal', '150.000', [[1, '150.000', 150000]], THOUSANDS],
    ['the total', 150000, [[1, '150.000', '150.000']], THOUSANDS],
    ['a total with a currency', { value: 150000 }, [[1, '150.000']], THOUSANDS],
    ['a small unit price', '150.000', [[1, 150]], DECIMALS],
    ['a small subtotal', '150.000', [[1, '150.000', 150]], DECIMALS],
    ['a small total', '150.00', [[1, '150.000', '150.000']], DECIMALS],
    [
      'one item of two',
      '155.000',
      [
        [1, '150.000', 150000],
        [1, '5.000', '5.000'],
      ],
      ['155000.00', '150000.00', '150000.00'],
    ],
    ['a fee in the total', '155.000', [[1, '150.000', 150000]], ['155000.00', '150000.00', '150000.00']],
    ['a quantity', '3.000', [['2', '1.500', 3000]], ['3000.00', '1500.00', '3000.00']],
    [
      'a discount',
      '148.500',
      [
        [1, 150000],
        [1, '-1.500', -1500],
      ],
      ['148500.00', '150000.00', '150000.00'],
    ],
    ['seven digits', '1500.000', [[1, 1500000]], ['1500000.00', '1500000.00', '1500000.00']],
  ])('judges an ambiguous amount by %s', (_, total, items, amounts) => {
    expect(amountsOf(total, items)).toEqual(amounts)
  })

  it('loses only the items when the total is clear', () => {
    expect(amountsOf(20000, [[1, '150.000', '150.000']])).toEqual(['20000.00', undefined, undefined])
  })

  it.each<[unknown, string]>([
    ['0.125', '0.125'],
    ['-0.500', '-0.50'],
    ['150.0000', '150.00'],
    ['150.00', '150.00'],
    ['150.1', '150.10'],
    [150.125, '150.125'],
    [150000, '150000.00'],
  ])('reads an unambiguous amount as it is: %j', (total, amount) => {
    expect(amountsOf(total, null)[0]).toBe(amount)
  })
})
