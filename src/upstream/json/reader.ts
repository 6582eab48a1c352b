import { isLosslessNumber } from 'lossless-json'
import { excerpt } from '../../kernel/excerpt.js'
import type { Readable } from '../../kernel/unreadable.js'
import { MalformedResponse } from '../malformed-response.js'
import { fingerprintOf } from './fingerprint.js'
import { isJsonObject } from './json.js'

/** Reads one JSON value, or throws an Error that says what it expected; `read` adds where. */
export type Reader<T> = (value: unknown, path: string) => T

/** A JSON object and where it stands in the response, `$.data[3]`. */
export interface WireObject {
  readonly fields: Readonly<Record<string, unknown>>
  readonly path: string
}

/** @throws MalformedResponse when the value is not a JSON object */
export function wireObject(value: unknown, path: string): WireObject {
  if (!isJsonObject(value)) throw new MalformedResponse(path, expected('an object', value))
  return { fields: value, path }
}

/** @throws MalformedResponse with the path of the field */
export function read<T>(object: WireObject, key: string, reader: Reader<T>): T {
  return readAt(`${object.path}.${key}`, object.fields[key], reader)
}

/** Like `read`, but returns the error in place of the value, so that one bad field does not lose the others. */
export function readApart<T>(object: WireObject, key: string, reader: Reader<T>): Readable<T> {
  try {
    return read(object, key, reader)
  } catch (error) {
    if (!(error instanceof MalformedResponse)) throw error
    return new MalformedResponse(error.jsonPath, error.cause, { fingerprint: fingerprintOf(object.fields[key]) })
  }
}

/** Absent stays undefined; null and empty text are null. */
export function nullable<T>(reader: Reader<T>): Reader<T | null | undefined> {
  return (value, path) => {
    if (value === undefined) return undefined
    return value === null || value === '' ? null : reader(value, path)
  }
}

/** Absent, null or empty text. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

/** PHP writes an empty map as `[]`, and some of the upstream writes an empty list as `{}`. */
export function isEmptyCollection(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0
}

/** Text that is not empty; a number becomes the text it was sent as. */
export function readText(value: unknown): string {
  if (isLosslessNumber(value)) return value.value
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string' && value !== '') return value
  throw expected('text', value)
}

/** A whole number from 0 to 2147483647 (GraphQL's Int), or its text: `"1"`, `"1.00"`, but not `"1.000"`, which may be 1000. */
export function readCount(value: unknown): number {
  const count = typeof value === 'string' && /^\d+(?:\.0{1,2})?$/.test(value) ? Number(value) : value
  if (typeof count === 'number' && Number.isInteger(count) && count >= 0 && count <= INT_MAX) return count
  throw expected(`a whole number from 0 to ${INT_MAX}`, value)
}

/** A boolean, 0 or 1, or the text of either. */
export function readFlag(value: unknown): boolean {
  const flag = typeof value === 'string' ? value.toLowerCase() : value
  if (!TRUE.has(flag) && !FALSE.has(flag)) throw expected('a boolean', value)
  return TRUE.has(flag)
}

/**
 * Reads every element with one reader. PHP writes a list that it has filtered as `{"25": …, "26": …}`, and an empty one as
 * `{}`.
 */
export function listOf<T>(reader: Reader<T>): Reader<readonly T[]> {
  return (value, path) => {
    const elements = isNumberedMap(value) ? Object.values(value) : value
    if (!Array.isArray(elements)) throw expected('a list', value)
    if (elements.length > ELEMENTS_MAX) throw expected(`at most ${ELEMENTS_MAX} elements`, value)
    return elements.map((element, index) => readAt(`${path}[${index}]`, element, reader))
  }
}

/** One of these upper-case words, sent in any case; any other word is UNKNOWN. */
export function enumOf<Word extends string>(words: readonly Word[]): Reader<Word | 'UNKNOWN'> {
  return (value) => {
    if (typeof value !== 'string' || value === '') throw expected('a word', value)
    return words.find((word) => word === value.toUpperCase()) ?? 'UNKNOWN'
  }
}

export function expected(what: string, got: unknown): Error {
  return new Error(`Expected ${what}, but got: ${excerpt(got)}`)
}

/** As many links as a response can hold. Without a bound, millions of unreadable elements would stall the process. */
export const ELEMENTS_MAX = 10_000

const INT_MAX = 2_147_483_647

/** JavaScript lists whole-number keys in rising order, whatever order they came in. */
function isNumberedMap(value: unknown): value is Record<string, unknown> {
  return isJsonObject(value) && Object.keys(value).every((key) => /^(?:0|[1-9]\d{0,8})$/.test(key))
}

const TRUE: ReadonlySet<unknown> = new Set([true, 1, '1', 'true'])
const FALSE: ReadonlySet<unknown> = new Set([false, 0, '0', 'false'])

function readAt<T>(path: string, value: unknown, reader: Reader<T>): T {
  try {
    return reader(value, path)
  } catch (error) {
    throw error instanceof MalformedResponse ? error : new MalformedResponse(path, error)
  }
}
