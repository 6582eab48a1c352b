import { isLosslessNumber, type LosslessNumber } from 'lossless-json'
import { type Decimal, multiplyDecimal, parseDecimal, sumDecimals } from '../../../kernel/decimal.js'
import { isJsonObject } from '../../../upstream/json/json.js'
import { expected, isBlank, listOf, type Reader, readCount, type WireObject } from '../../../upstream/json/reader.js'

/**
 * The reader for the amounts of one link row. Text such as `"150.000"` means 150 in some notations and 150,000 in Indonesia's.
 * It is read only if the row's own sums fit exactly one of the two; otherwise it is malformed.
 */
export function amountReader(link: WireObject): Reader<Decimal> {
  let notation: Notation | undefined | 'unknown' = 'unknown'
  return (value) => {
    if (!isAmbiguous(value)) return parseDecimal(isFullDouble(value) ? Number(value.value) : value)
    if (notation === 'unknown') notation = findNotation(link)
    if (notation === undefined) throw expected('an amount with only one possible reading', value)
    return notation(value)
  }
}

/**
 * A double as PHP writes it with `serialize_precision` 17, `0.10000000000000001`. `parseDecimal` decides whether it means an
 * amount of few digits.
 */
function isFullDouble(value: unknown): value is LosslessNumber {
  if (!isLosslessNumber(value) || !/^-?\d+\.\d+$/.test(value.value)) return false
  return value.value.replace(/\D/g, '').replace(/^0+/, '').length <= 17
}

/** `{ value, currency }` as webhooks send it, or a plain amount. */
function amountOf(total: unknown): unknown {
  return isJsonObject(total) ? total['value'] : total
}

/** How a row writes its amounts. */
type Notation = (value: unknown) => Decimal

const decimalPoint: Notation = parseDecimal
const thousandsPoint: Notation = (value) => parseDecimal(isAmbiguous(value) ? value.replace('.', '') : value)

/** Text with exactly three digits after its only point. A leading zero rules out thousands, and JSON numbers have none. */
function isAmbiguous(value: unknown): value is string {
  return typeof value === 'string' && /^[+-]?(?!0+\.)\d+\.\d{3}$/.test(value)
}

/** A row uses one notation throughout, so any sum that fits only one of them decides. Undefined when none does. */
function findNotation(link: WireObject): Notation | undefined {
  const [decimals, thousands] = [sumsThatFit(link, decimalPoint), sumsThatFit(link, thousandsPoint)]
  const fitsAlone = (one: readonly boolean[], other: readonly boolean[]) =>
    one.some((fits, index) => fits && !other[index])
  const [isDecimals, isThousands] = [fitsAlone(decimals, thousands), fitsAlone(thousands, decimals)]
  if (isDecimals === isThousands) return undefined
  return isDecimals ? decimalPoint : thousandsPoint
}

/** Whether each item's quantity times its unit price is its subtotal, and whether the items add up to the total. */
function sumsThatFit({ fields, path }: WireObject, notation: Notation): readonly boolean[] {
  try {
    const items = listOf((item) => readSums(item, notation))(fields['items'], path)
    const sum = sumDecimals(items.map(({ subtotal, product }) => subtotal ?? product))
    return [
      ...items.map(({ subtotal, product }) => subtotal === product),
      items.length > 0 && sum === notation(amountOf(fields['total_amount'])),
    ]
  } catch {
    // Unreadable amounts prove nothing.
    return []
  }
}

function readSums(item: unknown, notation: Notation): { readonly product: Decimal; readonly subtotal?: Decimal } {
  if (!isJsonObject(item)) throw expected('an object', item)
  const product = multiplyDecimal(notation(item['unit_price']), readCount(item['quantity']))
  return isBlank(item['subtotal']) ? { product } : { product, subtotal: notation(item['subtotal']) }
}
