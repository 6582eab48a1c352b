/** The two media types of GraphQL over HTTP. */
export type GraphQLMediaType = 'application/json' | 'application/graphql-response+json'

/**
 * The media type to respond with, or undefined when `Accept` allows neither. The higher quality wins, then the type
 * listed first. No header and a bare wildcard mean `application/json`, as GraphQL over HTTP requires for older clients.
 */
export function chooseMediaType(accept: string | undefined): GraphQLMediaType | undefined {
  return choose(GRAPHQL_TYPES, accept)
}

/** Whether the client prefers HTML, as a browser does when a person opens an address. A wildcard alone never does. */
export function prefersPage(accept: string | undefined): boolean {
  return choose([...GRAPHQL_TYPES, 'text/html'], accept) === 'text/html'
}

const GRAPHQL_TYPES: readonly GraphQLMediaType[] = ['application/json', 'application/graphql-response+json']

function choose<Type extends string>(offers: readonly Type[], accept: string | undefined): Type | undefined {
  if (accept === undefined || accept.trim() === '') return offers[0]
  const ranges = accept.split(',').map(parseRange)
  return offers
    .map((type) => ({ type, ...preferenceFor(type, ranges) }))
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality || a.position - b.position)[0]?.type
}

interface MediaRange {
  readonly range: string
  readonly quality: number
}

function parseRange(text: string): MediaRange {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
  return { range, quality: quality === undefined ? 1 : Number(quality) || 0 }
}

/** The most specific range that matches a type decides (RFC 9110, 12.5.1). */
function preferenceFor(type: string, ranges: readonly MediaRange[]): { quality: number; position: number } {
  for (const candidate of [type, type.replace(/\/.*/, '/*'), '*/*']) {
    const position = ranges.findIndex(({ range }) => range === candidate)
    if (position >= 0) return { quality: ranges[position]?.quality ?? 0, position }
  }
  return { quality: 0, position: ranges.length }
}
