/** The two media types of GraphQL over HTTP. */
export type GraphQLMediaType = 'application/json' | 'application/graphql-response+json'

/**
 * The type to answer in, or undefined when `Accept` allows neither. The higher quality wins, then the one that is named
 * first; no header and `*` mean plain JSON, as the specification keeps for clients that know nothing newer.
 */
export function chooseMediaType(accept: string | undefined): GraphQLMediaType | undefined {
  return choose(GRAPHQL_TYPES, accept)
}

/** Whether a page is wanted more than an answer, as by a person's browser: never when only `*` covers it. */
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

interface Range {
  readonly range: string
  readonly quality: number
}

function parseRange(text: string): Range {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
  return { range, quality: quality === undefined ? 1 : Number(quality) || 0 }
}

/** The most specific range that covers a type decides for it. */
function preferenceFor(type: string, ranges: readonly Range[]): { quality: number; position: number } {
  for (const candidate of [type, type.replace(/\/.*/, '/*'), '*/*']) {
    const position = ranges.findIndex(({ range }) => range === candidate)
    if (position >= 0) return { quality: ranges[position]?.quality ?? 0, position }
  }
  return { quality: 0, position: ranges.length }
}
