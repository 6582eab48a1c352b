import { createHash } from 'node:crypto'
import { compareNumber, isLosslessNumber } from 'lossless-json'
import { isDeeperThan, isEmptyCollection, isJsonObject } from '../wire-values.js'

type Pair = readonly [left: unknown, right: unknown]

/**
 * Whether two JSON values say the same: the order of keys does not count, numbers count by their exact value whether
 * plain or `LosslessNumber`, and an empty map equals an empty list, for which PHP takes it.
 */
export function isSameJson(left: unknown, right: unknown): boolean {
  // No recursion: this runs after a write, where deep nesting must not become an error.
  const open: Pair[] = [[left, right]]
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const inner = compareOuter(pair)
    if (inner === 'different') return false
    open.push(...inner)
  }
  return true
}

/** The same for two JSON values that differ in the order of keys at most; nesting beyond reason is not told apart. */
export function fingerprintOf(value: unknown): string {
  if (isDeeperThan(LEVELS_MAX, value)) return 'deep'
  const text = JSON.stringify(value, (_key, inner: unknown) => {
    if (isLosslessNumber(inner)) return inner.value
    if (!isJsonObject(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1)))
  })
  return createHash('sha256').update(String(text)).digest('base64url')
}

const LEVELS_MAX = 600

/** What is left to compare inside. */
function compareOuter([left, right]: Pair): readonly Pair[] | 'different' {
  if (left === right || (isEmptyCollection(left) && isEmptyCollection(right))) return []
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length ? left.map((element, index) => [element, right[index]] as const) : 'different'
  }
  if (isJsonObject(left) && isJsonObject(right)) {
    const keys = Object.keys(left)
    const hasSameKeys = keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key))
    return hasSameKeys ? keys.map((key) => [left[key], right[key]] as const) : 'different'
  }
  const [leftNumber, rightNumber] = [numberText(left), numberText(right)]
  if (leftNumber === undefined || rightNumber === undefined) return 'different'
  return compareNumber(leftNumber, rightNumber) === 0 ? [] : 'different'
}

function numberText(value: unknown): string | undefined {
  if (isLosslessNumber(value)) return value.value
  return typeof value === 'number' ? String(value) : undefined
}
