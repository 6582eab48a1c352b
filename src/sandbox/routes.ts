import type { SandboxAnswer } from './answer.js'
import type { Behaviour } from './behaviour.js'
import type { Merchant, Store } from './store.js'

/** What a resource folder gives to the sandbox: its routes, behind the token check. */
export interface SandboxResource {
  readonly name: string
  /** Called once per sandbox, so a resource may keep data of its own in the closure. */
  routes(context: SandboxContext): readonly SandboxRoute[]
}

export interface SandboxContext {
  readonly store: Store
  behaviour(): Behaviour
  /** Epoch milliseconds of the sandbox's own clock. */
  now(): number
  /** Origin of the sandbox. */
  readonly url: string
}

export interface SandboxRoute {
  /** Names the route in faults and in the log. */
  readonly operation: string
  readonly method: string
  /** Segments below the root; `:name` takes any one segment. The first route that fits wins. */
  readonly path: readonly string[]
  handle(call: SandboxCall): SandboxAnswer
}

export interface SandboxCall {
  readonly operation: string
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly merchant: Merchant
  /** The JSON body, or `undefined` when there is none that can be read. */
  readonly body: unknown
}

export type Match<Route> =
  | { readonly kind: 'found'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'wrongMethod'; readonly allowed: readonly string[] }
  | { readonly kind: 'none' }

export function matchRoute<Route extends Pick<SandboxRoute, 'method' | 'path'>>(
  routes: readonly Route[],
  method: string,
  pathname: string,
): Match<Route> {
  const segments = pathname.split('/').slice(1).map(decoded)
  const allowed: string[] = []
  for (const route of routes) {
    const params = paramsOf(route.path, segments)
    if (params === null) continue
    if (route.method === method) return { kind: 'found', route, params }
    allowed.push(route.method)
  }
  return allowed.length > 0 ? { kind: 'wrongMethod', allowed } : { kind: 'none' }
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
