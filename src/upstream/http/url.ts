/**
 * The path and query of a call, with each segment encoded and the query sorted, so that identical calls have identical
 * text.
 * @throws Error for a segment that would change the path: a bug in the code that built it
 */
export function toApiPath(segments: readonly string[], query: Readonly<Record<string, string>> = {}): string {
  const path = segments.map(encodeSegment).join('/')
  const names = Object.keys(query).sort()
  if (names.length === 0) return `/api/${path}`
  return `/api/${path}?${new URLSearchParams(names.map((name): [string, string] => [name, query[name] ?? '']))}`
}

function encodeSegment(segment: string): string {
  // URL parsers resolve dots even when they are percent-encoded.
  if (segment === '' || segment === '.' || segment === '..') throw new Error('A path segment is empty, "." or "..".')
  return encodeURIComponent(segment)
}
