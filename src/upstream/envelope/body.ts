/** Reads parts of a response body that may have any form. */

import { isJsonObject } from '../json/json.js'

/** The most characters read of a word and of a sentence: a body may be megabytes long. */
const WORD_MAX = 32
const SENTENCE_MAX = 1000

export function field(value: unknown, name: string): unknown {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

/** Short text, a number or a boolean as one lower-case word; `''` for null or absent, undefined for anything else. */
export function toWord(value: unknown): string | undefined {
  if (value === undefined || value === null) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value.length <= WORD_MAX ? value.trim().toLowerCase() : undefined
}

/** The beginning of a text, long enough for a person to read. */
export function toSentence(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, SENTENCE_MAX) : undefined
}

/** Null, false, 0, their text forms, and collections of only these: `[]`, `{ code: 0, message: '' }`. */
export function isNothing(value: unknown, depthLeft = 3): boolean {
  if (typeof value !== 'object' || value === null) return NOTHINGS.has(toWord(value) ?? 'something')
  return depthLeft > 0 && Object.values(value).every((inner) => isNothing(inner, depthLeft - 1))
}

const NOTHINGS: ReadonlySet<string> = new Set(['', '0', 'false', 'null', 'none', 'no'])
