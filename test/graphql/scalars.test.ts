import fc from 'fast-check'
import { parseValue } from 'graphql'
import { describe, expect, it } from 'vitest'
import { DateTimeScalar, DecimalScalar, JSONObjectScalar } from '../../src/graphql/scalars.js'
import { parseJson, writeJson } from '../../src/upstream/json/json.js'

const literal = (text: string) => parseValue(text)

describe('DateTime', () => {
  it.each([
    ['2026-05-08T14:30:00+07:00', '2026-05-08T07:30:00.000Z'],
    ['2026-05-08T07:30:00Z', '2026-05-08T07:30:00.000Z'],
    ['2026-05-08t07:30:00.5z', '2026-05-08T07:30:00.500Z'],
    ['2026-05-08T00:00:00-09:30', '2026-05-08T09:30:00.000Z'],
    ['2024-02-29T23:59:59.999Z', '2024-02-29T23:59:59.999Z'],
  ])('reads the DateTime %s as %s, from a variable and a literal', (given, wanted) => {
    expect(DateTimeScalar.parseValue(given)).toBe(wanted)
    expect(DateTimeScalar.parseLiteral(literal(JSON.stringify(given)), {})).toBe(wanted)
  })

  it.each([
    ['2026-05-08'],
    ['2026-05-08T07:30:00'],
    ['2026-02-30T00:00:00Z'],
    ['2025-02-29T00:00:00Z'],
    ['2026-05-08T24:00:00Z'],
    ['2026-05-08T07:60:00Z'],
    ['2026-05-08T07:30:00+25:00'],
    ['1780246799000'],
    ['tomorrow'],
    [''],
    [' 2026-05-08T07:30:00Z'],
    [1780246799000],
    [true],
    [{}],
    [['2026-05-08T07:30:00Z']],
  ])('refuses the DateTime %j', (given) => {
    expect(() => DateTimeScalar.parseValue(given)).toThrow(/got|expected/i)
    if (typeof given !== 'object') {
      expect(() => DateTimeScalar.parseLiteral(literal(JSON.stringify(given)), {})).toThrow()
    }
  })

  it('agrees with the calendar of the platform on every DateTime it accepts', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true }),
        fc.integer({ min: -14 * 60, max: 14 * 60 }),
        (date, offsetMinutes) => {
          const local = new Date(date.getTime() + offsetMinutes * 60_000)
          if (local.getUTCFullYear() < 1 || local.getUTCFullYear() > 9999) return
          const sign = offsetMinutes < 0 ? '-' : '+'
          const [hours, minutes] = [Math.floor(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60]
          const offset = `${sign}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`
          expect(DateTimeScalar.parseValue(local.toISOString().replace('Z', offset))).toBe(date.toISOString())
        },
      ),
    )
  })
})

describe('Decimal', () => {
  it.each([
    ['20000', '20000.00'],
    ['20000.5', '20000.50'],
    ['-0.125', '-0.125'],
    ['12345678901234567890.01', '12345678901234567890.01'],
  ])('reads the Decimal %s as %s', (given, wanted) => {
    expect(DecimalScalar.parseValue(given)).toBe(wanted)
    expect(DecimalScalar.parseLiteral(literal(JSON.stringify(given)), {})).toBe(wanted)
  })

  it.each([[''], ['1e3'], ['1,000'], ['NaN'], ['0x10'], [20000], [null], [{}]])('refuses the Decimal %j', (given) => {
    expect(() => DecimalScalar.parseValue(given)).toThrow()
  })

  it('refuses a number literal for a Decimal, because it would have been a float', () => {
    expect(() => DecimalScalar.parseLiteral(literal('20000.5'), {})).toThrow(/must be text/)
  })
})

describe('JSONObject', () => {
  it('reads an object from a variable and a literal, with variables inside', () => {
    const object = { a: [1, 'x', null, { b: true }], __proto__x: 1 }
    expect(JSONObjectScalar.parseValue(object)).toEqual(object)
    expect(JSONObjectScalar.parseLiteral(literal('{ a: [1.5, "x", null, $v, E] c: {} }'), { v: { d: 2 } })).toEqual({
      a: [1.5, 'x', null, { d: 2 }, 'E'],
      c: {},
    })
  })

  it('leaves out the field of a missing variable, and puts null for it in a list, whatever its name', () => {
    for (const name of ['v', 'toString', 'constructor', '__proto__']) {
      const text = `{ a: 1, b: $${name}, c: [$${name}], d: { e: $${name} } }`
      for (const variables of [{}, Object.create(null), undefined]) {
        const read = JSONObjectScalar.parseLiteral(literal(text), variables)
        expect(read).toStrictEqual({ a: 1, c: [null], d: {} })
      }
      const given = Object.fromEntries([[name, 'x']])
      expect(JSONObjectScalar.parseLiteral(literal(text), given)).toEqual({ a: 1, b: 'x', c: ['x'], d: { e: 'x' } })
    }
  })

  it('keeps __proto__ as a plain key', () => {
    const read = JSONObjectScalar.parseLiteral(literal('{ __proto__: { polluted: true } }'), {}) as object
    expect(Object.getOwnPropertyNames(read)).toEqual(['__proto__'])
    expect((read as { polluted?: boolean }).polluted).toBeUndefined()
  })

  it.each([[[]], ['{}'], [7], [true], [null]])('refuses the JSONObject %j', (given) => {
    expect(() => JSONObjectScalar.parseValue(given)).toThrow(/JSON object.*got/)
  })

  it('refuses a JSONObject with numbers that may have lost digits or values nested too deep', () => {
    expect(() => JSONObjectScalar.parseValue({ a: [{ b: 2 ** 53 }] })).toThrow(/at most 9007199254740991/)
    expect(() => JSONObjectScalar.parseLiteral(literal('{ n: 9007199254740993 }'), {})).toThrow(/write it as text/)
    for (const text of ['{ n: 0.12345678901234567890 }', '{ n: [1e400] }', '12345678901234567890']) {
      expect(() => JSONObjectScalar.parseLiteral(literal(text), {})).toThrow(/write it as text/)
    }
    let deep: object = {}
    for (let n = 0; n < 100; n += 1) deep = { deep }
    expect(() => JSONObjectScalar.parseValue(deep)).toThrow(/nested/)
  })

  it('returns every digit and key that came from the upstream', () => {
    const text = '{"big":12345678901234567890,"small":[0.1,{"x":1e400}],"__proto__":{"y":1},"toJSON":2}'
    expect(writeJson(JSONObjectScalar.serialize(parseJson(text)))).toBe(text)
  })
})
