import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSameValue } from '../../../src/upstream/json/equality.js'
import { parseJson } from '../../../src/upstream/json/json.js'

/** What Laravel's `TrimStrings` and `ConvertEmptyStringsToNull` make of an input, by the pattern of its `Str::trim`. */
function laravel(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.replace(/^[\s\u{feff}\u{200b}\u{200e}\0]+|[\s\u{feff}\u{200b}\u{200e}\0]+$/gu, '') || null
  }
  if (Array.isArray(value)) return value.map(laravel)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, laravel(inner)]))
}

/** JSON as PHP writes its arrays and floats, the latter with the 17 digits of `serialize_precision = 17`. */
function php(value: unknown): string {
  if (typeof value === 'number' && !Number.isInteger(value)) return value.toPrecision(17)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const keys = Object.keys(value)
  const inner = Object.entries(value).map(([key, each]) => [JSON.stringify(key), php(each)] as const)
  const isList = keys.every((key, index) => key === String(index))
  return isList ? `[${inner.map(([, text]) => text).join(',')}]` : `{${inner.map((pair) => pair.join(':')).join(',')}}`
}

/** JSON in which surrounding white space, empty text and numbered keys are common. */
const padding = fc.constantFrom('', '', ' ', '\t\n', '\u00a0', '\u3000', '\ufeff', '\u200b', '\u200e\0', '\v\f\r\u2028')
const text = fc.tuple(padding, fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constant('')), padding)
const key = fc.oneof(fc.string(), fc.constantFrom('0', '1', '2', '__proto__', 'constructor'))
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    text.map((parts) => parts.join('')),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.constantFrom(null, true, false),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('json')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
}))

/** Changes one leaf or branch to something that no middleware makes of it. */
function spoilt(value: unknown, path: readonly number[]): unknown {
  const [step = 0, ...rest] = path
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return [value, 'spoilt']
  const entries = Object.entries(value).map(([name, inner], index, { length }) =>
    index === step % length ? [name, spoilt(inner, rest)] : [name, inner],
  )
  return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries)
}

describe('isSameValue', () => {
  it('equates any JSON with what PHP and its middleware make of it', () => {
    fc.assert(
      fc.property(json, (sent) => {
        expect(isSameValue(sent, parseJson(php(laravel(sent))))).toBe(true)
        expect(isSameValue(sent, parseJson(php(sent)))).toBe(true)
        expect(isSameValue(parseJson(JSON.stringify(laravel(sent))), sent)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('tells two values apart wherever they differ', () => {
    fc.assert(
      fc.property(json, fc.array(fc.nat(3), { maxLength: 4 }), (sent, path) => {
        const other = spoilt(sent, path)
        expect(isSameValue(sent, other)).toBe(false)
        expect(isSameValue(sent, parseJson(php(laravel(other))))).toBe(false)
      }),
      { numRuns: 500 },
    )
  })

  it('tells numbers apart by every digit that makes another double', () => {
    for (const [left, right, isSame] of [
      ['0.1', '0.10000000000000001', true],
      ['0.1', '0.1000000000000000055511151231257827', true],
      ['0.1', '0.10000000000000002', false],
      ['100', '1e2', true],
      ['5', '5.000', true],
      ['12345678901234567890', '12345678901234567000', true],
      ['9007199254740991', '9007199254740993', false],
      ['0', '-0', true],
      ['1', 'true', false],
      ['0', 'null', false],
      ['""', '0', false],
      ['"0"', '0', false],
      ['""', 'false', false],
      ['{}', 'null', false],
      ['[]', '""', false],
    ] as const) {
      expect([left, right, isSameValue(parseJson(left), parseJson(right))]).toEqual([left, right, isSame])
    }
  })

  it('compares text of any length in linear time, and values of any depth', () => {
    const spaces = ' '.repeat(2_000_000)
    expect(isSameValue(`a${spaces}b`, `a${spaces}b${spaces}`)).toBe(true)
    expect(isSameValue(spaces, null)).toBe(true)
    const deep = (end: string) => parseJson(`${'{"a":['.repeat(20_000)}${end}${']}'.repeat(20_000)}`)
    expect([isSameValue(deep('1'), deep('1')), isSameValue(deep('1'), deep('2'))]).toEqual([true, false])
  })
})
