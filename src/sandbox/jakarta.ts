/** Asia/Jakarta has no daylight saving. */
export const JAKARTA_OFFSET_MS = 7 * 60 * 60 * 1000

/** The day in Jakarta as `20260508`. */
export function jakartaDay(ms: number): string {
  return new Date(ms + JAKARTA_OFFSET_MS).toISOString().slice(0, 10).replaceAll('-', '')
}
