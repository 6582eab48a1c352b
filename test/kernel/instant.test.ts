import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { epochMsOf, isNoDate, parseRfc3339, parseUpstreamInstant, toInstant } from '../../src/kernel/instant.js'

const EARLIEST_MS = Date.parse('0001-01-01T00:00:00.000Z')
const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z')
const DAY_MS = 86_400_000

const epochMs = fc.integer({ min: EARLIEST_MS + DAY_MS, max: LATEST_MS - DAY_MS })
const offsetMinutes = fc.integer({ min: -(23 * 60 + 59), max: 23 * 60 + 59 })

const two = (number: number) => String(number).padStart(2, '0')

/** The local time at an offset, `2026-05-08T14:30:00.000`. */
function localText(moment: number, offset: number): string {
  return new Date(moment + offset * 60_000).toISOString().slice(0, -1)
}

function zoneText(offset: number, colon: string): string {
  const size = Math.abs(offset)
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${colon}${two(size % 60)}`
}

describe('toInstant and epochMsOf', () => {
  it('converts to an instant and back, and instants sort as text', () => {
    fc.assert(
      fc.property(epochMs, epochMs, (left, right) => {
        expect(epochMsOf(toInstant(left))).toBe(left)
        expect(toInstant(left) < toInstant(right)).toBe(left < right)
      }),
    )
  })

  it.each([EARLIEST_MS - 1, LATEST_MS + 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses %d as epoch milliseconds',
    (moment) => {
      expect(() => toInstant(moment)).toThrow(RangeError)
    },
  )

  it('covers the years 0001 to 9999', () => {
    expect([toInstant(EARLIEST_MS), toInstant(LATEST_MS)]).toEqual([
      '0001-01-01T00:00:00.000Z',
      '9999-12-31T23:59:59.999Z',
    ])
  })
})

describe('parseRfc3339', () => {
  it.each([
    ['2026-05-08T14:30:00+07:00', '2026-05-08T07:30:00.000Z'],
    ['2026-05-08t07:30:00z', '2026-05-08T07:30:00.000Z'],
    ['2026-05-08T07:30:00.9Z', '2026-05-08T07:30:00.900Z'],
    ['2026-05-08T07:30:00.123999999999Z', '2026-05-08T07:30:00.123Z'],
    ['2026-05-08T07:30:00-00:00', '2026-05-08T07:30:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['0099-03-01T00:00:00Z', '0099-03-01T00:00:00.000Z'],
    ['1969-12-31T23:59:59.9999Z', '1969-12-31T23:59:59.999Z'],
  ])('reads the RFC 3339 time %s as %s', (text, instant) => {
    expect(parseRfc3339(text)).toBe(instant)
  })

  it.each([
    '2026-02-29T00:00:00Z',
    '1900-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-05-08T24:00:00Z',
    '2026-05-08T23:60:00Z',
    '2026-06-30T23:59:60Z',
    '2026-05-08T00:00:00+24:00',
    '2026-05-08T00:00:00+07:60',
    '2026-05-08T00:00:00+0700',
    '2026-05-08T00:00:00',
    '2026-05-08 00:00:00Z',
    '2026-05-08',
    '2026-05-08T00:00Z',
    '2026-05-08T00:00:00.Z',
    '+002026-05-08T00:00:00Z',
    '0000-06-01T00:00:00Z',
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    ' 2026-05-08T00:00:00Z',
    '2026-05-08T00:00:00Z\n',
    '1778225400000',
    '',
  ])('refuses %j as an RFC 3339 time, with what it expected and got', (text) => {
    expect(() => parseRfc3339(text)).toThrow(`but got: ${JSON.stringify(text)}`)
  })

  it('reads every moment at every offset', () => {
    fc.assert(
      fc.property(epochMs, offsetMinutes, (moment, offset) => {
        expect(epochMsOf(parseRfc3339(localText(moment, offset) + zoneText(offset, ':')))).toBe(moment)
      }),
      { numRuns: 1000 },
    )
  })

  it('accepts exactly the days that exist in the calendar', () => {
    const numberUpTo = (max: number) => fc.integer({ min: 0, max })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9999 }), numberUpTo(13), numberUpTo(32), (year, month, day) => {
        const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
        const lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        const isReal = day >= 1 && day <= (lengths[month - 1] ?? 0)
        const text = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T12:00:00Z`
        if (isReal) expect(parseRfc3339(text)).toBe(text.replace('Z', '.000Z'))
        else expect(() => parseRfc3339(text)).toThrow(text)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('parseUpstreamInstant', () => {
  const anyTime = fc.integer({ min: 1_000_000_000_000, max: 9_999_999_999_999 })

  it('reads a moment in every upstream format as the same instant', () => {
    const names = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
    fc.assert(
      fc.property(anyTime, offsetMinutes, (time, offset) => {
        const moment = time - (time % 1000)
        const local = localText(moment, offset).slice(0, 19)
        const jakarta = localText(moment, 7 * 60).slice(0, 19)
        const [year, month, day] = jakarta.slice(0, 10).split('-')
        const formats = [
          moment,
          String(moment),
          local + zoneText(offset, ':'),
          local + zoneText(offset, ''),
          `${localText(moment, 0).slice(0, 19)}.000000Z`,
          jakarta,
          jakarta.replace('T', ' '),
          `${day} ${names[Number(month) - 1]} ${year} ${jakarta.slice(11)}`,
        ]
        for (const format of formats) expect(parseUpstreamInstant(format), String(format)).toBe(toInstant(moment))
      }),
    )
  })

  it('truncates fractions of one to nine digits to milliseconds', () => {
    expect(parseUpstreamInstant('2025-11-10T09:46:38.123456789Z')).toBe('2025-11-10T09:46:38.123Z')
    expect(parseUpstreamInstant('2025-11-10 09:46:38.5')).toBe('2025-11-10T02:46:38.500Z')
  })

  it.each([
    [null],
    [undefined],
    [''],
    [true],
    [{}],
    [[]],
    ['soon'],
    [1_778_225_400],
    ['1778225400'],
    [1.5],
    [Number.NaN],
    ['2026-02-30 10:00:00'],
    ['31 Feb 2026 10:00:00'],
    ['10 Foo 2026 10:00:00'],
    ['0000-00-00 00:00:00'],
    ['2026-05-08T00:00:00.1234567890Z'],
  ])('refuses %j as an upstream time', (value) => {
    expect(() => parseUpstreamInstant(value)).toThrow(/^Expected a date and time, but got: /)
  })
})

describe('isNoDate', () => {
  it.each([
    '0000-00-00',
    '0000-00-00 00:00:00',
    '0000-00-00T00:00:00',
    '0000-00-00T00:00:00Z',
    '0000-00-00T00:00:00.000000Z',
    '0000-00-00 00:00:00+07:00',
    '0000-00-00 00:00:00 +0700',
    '-0001-11-30',
    '-0001-11-30T00:00:00.000000Z',
    '-0001-11-29T16:52:48.000000Z',
    '30 Nov -0001 00:00:00',
  ])('recognizes %s as no date, and refuses it as a moment', (text) => {
    expect(isNoDate(text)).toBe(true)
    expect(() => parseUpstreamInstant(text)).toThrow()
  })

  it.each([
    '2026-05-08',
    '0000-01-01',
    '0000-00-01',
    '0000-00-00x',
    '-0001-11-28',
    'never',
    '',
    0,
    null,
    undefined,
    {},
  ])('does not recognize %j as no date', (value) => expect(isNoDate(value)).toBe(false))
})
