import { createHash } from 'node:crypto'
import { isJsonObject, writeJson } from './json.js'

/** PHP's own default: the upstream sends nothing deeper. A few thousand levels would overflow the stack of a recursive writer. */
export const DEPTH_MAX = 512

/** A digest that ignores the order of keys. All values deeper than `DEPTH_MAX` share one. */
export function fingerprintOf(value: unknown): string {
  const text = value === undefined ? '' : isDeeperThan(DEPTH_MAX, value) ? 'too deep' : writeJson(sorted(value))
  return createHash('sha256').update(text).digest('base64url')
}

/** Whether objects and lists nest deeper than this. No recursion: the value may overflow the stack. */
export function isDeeperThan(levels: number, value: unknown): boolean {
  let open = [value].filter(isCollection)
  for (let level = 1; open.length > 0; level += 1) {
    if (level > levels) return true
    open = open.flatMap((outer) => Object.values(outer).filter(isCollection))
  }
  return false
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isJsonObject(value)) return value
  const keys = Object.keys(value).sort()
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]))
}

function isCollection(value: unknown): value is object {
  return Array.isArray(value) || isJsonObject(value)
}
