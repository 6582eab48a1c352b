import type { IncomingHttpHeaders } from 'node:http'
import type { Merchant } from './directory.js'
import { pageOf } from './pagination.js'
import type { SandboxContext, SandboxRequest, SandboxRoute } from './resource.js'
import { forbidden, found, invalid, json, SandboxRefusal, type SandboxResponse, success } from './response.js'
import { matchRoute, paramsReader, type Route } from './routes.js'
import type { Tokens, TokenVersion } from './tokens.js'

/** A route of the imitated API, with or without the token check in front. */
export interface Endpoint extends Route {
  readonly operation: string
  /** @throws SandboxRefusal */
  respond(call: EndpointCall): SandboxResponse
}

export interface EndpointCall {
  readonly params: Readonly<Record<string, string>>
  readonly url: URL
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
  /** Tells the log which merchant calls. */
  identify(merchant: Merchant): void
}

/** The routes that issue tokens. */
export function tokenEndpoints(tokens: Tokens): readonly Endpoint[] {
  return (['1.0', '1.1'] satisfies TokenVersion[]).map((version) => ({
    operation: 'token',
    method: 'POST',
    path: `/api/v${version}/access-token/b2b`,
    respond: ({ headers, body, identify }) => {
      const { merchant, response } = tokens.issue(version, headers, body)
      identify(merchant)
      return response
    },
  }))
}

export type MerchantContext = Pick<SandboxContext, 'accounts' | 'behaviour'> & { readonly tokens: Tokens }

/** A resource's route, behind the token check. */
export function merchantEndpoint(context: MerchantContext, { handle, ...route }: SandboxRoute): Endpoint {
  return {
    ...route,
    respond: (call) => {
      const merchant = context.tokens.authenticate(call.headers)
      call.identify(merchant)
      return handle(requestOf(context, merchant, call))
    },
  }
}

/** The endpoint of a call. Where there is none, Laravel's own answers: 404 in another JSON shape, 405 as text [lsp]. */
export function endpointOf(
  endpoints: readonly Endpoint[],
  { method, path }: Route,
): Pick<Endpoint, 'operation' | 'respond'> & Pick<EndpointCall, 'params'> {
  const match = matchRoute(endpoints, { method, path })
  if (match.kind === 'found') return { ...match.route, params: match.params }
  const name = path.slice(1)
  const response: SandboxResponse =
    match.kind === 'none'
      ? json(404, JSON.stringify({ message: `The route ${name} could not be found.` }))
      : {
          status: 405,
          contentType: 'text/plain; charset=UTF-8',
          text: `The ${method} method is not supported for route ${name}. Supported methods: ${match.allowed.join(', ')}.`,
        }
  return { operation: 'unknown', params: {}, respond: () => response }
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
    page: (rows, textOf = (row) => JSON.stringify(row)) => {
      const options = { query: url.searchParams, behaviour: behaviour(), ownUrl: `${url.origin}${url.pathname}` }
      const page = pageOf(rows, options)
      return success(`[${page.rows.map((row) => textOf(row)).join(',')}]`, page.envelope)
    },
    invalid: (fields) => invalid(fields, behaviour()),
  }
}
