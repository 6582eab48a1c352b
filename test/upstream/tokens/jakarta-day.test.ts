import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jakartaDay } from '../../../src/upstream/tokens/jakarta-day.js'

const calendar = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Asia/Jakarta',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
})

describe('jakartaDay', () => {
  it.each([
    ['2026-05-07T16:59:59.999Z', '20260507'],
    ['2026-05-07T17:00:00.000Z', '20260508'],
    ['2026-05-07T20:30:00.000Z', '20260508'],
    ['2026-05-07T23:59:59.999Z', '20260508'],
    ['2026-05-08T00:00:00.000Z', '20260508'],
    ['2026-12-31T17:00:00.000Z', '20270101'],
    ['2028-02-28T17:00:00.000Z', '20280229'],
  ])('returns the day in Jakarta at %s as %s', (utc, day) => {
    expect(jakartaDay(Date.parse(utc))).toBe(day)
  })

  it('agrees with the time zone database about the day in Jakarta at any moment of this century', () => {
    const moment = fc.integer({ min: Date.parse('2000-01-01T00:00:00Z'), max: Date.parse('2099-12-31T00:00:00Z') })
    fc.assert(
      fc.property(moment, (epochMs) => {
        expect(jakartaDay(epochMs)).toBe(calendar.format(epochMs).replaceAll('-', ''))
      }),
      { numRuns: 500 },
    )
  })
})
