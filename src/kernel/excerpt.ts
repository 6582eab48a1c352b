const CHARACTERS_MAX = 40

/** What came, for an error message: short, escaped, and never the inside of an object. */
export function excerpt(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > CHARACTERS_MAX ? `${value.slice(0, CHARACTERS_MAX)}…` : value)
  }
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return 'an object'
  return typeof value === 'function' || typeof value === 'symbol' ? `a ${typeof value}` : String(value)
}
