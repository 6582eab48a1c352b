import { excerpt } from './excerpt.js'

declare const instantBrand: unique symbol

/** A moment in UTC with milliseconds, `2026-05-08T07:30:00.000Z`, from year 0001 to 9999. Its text sorts by time. */
export type Instant = string & { readonly [instantBrand]: true }

const EARLIEST_MS = -62_135_596_800_000
const LATEST_MS = 253_402_300_799_999
const MINUTE_MS = 60_000
/** Asia/Jakarta has had no daylight saving time since 1964. */
const JAKARTA_OFFSET_MINUTES = 7 * 60

const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?([Zz]|[+-]\d{2}:\d{2})$/
const UPSTREAM_ISO = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?\s?([Zz]|[+-]\d{2}:?\d{2})?$/
const UPSTREAM_WORDED = /^(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2})$/
const EPOCH_MS = /^\d{13}$/
/** MySQL's `0000-00-00`, and what PHP turns it into with a time zone: the last days of November of year -1. */
const NO_DATE =
  /^(?:0000-00-00|-0001-11-(?:29|30)|(?:29|30) Nov -0001)(?:[Tt ][\d:.]{1,18}\s?(?:[Zz]|[+-]\d{2}:?\d{2})?)?$/
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** @throws RangeError outside the years 0001 to 9999 */
export function toInstant(epochMs: number): Instant {
  // A fraction of a millisecond would pass the range check but cannot be written as text.
  if (!Number.isInteger(epochMs) || epochMs < EARLIEST_MS || epochMs > LATEST_MS) {
    throw new RangeError(`Expected whole milliseconds within the years 0001 to 9999, but got: ${epochMs}`)
  }
  return new Date(epochMs).toISOString() as Instant
}

export function epochMsOf(instant: Instant): number {
  return Date.parse(instant)
}

/**
 * Reads an RFC 3339 date-time from a caller: a real calendar date with any offset. Fractions are truncated to
 * milliseconds.
 * @throws Error with what was expected and what it got; leap seconds (`:60`) are refused
 */
export function parseRfc3339(text: string): Instant {
  const epochMs = epochMsOfIso(RFC_3339.exec(text))
  if (epochMs === undefined) {
    throw new Error(`Expected an RFC 3339 date-time such as 2026-05-08T14:30:00+07:00, but got: ${excerpt(text)}`)
  }
  return toInstant(epochMs)
}

/** Whether the value is a date that stands for "no date", such as `0000-00-00 00:00:00`. */
export function isNoDate(value: unknown): boolean {
  return typeof value === 'string' && NO_DATE.test(value)
}

/**
 * Reads a moment in any format seen upstream: RFC 3339 with `Z`, `+07:00` or `+0700`, a space instead of the `T`, 13
 * digits of epoch milliseconds as a number or text, and `10 Nov 2025 09:46:38`. Without a zone it is in Asia/Jakarta
 * [lsp][ledger:singapay/time.go].
 * @throws Error with what was expected and what it got
 */
export function parseUpstreamInstant(value: unknown): Instant {
  const text = typeof value === 'number' ? String(value) : value
  const epochMs = typeof text === 'string' ? epochMsOfUpstreamText(text) : undefined
  if (epochMs === undefined) throw new Error(`Expected a date and time, but got: ${excerpt(value)}`)
  return toInstant(epochMs)
}

function epochMsOfUpstreamText(text: string): number | undefined {
  if (EPOCH_MS.test(text)) return Number(text)
  const worded = UPSTREAM_WORDED.exec(text)
  if (!worded) return epochMsOfIso(UPSTREAM_ISO.exec(text))
  const [, day, monthName = '', year, hour, minute, second] = worded
  const month = MONTHS.indexOf(monthName.toLowerCase()) + 1
  return epochMsOfCalendar([year, month, day, hour, minute, second].map(Number), JAKARTA_OFFSET_MINUTES)
}

function epochMsOfIso(parts: RegExpExecArray | null): number | undefined {
  if (!parts) return undefined
  const [, year, month, day, hour, minute, second, fraction = '', zone] = parts
  const offsetMinutes = zone === undefined ? JAKARTA_OFFSET_MINUTES : offsetMinutesOf(zone)
  if (offsetMinutes === undefined) return undefined
  const wholeMs = epochMsOfCalendar([year, month, day, hour, minute, second].map(Number), offsetMinutes)
  if (wholeMs === undefined) return undefined
  return wholeMs + Number(fraction.slice(0, 3).padEnd(3, '0'))
}

function offsetMinutesOf(zone: string): number | undefined {
  if (zone.toUpperCase() === 'Z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(-2))
  if (hours > 23 || minutes > 59) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}

/** Undefined for a date that does not exist, and for a moment outside the years 0001 to 9999 in UTC. */
function epochMsOfCalendar(parts: readonly number[], offsetMinutes: number): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
  if (hour > 23 || minute > 59 || second > 59) return undefined
  const date = new Date(0)
  // Not Date.UTC, which reads the years 0 to 99 as 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  const epochMs = date.setUTCHours(hour, minute, second) - offsetMinutes * MINUTE_MS
  return epochMs >= EARLIEST_MS && epochMs <= LATEST_MS - 999 ? epochMs : undefined
}
