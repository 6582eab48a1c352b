/** Reads parts of an answer whose shape nobody vouches for. */

/** Characters of a word, a code or a sentence that are looked at: an answer may be megabytes long. */
const WORD_MAX = 32
const SENTENCE_MAX = 1000

export function field(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A short text, a number or a flag, as one lower-case word; `''` for nothing at all, undefined for anything else. */
export function wordOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value.length <= WORD_MAX ? value.trim().toLowerCase() : undefined
}

/** The beginning of a text, so long that a person reads it. */
export function sentenceOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, SENTENCE_MAX) : undefined
}

/** Null, false, 0, their spellings as text, and whatever is made of nothing else: `[]`, `{ code: 0, message: '' }`. */
export function isNothing(value: unknown, depthLeft = 3): boolean {
  if (typeof value !== 'object' || value === null) return NOTHINGS.has(wordOf(value) ?? 'something')
  return depthLeft > 0 && Object.values(value).every((inner) => isNothing(inner, depthLeft - 1))
}

const NOTHINGS: ReadonlySet<string> = new Set(['', '0', 'false', 'null', 'none', 'no'])
