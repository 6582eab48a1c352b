const CHARACTERS_MAX = 40

/** What came, for an error message: short, escaped, and never the inside of an object. */
export function excerpt(value: unknown): string {
  if (typeof value === 'string') return quoted(value, CHARACTERS_MAX)
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return 'an object'
  return typeof value === 'function' || typeof value === 'symbol' ? `a ${typeof value}` : String(value)
}

/** A text in quotes, escaped, with an ellipsis where it is cut. */
export function quoted(text: string, charactersMax: number): string {
  return JSON.stringify(text.length > charactersMax ? `${cutText(text, charactersMax)}…` : text)
}

/** The beginning of a text, of so many UTF-16 units at most, never ending in the middle of a character. */
export function cutText(text: string, charactersMax: number): string {
  const splitsPair = (text.codePointAt(charactersMax - 1) ?? 0) > 0xffff
  return text.slice(0, splitsPair ? charactersMax - 1 : charactersMax)
}
