const DAY_MS = 86_400_000
const TEXT_MAX = 64

/** Milliseconds of a `Retry-After` header: seconds or a date in any of HTTP's three forms, capped at one day. */
export function parseRetryAfter(text: string | undefined, nowMs: number): number | undefined {
  if (text === undefined || text.length > TEXT_MAX) return undefined
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : parseHttpDate(text, nowMs) - nowMs
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(waitMs, 0), DAY_MS)
}

/** `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994` (RFC 9110, 5.6.7). */
const FORMS = [
  /^[A-Z][a-z]{2}, (?<day>\d{2}) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/,
  /^[A-Z][a-z]{5,8}, (?<day>\d{2})-(?<month>[A-Z][a-z]{2})-(?<year>\d{2}) (?<time>\d{2}:\d{2}:\d{2}) GMT$/,
  /^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<time>\d{2}:\d{2}:\d{2}) (?<year>\d{4})$/,
]

function parseHttpDate(text: string, nowMs: number): number {
  const found = FORMS.map((form) => form.exec(text)?.groups).find((groups) => groups !== undefined)
  if (found === undefined) return Number.NaN
  const { day = '', month = '', year = '', time = '' } = found
  const at = (fullYear: string) => Date.parse(`${day.trim()} ${month} ${fullYear} ${time} GMT`)
  if (year.length === 4) return at(year)
  // Two digits mean this century unless that is more than fifty years ahead.
  const now = new Date(nowMs).getUTCFullYear()
  const thisCentury = now - (now % 100) + Number(year)
  return at(String(thisCentury > now + 50 ? thisCentury - 100 : thisCentury))
}
