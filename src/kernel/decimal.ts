import { excerpt } from './excerpt.js'

declare const decimalBrand: unique symbol

/**
 * An exact decimal number as text: at least two decimals, no trailing zeros beyond them, no exponent, no `-0`. Equal
 * numbers have equal text.
 */
export type Decimal = string & { readonly [decimalBrand]: true }

/** Longer text is not an amount of money, and BigInt arithmetic on it could be used to keep the process busy. */
const CHARACTERS_MAX = 40
const PLAIN = /^([+-]?)(\d+)(?:\.(\d+))?$/
/** A double holds any decimal of up to 15 significant digits exactly; beyond that, digits may be lost. */
const SIGNIFICANT_DIGITS_MAX = 15
const SCIENTIFIC = /^(-?)(\d)(?:\.(\d+))?e-(\d+)$/

/**
 * Reads text (`-1500.5`, `+20000`, at most 40 characters, no exponent) or a JSON number of at most 15 significant
 * digits below 1e15.
 * @throws Error with what was expected and what it got
 */
export function parseDecimal(value: unknown): Decimal {
  const text = typeof value === 'number' ? textOfNumber(value) : value
  const parts = typeof text === 'string' && text.length <= CHARACTERS_MAX ? PLAIN.exec(text) : null
  if (!parts) {
    throw new Error(
      `Expected a decimal number as text of at most ${CHARACTERS_MAX} characters, or a number of at most ` +
        `${SIGNIFICANT_DIGITS_MAX} significant digits, but got: ${excerpt(value)}`,
    )
  }
  const [, sign = '', whole = '', fraction = ''] = parts
  return canonical(sign === '-', whole, fraction)
}

/** Exact; `count` is a whole number. */
export function multiplyDecimal(amount: Decimal, count: number | bigint): Decimal {
  const [whole = '', fraction = ''] = amount.split('.')
  return fromScaled(BigInt(whole + fraction) * BigInt(count), fraction.length)
}

/** Exact. */
export function sumDecimals(amounts: readonly Decimal[]): Decimal {
  const parts = amounts.map((amount) => amount.split('.') as [string, string])
  const places = Math.max(2, ...parts.map(([, fraction]) => fraction.length))
  const scaled = parts.map(([whole, fraction]) => BigInt(whole + fraction.padEnd(places, '0')))
  return fromScaled(
    scaled.reduce((sum, one) => sum + one, 0n),
    places,
  )
}

/** @param places number of decimals; at least one */
function fromScaled(scaled: bigint, places: number): Decimal {
  const isNegative = scaled < 0n
  const digits = (isNegative ? -scaled : scaled).toString().padStart(places + 1, '0')
  return canonical(isNegative, digits.slice(0, -places), digits.slice(-places))
}

function canonical(isNegative: boolean, whole: string, fraction: string): Decimal {
  const digits = whole.replace(/^0+(?=\d)/, '')
  const [decimals = ''] = /^\d*[1-9]/.exec(fraction) ?? []
  const isZero = /^0*$/.test(digits + decimals)
  return `${isNegative && !isZero ? '-' : ''}${digits}.${decimals.padEnd(2, '0')}` as Decimal
}

/** The shortest text that reads back as this number, without an exponent; undefined when digits may have been lost. */
function textOfNumber(value: number): string | undefined {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e15) return undefined
  const shortest = String(value)
  const [, sign = '', first = '', rest = '', exponent = ''] = SCIENTIFIC.exec(shortest) ?? []
  const plain = exponent === '' ? shortest : `${sign}0.${'0'.repeat(Number(exponent) - 1)}${first}${rest}`
  const significant = plain.replace(/[-.]/g, '').replace(/^0+/, '')
  return significant.length <= SIGNIFICANT_DIGITS_MAX ? plain : undefined
}
