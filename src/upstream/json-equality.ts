import { isLosslessNumber } from 'lossless-json'

type Pair = readonly [left: unknown, right: unknown]

/**
 * Whether two JSON values are the same to the upstream, which is written in PHP and stores them in a form of its own:
 *
 * - text without white space around it, and empty text as null, as Laravel's middleware leaves every input;
 * - numbers as doubles, whatever digits they are written with: 0.1 comes back as 0.10000000000000001;
 * - lists and maps as one kind of thing: the map of the keys 0, 1, 2 is a list, and an empty map is an empty list.
 *
 * The order of keys does not count.
 */
export function isSameValue(left: unknown, right: unknown): boolean {
  // No recursion: this runs after a write, where deep nesting must not become an error.
  const open: Pair[] = [[left, right]]
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [a, b] = [storedFormOf(pair[0]), storedFormOf(pair[1])]
    if (a === b) continue
    if (!isCollection(a) || !isCollection(b)) return false
    const keys = Object.keys(a)
    if (keys.length !== Object.keys(b).length || !keys.every((key) => Object.hasOwn(b, key))) return false
    for (const key of keys) open.push([a[key], b[key]])
  }
  return true
}

type Collection = Readonly<Record<string, unknown>>

/** Of a list or a map the outside only. */
function storedFormOf(value: unknown): unknown {
  if (typeof value === 'string') return trimmed(value) || null
  return isLosslessNumber(value) ? Number(value.value) : value
}

/** A list too: its keys are its places. */
function isCollection(value: unknown): value is Collection {
  return typeof value === 'object' && value !== null
}

/** Without what any version of Laravel takes off; no pattern, whose time would grow with the square of inner space. */
function trimmed(text: string): string {
  let [from, to] = [0, text.length]
  while (from < to && isTrimmed(text.charAt(from))) from += 1
  while (to > from && isTrimmed(text.charAt(to - 1))) to -= 1
  return text.slice(from, to)
}

/** White space of Unicode; beside it NUL, NEL, the Mongolian separator and what has no width. */
function isTrimmed(character: string): boolean {
  return /[\s\0\u0085\u180e\u200b\u200e\ufeff]/.test(character)
}
