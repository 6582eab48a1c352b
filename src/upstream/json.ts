import { randomUUID } from 'node:crypto'
import { isLosslessNumber, isSafeNumber, LosslessNumber } from 'lossless-json'

/**
 * Reads JSON without losing digits: a number that a double cannot hold becomes a `LosslessNumber`, any other a number.
 * `__proto__` is a key like any other, the last of two equal keys counts, and no depth is too deep. Half a character, as
 * cutting text in the middle of one leaves it, reads as U+FFFD. Takes a few times as long as `JSON.parse` at worst: others
 * choose the text.
 *
 * @throws SyntaxError
 */
export function parseJson(given: string): unknown {
  const text = HALF.test(given) ? given.replace(ESCAPE, wholeCharacters) : given
  const value: unknown = JSON.parse(text)
  if (!couldLoseDigits(text)) return value
  const marked = text.replace(STRING_OR_LONG_NUMBER, (token) => (isInexact(token) ? `"${MARK}${token}"` : token))
  return marked === text ? value : withoutMarks([JSON.parse(marked)])
}

/** Writes JSON without losing digits: what `parseJson` kept of a number is what is written. */
export function writeJson(value: unknown): string {
  const text = JSON.stringify(value)
  if (!text.includes(KEPT_NUMBER)) return text
  return JSON.stringify(value, markNumber).replaceAll(MARKED, '$1')
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

/**
 * Text is matched so as to be passed over; of numbers only those that may lose digits are looked at. A string that does not
 * end, which JSON has not, is passed over too: looking for the next one inside it would take as long again.
 */
const STRING_OR_LONG_NUMBER = /"[^"\\]*(?:\\.?[^"\\]*)*"?|-?(?:\d[\d.]{14,}(?:[eE][+-]?\d+)?|\d[\d.]*[eE][+-]?\d+)/g

/** UTF-8 cannot say half a character: where there is one, it is escaped. */
const HALF = /\\u[dD][89a-fA-F]/
/** Two halves that make a character, or any one escape: matched in turn, so that an escaped backslash begins none. */
const ESCAPE = /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[\da-fA-F]{4}|.)/g

function wholeCharacters(escaped: string): string {
  return escaped.length === 6 && HALF.test(escaped) ? '\\ufffd' : escaped
}

/** Begins the text that stands for a number on its way; nobody outside can know it. */
const MARK = `number ${randomUUID()} `

const MARKED = new RegExp(`"${MARK}([^"]*)"`, 'g')

function markNumber(_key: string, value: unknown): unknown {
  return isLosslessNumber(value) ? MARK + value.value : value
}

function isInexact(token: string): boolean {
  if (token.startsWith('"')) return false
  const size = Math.abs(Number(token))
  // So few characters hold no more digits than a double does, between the largest whole number and the smallest fraction.
  return token.length < 16 && size > FRACTION_MIN ? size > Number.MAX_SAFE_INTEGER : !isSafeNumber(token)
}

/** Far from where doubles begin to have fewer digits. */
const FRACTION_MIN = 1e-290

/** Changes in place what nobody else holds yet. No recursion: nesting is as deep as the text is long. */
function withoutMarks(root: [unknown]): unknown {
  const open: object[] = [root]
  for (let holder = open.pop(); holder !== undefined; holder = open.pop()) {
    for (const [key, inner] of Object.entries(holder)) {
      if (typeof inner === 'object' && inner !== null) open.push(inner)
      else if (typeof inner === 'string' && inner.startsWith(MARK)) {
        Reflect.set(holder, key, new LosslessNumber(inner.slice(MARK.length)))
      }
    }
  }
  return root[0]
}
