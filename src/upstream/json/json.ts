import { randomUUID } from 'node:crypto'
import { isLosslessNumber, isSafeNumber, LosslessNumber } from 'lossless-json'

/**
 * Parses JSON without losing digits: a number that a double cannot hold becomes a `LosslessNumber`, any other a number.
 * `__proto__` is an ordinary key, the last of two equal keys counts, and nesting may be of any depth. A lone surrogate,
 * left over when text was cut inside a character, becomes U+FFFD. The text is not trusted: the worst case takes a few
 * times as long as `JSON.parse`.
 *
 * @throws SyntaxError
 * @throws RangeError for more than `LOSSLESS_NUMBERS_MAX` numbers that a double cannot hold
 */
export function parseJson(given: string): unknown {
  const text = SURROGATE.test(given) ? given.replace(ESCAPE, replaceLoneSurrogate) : given
  const value: unknown = JSON.parse(text)
  if (!couldLoseDigits(text)) return value
  const marked = withMarks(text)
  return marked === undefined ? value : withoutMarks([JSON.parse(marked)])
}

/** Writes JSON without losing digits: a `LosslessNumber` is written as `parseJson` read it. */
export function writeJson(value: unknown): string {
  const text = JSON.stringify(value)
  if (!text.includes(LOSSLESS_NUMBER)) return text
  return JSON.stringify(value, markNumber).replaceAll(MARKED, '$1')
}

/** A JSON object; not null, a list, or a number with all its digits. */
export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value)
}

/**
 * An upper bound on the number of values in JSON text, in one pass over its bytes: every value but the first follows a
 * bracket or a comma.
 */
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

/** Part of what `JSON.stringify` makes of a `LosslessNumber`. The same in a string only costs time. */
const LOSSLESS_NUMBER = '"isLosslessNumber":true'

/** Whether some number of this JSON may not fit a double; false is certain. One pass over the text. */
export function couldLoseDigits(text: string): boolean {
  return COULD_LOSE_DIGITS.test(text)
}

/**
 * Sixteen digits or an exponent where a number can begin; a double holds every number of up to fifteen digits. The same
 * inside a string only costs time.
 */
const COULD_LOSE_DIGITS = /(?:^|[[:,\s])-?(?:[\d.]{16}|[\d.]+[eE])/

/** UTF-8 cannot encode a surrogate, so every surrogate is escaped. */
const SURROGATE = /\\u[dD][89a-fA-F]/
/** A surrogate pair, or any other escape: an escaped backslash must not begin one. */
const ESCAPE = /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[\da-fA-F]{4}|.)/g

function replaceLoneSurrogate(escaped: string): string {
  return escaped.length === 6 && SURROGATE.test(escaped) ? '\\ufffd' : escaped
}

/** Each takes a few microseconds. No real response has this many. */
const LOSSLESS_NUMBERS_MAX = 100_000

/** Begins the text that stands in for a number while JSON is parsed or written. Random, so that no caller can forge it. */
const MARK = `number ${randomUUID()} `

const MARKED = new RegExp(`"${MARK}([^"]*)"`, 'g')

function markNumber(_key: string, value: unknown): unknown {
  return isLosslessNumber(value) ? MARK + value.value : value
}

/**
 * Puts a mark in place of every inexact number; undefined when there is none. Reads character by character because a
 * regular expression overflows the stack on long strings.
 */
function withMarks(json: string): string | undefined {
  const parts: string[] = []
  let copied = 0
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at)
    if (code === QUOTE) at = endOfString(json, at)
    else if (isDigit(code) || code === MINUS) {
      const start = at
      while (isNumberCharacter(json.charCodeAt(at + 1))) at += 1
      const token = at + 1 - start < 3 ? '' : json.slice(start, at + 1)
      if (!isInexact(token)) continue
      parts.push(json.slice(copied, start), `"${MARK}${token}"`)
      copied = at + 1
      if (parts.length > 2 * LOSSLESS_NUMBERS_MAX) throw new RangeError('Too many numbers that a double cannot hold.')
    }
  }
  return copied === 0 ? undefined : parts.join('') + json.slice(copied)
}

/** The closing quote of the string that begins here; valid JSON always has one. */
function endOfString(json: string, start: number): number {
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

/** Once a number has begun, `.`, `+`, `-`, `e` and `E` can only be part of it. */
function isNumberCharacter(code: number): boolean {
  return isDigit(code) || code === 0x2e || code === 0x2b || code === MINUS || code === 0x65 || code === 0x45
}

function isInexact(token: string): boolean {
  if (token.length < 16) {
    if (!/[eE]/.test(token)) return false
    const size = Math.abs(Number(token))
    // So short a number has few enough digits, unless its exponent takes it out of range.
    if (size > FRACTION_MIN) return size > Number.MAX_SAFE_INTEGER
  }
  return !isSafeNumber(token)
}

/** Well above the size at which doubles begin to lose digits. */
const FRACTION_MIN = 1e-290

/** Mutates the value, which nothing else refers to yet. No recursion: the text may nest to any depth. */
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
