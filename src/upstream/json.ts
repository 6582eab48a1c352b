import { isSafeNumber, LosslessNumber, parse } from 'lossless-json'

/**
 * Reads JSON without losing digits: a number that a double cannot hold becomes a `LosslessNumber`, any other a number.
 * `__proto__` is a key like any other, and the last of two equal keys counts.
 *
 * @throws SyntaxError, or RangeError when it is nested too deeply to be read
 */
export function parseJson(text: string): unknown {
  if (!couldLoseDigits(text)) return JSON.parse(text)
  return parse(text, null, { parseNumber: toNumber, onDuplicateKey: ({ newValue }) => newValue })
}

/** Whether a number of this JSON may be one that a double cannot hold; false is certain. Takes one pass over the text. */
export function couldLoseDigits(text: string): boolean {
  return COULD_LOSE_DIGITS.test(text)
}

/**
 * Sixteen digits or an exponent where a number of a list or an object can stand; a double holds every number of up to
 * fifteen digits. Text inside a string may look the same, which only costs time.
 */
const COULD_LOSE_DIGITS = /[[:,\s]-?(?:[\d.]{16}|[\d.]+[eE])/

function toNumber(text: string): number | LosslessNumber {
  return isSafeNumber(text) ? Number(text) : new LosslessNumber(text)
}
