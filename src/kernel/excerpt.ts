const CHARACTERS_MAX = 40

/** Describes a value in an error message: short, escaped, and never the contents of an object. */
export function excerpt(value: unknown): string {
  if (typeof value === 'string') return quoted(value, CHARACTERS_MAX)
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return 'an object'
  return typeof value === 'function' || typeof value === 'symbol' ? `a ${typeof value}` : String(value)
}

/** Text in quotes, escaped, with an ellipsis if it was cut. */
export function quoted(text: string, charactersMax: number): string {
  return JSON.stringify(text.length > charactersMax ? `${cutText(text, charactersMax)}…` : text)
}

/** The first `charactersMax` UTF-16 units of a text, or one fewer where the cut would split a surrogate pair. */
export function cutText(text: string, charactersMax: number): string {
  const splitsPair = (text.codePointAt(charactersMax - 1) ?? 0) > 0xffff
  return text.slice(0, splitsPair ? charactersMax - 1 : charactersMax)
}
