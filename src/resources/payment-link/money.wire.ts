import { isLosslessNumber, type LosslessNumber } from 'lossless-json'
import { type Decimal, multiplyDecimal, parseDecimal, sumDecimals } from '../../kernel/decimal.js'
import {
  expected,
  isBlank,
  isJsonObject,
  listOf,
  type Reader,
  readCount,
  type WireObject,
} from '../../upstream/json-reader.js'

/**
 * The reader for the amounts of one link row. Text such as `"150.000"` is 150 to some and, in Indonesia, one hundred and
 * fifty thousand to others: it is read where the row's other figures fit one of the two only, else it is malformed.
 */
export function amountReader(link: WireObject): Reader<Decimal> {
  let reading: Reading | undefined | 'not judged' = 'not judged'
  return (value) => {
    if (!isTwofold(value)) return parseDecimal(isSpeltOut(value) ? Number(value.value) : value)
    if (reading === 'not judged') reading = readingThatFits(link)
    if (reading === undefined) throw expected('an amount that can be read in one way only', value)
    return reading(value)
  }
}

/**
 * A double as PHP writes it with `serialize_precision` 17, `0.10000000000000001`: no digits but the double's own. Whether it
 * stands for an amount of few digits `parseDecimal` tells.
 */
function isSpeltOut(value: unknown): value is LosslessNumber {
  if (!isLosslessNumber(value) || !/^-?\d+\.\d+$/.test(value.value)) return false
  return value.value.replace(/\D/g, '').replace(/^0+/, '').length <= 17
}

/** `{ value, currency }` as the webhooks have it; plain amounts stand for themselves. */
function amountOf(total: unknown): unknown {
  return isJsonObject(total) ? total['value'] : total
}

type Reading = (value: unknown) => Decimal

const asDecimals: Reading = parseDecimal
const asThousands: Reading = (value) => parseDecimal(isTwofold(value) ? value.replace('.', '') : value)

/** Three digits after the one point; nobody groups thousands behind a zero. JSON's own numbers have no grouping. */
function isTwofold(value: unknown): value is string {
  return typeof value === 'string' && /^[+-]?(?!0+\.)\d+\.\d{3}$/.test(value)
}

/** One row is written in one way: what its sums prove of one amount holds for all. Undefined where they prove nothing. */
function readingThatFits(link: WireObject): Reading | undefined {
  const [decimals, thousands] = [proofsOf(link, asDecimals), proofsOf(link, asThousands)]
  const speaksFor = (one: readonly boolean[], other: readonly boolean[]) =>
    one.some((fits, index) => fits && !other[index])
  const [forDecimals, forThousands] = [speaksFor(decimals, thousands), speaksFor(thousands, decimals)]
  if (forDecimals === forThousands) return undefined
  return forDecimals ? asDecimals : asThousands
}

/** Whether each item's quantity times its unit price is its subtotal, and whether the items add up to the total. */
function proofsOf({ fields, path }: WireObject, reading: Reading): readonly boolean[] {
  try {
    const items = listOf((item) => readFigures(item, reading))(fields['items'], path)
    const sum = sumDecimals(items.map(({ subtotal, product }) => subtotal ?? product))
    return [
      ...items.map(({ subtotal, product }) => subtotal === product),
      items.length > 0 && sum === reading(amountOf(fields['total_amount'])),
    ]
  } catch {
    // Figures that cannot be read prove nothing.
    return []
  }
}

function readFigures(item: unknown, reading: Reading): { readonly product: Decimal; readonly subtotal?: Decimal } {
  if (!isJsonObject(item)) throw expected('an object', item)
  const product = multiplyDecimal(reading(item['unit_price']), readCount(item['quantity']))
  return isBlank(item['subtotal']) ? { product } : { product, subtotal: reading(item['subtotal']) }
}
