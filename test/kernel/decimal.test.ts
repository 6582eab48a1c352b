import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { multiplyDecimal, parseDecimal, sumDecimals } from '../../src/kernel/decimal.js'

const CANONICAL = /^-?(0|[1-9]\d*)\.\d{2}(\d*[1-9])?$/

/** The second implementation: a number as a numerator and a power of ten, in BigInt alone. */
function rationalOf(text: string): { readonly numerator: bigint; readonly scale: bigint } {
  const point = text.indexOf('.')
  const decimals = point === -1 ? 0 : text.length - point - 1
  return { numerator: BigInt(text.replace(/^\+/, '').replace('.', '')), scale: 10n ** BigInt(decimals) }
}

function isSameNumber(left: string, right: string, factor = 1n): boolean {
  const [a, b] = [rationalOf(left), rationalOf(right)]
  return a.numerator * b.scale === b.numerator * factor * a.scale
}

const digits = (min: number, max: number) =>
  fc.array(fc.constantFrom(...'0123456789'), { minLength: min, maxLength: max }).map((list) => list.join(''))
const decimalText = fc
  .tuple(fc.constantFrom('', '-', '+'), digits(1, 19), fc.option(digits(1, 19)))
  .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === null ? '' : `.${fraction}`}`)

describe('parseDecimal', () => {
  it.each([
    ['20000', '20000.00'],
    ['20000.0', '20000.00'],
    ['-0.000', '0.00'],
    ['+007.10', '7.10'],
    ['1.2300', '1.23'],
    ['1.235', '1.235'],
    [150000, '150000.00'],
    [-0, '0.00'],
    [0.1, '0.10'],
    [1e-7, '0.0000001'],
    [-1.5e-9, '-0.0000000015'],
    [123456789012345, '123456789012345.00'],
  ])('reads the decimal %j as %s', (given, text) => {
    expect(parseDecimal(given)).toBe(text)
  })

  it.each([
    [''],
    ['.5'],
    ['5.'],
    ['1e3'],
    ['1,000'],
    [' 1'],
    ['1\n'],
    ['--1'],
    ['٣'],
    ['NaN'],
    ['0x10'],
    ['1'.repeat(41)],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [1e15],
    [0.1 + 0.2],
    [12345678901234.56],
    [5e-324],
    [true],
    [null],
    [undefined],
    [[]],
    [{ value: '1' }],
  ])('refuses %j as a decimal, with what it expected and got', (given) => {
    expect(() => parseDecimal(given)).toThrow(/^Expected a decimal number .* but got: /)
  })

  it('keeps the exact value of any decimal text, in one canonical form', () => {
    fc.assert(
      fc.property(decimalText, (text) => {
        const decimal = parseDecimal(text)
        expect(decimal).toMatch(CANONICAL)
        expect(decimal).not.toBe('-0.00')
        expect(isSameNumber(decimal, text)).toBe(true)
        expect(parseDecimal(decimal)).toBe(decimal)
      }),
      { numRuns: 2000 },
    )
  })

  it('reads a number of up to fifteen digits the same as its text', () => {
    const mantissa = fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 })
    fc.assert(
      fc.property(mantissa, fc.integer({ min: 0, max: 20 }), (value, decimals) => {
        const sign = value < 0 ? '-' : ''
        const padded = String(Math.abs(value)).padStart(decimals + 1, '0')
        const split = padded.length - decimals
        const text = `${sign}${padded.slice(0, split)}${decimals === 0 ? '' : `.${padded.slice(split)}`}`
        expect(parseDecimal(Number(text))).toBe(parseDecimal(text))
      }),
      { numRuns: 2000 },
    )
  })
})

describe('multiplyDecimal', () => {
  it.each([
    ['19.99', 3, '59.97'],
    ['-0.05', 1, '-0.05'],
    ['-0.50', 0, '0.00'],
    ['0.125', 8, '1.00'],
    ['-500.5', -2, '1001.00'],
  ])('multiplies %s by %d to %s', (amount, count, product) => {
    expect(multiplyDecimal(parseDecimal(amount), count)).toBe(product)
  })

  it('multiplies any amount and count exactly', () => {
    fc.assert(
      fc.property(decimalText, fc.bigInt({ min: -(2n ** 31n), max: 2n ** 31n }), (text, count) => {
        const product = multiplyDecimal(parseDecimal(text), count)
        expect(product).toMatch(CANONICAL)
        expect(product).not.toBe('-0.00')
        expect(isSameNumber(product, text, count)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('sumDecimals', () => {
  it.each([
    [[], '0.00'],
    [['0.1', '0.2'], '0.30'],
    [['150000', '-1500.5'], '148499.50'],
    [['-0.05', '0.05'], '0.00'],
    [['0.001', '12345678901234567890.1'], '12345678901234567890.101'],
  ])('sums %j to %s', (amounts, sum) => {
    expect(sumDecimals(amounts.map(parseDecimal))).toBe(sum)
  })

  it('sums any amounts exactly', () => {
    fc.assert(
      fc.property(fc.array(decimalText, { maxLength: 6 }), (texts) => {
        const sum = sumDecimals(texts.map(parseDecimal))
        expect(sum).toMatch(CANONICAL)
        const scale = 10n ** 20n
        const scaled = texts.map(rationalOf).map((one) => (one.numerator * scale) / one.scale)
        const { numerator, scale: own } = rationalOf(sum)
        expect(numerator * scale).toBe(scaled.reduce((total, one) => total + one, 0n) * own)
      }),
    )
  })
})
