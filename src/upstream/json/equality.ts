import { isLosslessNumber } from 'lossless-json'

type Pair = readonly [left: unknown, right: unknown]

/**
 * Whether the upstream would store two JSON values as the same. It is written in PHP and changes what it stores:
 *
 * - Text is trimmed and empty text becomes null, as Laravel's middleware does with every input.
 * - Numbers are doubles, however they are written: 0.1 comes back as 0.10000000000000001.
 * - Lists and maps are one type: the map of the keys 0, 1, 2 is a list, and an empty map is an empty list.
 *
 * The order of keys does not count.
 */
export function isSameValue(left: unknown, right: unknown): boolean {
  // No recursion: this runs after a write, where deep nesting must not raise an error.
  const open: Pair[] = [[left, right]]
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [a, b] = [toStored(pair[0]), toStored(pair[1])]
    if (a === b) continue
    if (!isCollection(a) || !isCollection(b)) return false
    const keys = Object.keys(a)
    if (keys.length !== Object.keys(b).length || !keys.every((key) => Object.hasOwn(b, key))) return false
    for (const key of keys) open.push([a[key], b[key]])
  }
  return true
}

type Collection = Readonly<Record<string, unknown>>

/** Leaves what is inside a list or a map as it is. */
function toStored(value: unknown): unknown {
  if (typeof value === 'string') return trim(value) || null
  return isLosslessNumber(value) ? Number(value.value) : value
}

/** Lists included: their keys are indexes. */
function isCollection(value: unknown): value is Collection {
  return typeof value === 'object' && value !== null
}

/** Removes what any version of Laravel trims. A regular expression would take quadratic time on inner white space. */
function trim(text: string): string {
  let [from, to] = [0, text.length]
  while (from < to && isTrimmed(text.charAt(from))) from += 1
  while (to > from && isTrimmed(text.charAt(to - 1))) to -= 1
  return text.slice(from, to)
}

/** Unicode white space, NUL, NEL, the Mongolian vowel separator and zero-width characters. */
function isTrimmed(character: string): boolean {
  return /[\s\0\u0085\u180e\u200b\u200e\ufeff]/.test(character)
}
