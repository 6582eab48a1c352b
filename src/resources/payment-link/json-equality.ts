import { compareNumber, isLosslessNumber } from 'lossless-json'
import { isEmptyCollection, isJsonObject } from '../wire-values.js'

/**
 * Whether two JSON values say the same: the order of keys does not count, numbers count by their exact value whether
 * plain or `LosslessNumber`, and an empty map equals an empty list, for which PHP takes it.
 */
export function isSameJson(left: unknown, right: unknown): boolean {
  if (left === right || (isEmptyCollection(left) && isEmptyCollection(right))) return true
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((element, index) => isSameJson(element, right[index]))
  }
  if (isJsonObject(left) && isJsonObject(right)) {
    const keys = Object.keys(left)
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && isSameJson(left[key], right[key]))
    )
  }
  const [leftNumber, rightNumber] = [numberText(left), numberText(right)]
  return leftNumber !== undefined && rightNumber !== undefined && compareNumber(leftNumber, rightNumber) === 0
}

function numberText(value: unknown): string | undefined {
  if (isLosslessNumber(value)) return value.value
  return typeof value === 'number' ? String(value) : undefined
}
