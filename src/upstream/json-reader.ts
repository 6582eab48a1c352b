import { createHash } from 'node:crypto'
import { isLosslessNumber } from 'lossless-json'
import { excerpt } from '../kernel/excerpt.js'
import type { Readable } from '../kernel/unreadable.js'
import { writeJson } from './json.js'
import { MalformedAnswer } from './malformed.js'

/** Reads one value of an answer; throws an Error saying what it expected, which `read` places. */
export type Reader<T> = (value: unknown, path: string) => T

/** A JSON object of an answer and where it stands there, `$.data[3]`. */
export interface WireObject {
  readonly fields: Readonly<Record<string, unknown>>
  readonly path: string
}

/** @throws MalformedAnswer when the value is no JSON object */
export function wireObject(value: unknown, path: string): WireObject {
  if (!isJsonObject(value)) throw new MalformedAnswer(path, expected('an object', value))
  return { fields: value, path }
}

/** @throws MalformedAnswer at the field's own path */
export function read<T>(object: WireObject, key: string, reader: Reader<T>): T {
  return readAt(`${object.path}.${key}`, object.fields[key], reader)
}

/** Like `read`, but what cannot be read stands in the value's place: one bad field is one bad field. */
export function readApart<T>(object: WireObject, key: string, reader: Reader<T>): Readable<T> {
  try {
    return read(object, key, reader)
  } catch (error) {
    if (!(error instanceof MalformedAnswer)) throw error
    return new MalformedAnswer(error.jsonPath, error.cause, { fingerprint: fingerprintOf(object.fields[key]) })
  }
}

/** Absent stays undefined; null and empty text are null. */
export function nullable<T>(reader: Reader<T>): Reader<T | null | undefined> {
  return (value, path) => {
    if (value === undefined) return undefined
    return value === null || value === '' ? null : reader(value, path)
  }
}

/** Absent, null and empty text alike: the upstream said nothing of it. */
export function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}

/** PHP writes an empty map as `[]`, and other parts of the upstream write an empty list as `{}`. */
export function isEmptyCollection(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0
}

export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value)
}

/** Whether objects and lists stand in one another more often than that; found without going as deep itself. */
export function isDeeperThan(levels: number, value: unknown): boolean {
  let open = [value].filter(isLevel)
  for (let level = 1; open.length > 0; level += 1) {
    if (level > levels) return true
    open = open.flatMap((outer) => Object.values(outer).filter(isLevel))
  }
  return false
}

/** Text that is not empty; a number counts as the text it was sent as. */
export function readText(value: unknown): string {
  if (isLosslessNumber(value)) return value.value
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string' && value !== '') return value
  throw expected('text', value)
}

/**
 * A whole number from 0 to 2147483647 (GraphQL's Int), as number or text (`"1"`, `"1.00"`; `"1.000"` may be a thousand).
 */
export function readCount(value: unknown): number {
  const count = typeof value === 'string' && /^\d+(?:\.0{1,2})?$/.test(value) ? Number(value) : value
  if (typeof count === 'number' && Number.isInteger(count) && count >= 0 && count <= INT_MAX) return count
  throw expected(`a whole number from 0 to ${INT_MAX}`, value)
}

/** A boolean, 0 or 1, or the text of either. */
export function readFlag(value: unknown): boolean {
  const flag = FLAGS.get(typeof value === 'string' ? value.toLowerCase() : value)
  if (flag === undefined) throw expected('a boolean', value)
  return flag
}

/** Every element by one reader. `{"25": …, "26": …}` is what PHP makes of a list that it filtered, `{}` of an empty one. */
export function listOf<T>(reader: Reader<T>): Reader<readonly T[]> {
  return (value, path) => {
    const elements = isNumberedMap(value) ? Object.values(value) : value
    if (!Array.isArray(elements)) throw expected('a list', value)
    if (elements.length > ELEMENTS_MAX) throw expected(`at most ${ELEMENTS_MAX} elements`, value)
    return elements.map((element, index) => readAt(`${path}[${index}]`, element, reader))
  }
}

/** One of the words in any case, as the model spells it (upper case). */
export function wordOf<Word extends string>(words: readonly Word[]): Reader<Word | 'UNKNOWN'> {
  return (value) => {
    if (typeof value !== 'string' || value === '') throw expected('a word', value)
    return words.find((word) => word === value.toUpperCase()) ?? 'UNKNOWN'
  }
}

/** The same for two JSON values that differ in the order of keys at most; nesting beyond reason is not told apart. */
export function fingerprintOf(value: unknown): string {
  const text = value === undefined ? '' : isDeeperThan(DEPTH_MAX, value) ? 'too deep' : writeJson(sorted(value))
  return createHash('sha256').update(text).digest('base64url')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isJsonObject(value)) return value
  const keys = Object.keys(value).sort()
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key])]))
}

export function expected(what: string, got: unknown): Error {
  return new Error(`Expected ${what}, but got: ${excerpt(got)}`)
}

/** As many links as an answer can hold. Each element that cannot be read takes its time, and millions the process. */
export const ELEMENTS_MAX = 10_000

const INT_MAX = 2_147_483_647

/** PHP, which the upstream is written in, nests no deeper by itself; some thousand levels end whoever writes them out. */
export const DEPTH_MAX = 512

/** An object whose keys are all whole numbers; JavaScript lists those in rising order, whatever order they came in. */
function isNumberedMap(value: unknown): value is Record<string, unknown> {
  return isJsonObject(value) && Object.keys(value).every((key) => /^(?:0|[1-9]\d{0,8})$/.test(key))
}

const FLAGS = new Map<unknown, boolean>([
  [true, true],
  [false, false],
  [1, true],
  [0, false],
  ['1', true],
  ['0', false],
  ['true', true],
  ['false', false],
])

function isLevel(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !isLosslessNumber(value)
}

function readAt<T>(path: string, value: unknown, reader: Reader<T>): T {
  try {
    return reader(value, path)
  } catch (error) {
    throw error instanceof MalformedAnswer ? error : new MalformedAnswer(path, error)
  }
}
