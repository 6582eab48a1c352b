import { json, type SandboxResponse } from './response.js'
import { matchRoute, paramsReader, type Route } from './routes.js'

/** A method of `Sandbox` over HTTP: 200 with the result of `run`, or 400 with the message of its error. */
export interface ControlRoute extends Route {
  run(request: ControlRequest): unknown
}

export interface ControlRequest {
  readonly query: URLSearchParams
  /** A segment of the path. */
  param(name: string): string
  /** @throws TypeError when the body is no JSON object */
  body(): Readonly<Record<string, unknown>>
}

/** A route for `path` below `/__sandbox`. */
export function controlRoute(method: string, path: string, run: ControlRoute['run']): ControlRoute {
  return { method, path: `${CONTROL_ROOT}${path}`, run }
}

const CONTROL_ROOT = '/__sandbox'

export function isControl({ pathname }: URL): boolean {
  return `${pathname}/`.startsWith(`${CONTROL_ROOT}/`)
}

export interface ReceivedControl {
  readonly method: string
  readonly url: URL
  readonly body: unknown
}

export function control(routes: readonly ControlRoute[], { method, url, body }: ReceivedControl): SandboxResponse {
  const match = matchRoute(routes, { method, path: url.pathname })
  if (!('route' in match)) return json(404, JSON.stringify({ error: `No control ${method} ${url.pathname}` }))
  const { route, params } = match
  try {
    const request = { query: url.searchParams, param: paramsReader(params), body: () => objectOf(body) }
    return json(200, JSON.stringify(route.run(request) ?? { ok: true }))
  } catch (error) {
    return json(400, JSON.stringify({ error: error instanceof Error ? error.message : String(error) }))
  }
}

function objectOf(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>
  throw new TypeError(`Expected a JSON object, but got: ${JSON.stringify(body)}`)
}
