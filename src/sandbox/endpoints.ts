import type { Merchant } from './directory.js'
import { pageOf } from './pagination.js'
import type { SandboxContext, SandboxRequest, SandboxRoute } from './resource.js'
import { forbidden, found, invalid, json, SandboxRefusal, type SandboxResponse } from './response.js'
import { matchRoute, paramsReader, type Route } from './routes.js'
import type { TokenCall, Tokens, TokenVersion } from './tokens.js'

/** A route of the imitated API, with or without the token check in front. */
export interface Endpoint extends Route {
  readonly operation: string
  /** @throws SandboxRefusal */
  respond(call: EndpointCall): SandboxResponse
}

export interface EndpointCall extends TokenCall {
  readonly params: Readonly<Record<string, string>>
  readonly url: URL
  readonly body: unknown
}

/** The routes that issue tokens. */
export function tokenEndpoints(tokens: Tokens): readonly Endpoint[] {
  return (['1.0', '1.1'] satisfies TokenVersion[]).map((version) => ({
    operation: 'token',
    method: 'POST',
    path: `/api/v${version}/access-token/b2b`,
    respond: (call) => tokens.issue(version, call),
  }))
}

export type MerchantContext = Pick<SandboxContext, 'accounts' | 'behaviour'> & { readonly tokens: Tokens }

/** A resource's route, behind the token check. */
export function merchantEndpoint(context: MerchantContext, { handle, ...route }: SandboxRoute): Endpoint {
  return {
    ...route,
    respond: (call) => handle(requestOf(context, context.tokens.authenticate(call), call)),
  }
}

/** The endpoint of a call. Where there is none, Laravel's own answers: 404 in another JSON shape, 405 as text [lsp]. */
export function endpointOf(
  endpoints: readonly Endpoint[],
  { method, path }: Route,
): Pick<Endpoint, 'operation' | 'respond'> & Pick<EndpointCall, 'params'> {
  const match = matchRoute(endpoints, { method, path })
  if ('route' in match) return { ...match.route, params: match.params }
  const response = unrouted(match.allowed, { method, path: path.slice(1) })
  return { operation: 'unknown', params: {}, respond: () => response }
}

function unrouted(allowed: readonly string[], { method, path }: Route): SandboxResponse {
  if (allowed.length === 0) return json(404, JSON.stringify({ message: `The route ${path} could not be found.` }))
  const text = `The ${method} method is not supported for route ${path}. Supported methods: ${allowed.join(', ')}.`
  return { status: 405, contentType: 'text/plain; charset=UTF-8', text }
}

function requestOf(
  { accounts, behaviour }: MerchantContext,
  merchant: Merchant,
  { params, url, body }: EndpointCall,
): SandboxRequest {
  const param = paramsReader(params)
  return {
    query: url.searchParams,
    body,
    merchant,
    param,
    account: () => {
      const account = found(
        accounts.find(({ id }) => id === param('accountId')),
        'Account not found.',
      )
      if (account.merchant !== merchant.name) throw new SandboxRefusal(forbidden(behaviour().forbiddenAs))
      return account
    },
    page: (rows, textOf = (row) => JSON.stringify(row)) =>
      pageOf(rows, { query: url.searchParams, behaviour: behaviour(), ownUrl: `${url.origin}${url.pathname}`, textOf }),
    invalid: (fields) => invalid(fields, behaviour()),
  }
}
