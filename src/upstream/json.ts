import { randomUUID } from 'node:crypto'
import { isLosslessNumber, isSafeNumber, LosslessNumber } from 'lossless-json'

/**
 * Reads JSON without losing digits: a number that a double cannot hold becomes a `LosslessNumber`, any other a number.
 * `__proto__` is a key like any other, the last of two equal keys counts, and no depth is too deep. Half a character, as
 * cutting text in the middle of one leaves it, reads as U+FFFD. Takes a few times as long as `JSON.parse` at worst: others
 * choose the text.
 *
 * @throws SyntaxError
 * @throws RangeError for more than `KEPT_NUMBERS_MAX` numbers that a double cannot hold
 */
export function parseJson(given: string): unknown {
  const text = HALF.test(given) ? given.replace(ESCAPE, wholeCharacters) : given
  const value: unknown = JSON.parse(text)
  if (!couldLoseDigits(text)) return value
  const marked = withMarks(text)
  return marked === undefined ? value : withoutMarks([JSON.parse(marked)])
}

/** Writes JSON without losing digits: what `parseJson` kept of a number is what is written. */
export function writeJson(value: unknown): string {
  const text = JSON.stringify(value)
  if (!text.includes(KEPT_NUMBER)) return text
  return JSON.stringify(value, markNumber).replaceAll(MARKED, '$1')
}

/** Never fewer than JSON has: each but the first follows a bracket or a comma. Takes one pass over the bytes. */
export function countValues(json: Uint8Array): number {
  let count = 0
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at]
    if (byte === 0x2c || byte === 0x5b || byte === 0x7b) count += 1
    if (byte !== QUOTE) continue
    for (at += 1; at < json.length && json[at] !== QUOTE; at += 1) if (json[at] === BACKSLASH) at += 1
  }
  return count
}

/** Part of what `JSON.stringify` makes of a `LosslessNumber`; text that says the same only costs time. */
const KEPT_NUMBER = '"isLosslessNumber":true'

/** Whether a number of this JSON may be one that a double cannot hold; false is certain. Takes one pass over the text. */
export function couldLoseDigits(text: string): boolean {
  return COULD_LOSE_DIGITS.test(text)
}

/**
 * Sixteen digits or an exponent where a number of a list or an object can stand; a double holds every number of up to
 * fifteen digits. Text inside a string may look the same, which only costs time.
 */
const COULD_LOSE_DIGITS = /(?:^|[[:,\s])-?(?:[\d.]{16}|[\d.]+[eE])/

/** UTF-8 cannot say half a character: where there is one, it is escaped. */
const HALF = /\\u[dD][89a-fA-F]/
/** Two halves that make a character, or any one escape: matched in turn, so that an escaped backslash begins none. */
const ESCAPE = /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[\da-fA-F]{4}|.)/g

function wholeCharacters(escaped: string): string {
  return escaped.length === 6 && HALF.test(escaped) ? '\\ufffd' : escaped
}

/** Each takes some microseconds, and no answer has so many. */
const KEPT_NUMBERS_MAX = 100_000

/** Begins the text that stands for a number on its way; nobody outside can know it. */
const MARK = `number ${randomUUID()} `

const MARKED = new RegExp(`"${MARK}([^"]*)"`, 'g')

function markNumber(_key: string, value: unknown): unknown {
  return isLosslessNumber(value) ? MARK + value.value : value
}

/**
 * JSON with marks at its inexact numbers; undefined where it has none. Goes by characters: a pattern that passes over text of
 * any length runs out of stack.
 */
function withMarks(json: string): string | undefined {
  const parts: string[] = []
  let copied = 0
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at)
    if (code === QUOTE) at = endOfText(json, at)
    else if (isDigit(code) || code === MINUS) {
      const start = at
      while (isOfNumber(json.charCodeAt(at + 1))) at += 1
      const token = at + 1 - start < 3 ? '' : json.slice(start, at + 1)
      if (!isInexact(token)) continue
      parts.push(json.slice(copied, start), `"${MARK}${token}"`)
      copied = at + 1
      if (parts.length > 2 * KEPT_NUMBERS_MAX) throw new RangeError('Too many numbers that a double cannot hold.')
    }
  }
  return copied === 0 ? undefined : parts.join('') + json.slice(copied)
}

/** Where the text that begins here has its closing quote, which JSON has for all. */
function endOfText(json: string, start: number): number {
  let at = start + 1
  for (let code = json.charCodeAt(at); code !== QUOTE; code = json.charCodeAt(at)) at += code === BACKSLASH ? 2 : 1
  return at
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const MINUS = 0x2d

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

/** `.`, `+`, `-`, `e` and `E` come in none but numbers once one has begun. */
function isOfNumber(code: number): boolean {
  return isDigit(code) || code === 0x2e || code === 0x2b || code === MINUS || code === 0x65 || code === 0x45
}

function isInexact(token: string): boolean {
  if (token.length < 16) {
    if (!/[eE]/.test(token)) return false
    const size = Math.abs(Number(token))
    // So few characters hold no more digits than a double does, between the largest whole number and the smallest fraction.
    if (size > FRACTION_MIN) return size > Number.MAX_SAFE_INTEGER
  }
  return !isSafeNumber(token)
}

/** Far from where doubles begin to have fewer digits. */
const FRACTION_MIN = 1e-290

/** Changes in place what nobody else holds yet. No recursion: nesting is as deep as the text is long. */
function withoutMarks(root: [unknown]): unknown {
  const open: object[] = [root]
  for (let holder = open.pop(); holder !== undefined; holder = open.pop()) {
    for (const key of Array.isArray(holder) ? holder.keys() : Object.keys(holder)) {
      const inner: unknown = Reflect.get(holder, key)
      if (typeof inner === 'object' && inner !== null) open.push(inner)
      else if (typeof inner === 'string' && inner.startsWith(MARK)) {
        Reflect.set(holder, key, new LosslessNumber(inner.slice(MARK.length)))
      }
    }
  }
  return root[0]
}
