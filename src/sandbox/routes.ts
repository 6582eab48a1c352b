/** A verb and a path such as `/links/:accountId`, in which `:name` matches any one segment. */
export interface Route {
  readonly method: string
  readonly path: string
}

/** A route, or the verbs that the path has routes for: none when it is unknown. */
export type Match<Matched> =
  | { readonly route: Matched; readonly params: Readonly<Record<string, string>> }
  | { readonly allowed: readonly string[] }

/** The operation of a request, and the ids in its path; null for an id that the path does not have. */
export interface RequestTarget {
  readonly operation: string
  /** One for each id in the paths of this sandbox: `accountId`, `linkId`, … */
  readonly [param: IdName]: string | null
}

export type IdName = `${string}Id`

/** Finds the first match. */
export function matchRoute<Matched extends Route>(routes: readonly Matched[], { method, path }: Route): Match<Matched> {
  const segments = path.split('/').map(decoded)
  const allowed: string[] = []
  for (const route of routes) {
    const params = paramsOf(route.path.split('/'), segments)
    if (params === null) continue
    if (route.method === method) return { route, params }
    allowed.push(route.method)
  }
  return { allowed }
}

/** Reads the segments of a matched path by name. */
export function paramsReader(params: Readonly<Record<string, string>>): (name: string) => string {
  return (name) => {
    const value = params[name]
    if (value === undefined) throw new Error(`The path has no :${name}`)
    return value
  }
}

/** The names of the ids in a path: `accountId` of `/links/:accountId`. */
export function idNamesOf({ path }: Pick<Route, 'path'>): readonly IdName[] {
  const parts = path.split('/').filter((part) => part.startsWith(':'))
  return parts.map((part) => part.slice(1)).filter((name): name is IdName => name.endsWith('Id'))
}

function paramsOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> | null {
  if (pattern.length !== segments.length) return null
  const params: Record<string, string> = {}
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? ''
    if (part.startsWith(':')) params[part.slice(1)] = segment
    else if (part !== segment) return null
  }
  return params
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}
