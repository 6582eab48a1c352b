/**
 * The path and query of a call below the origin, each segment encoded, the query in one fixed order: the same call has
 * the same text. A segment that could leave its place is a bug of the caller and refused.
 */
export function toApiPath(segments: readonly string[], query: Readonly<Record<string, string>> = {}): string {
  const path = segments.map(encodeSegment).join('/')
  const names = Object.keys(query).sort()
  if (names.length === 0) return `/api/${path}`
  return `/api/${path}?${new URLSearchParams(names.map((name): [string, string] => [name, query[name] ?? '']))}`
}

function encodeSegment(segment: string): string {
  // URL parsers resolve dots even when they are percent-encoded.
  if (segment === '' || segment === '.' || segment === '..') throw new Error('A path segment is empty or made of dots.')
  return encodeURIComponent(segment)
}
