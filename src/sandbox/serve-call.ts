import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { failure, json, type SandboxAnswer } from './answer.js'
import { deliverFault, needsAnswer, send } from './fault-delivery.js'
import type { Faults } from './faults.js'
import type { RequestLog } from './log.js'
import { type Match, matchRoute, type SandboxRoute } from './routes.js'
import type { Tokens, TokenVersion } from './tokens.js'

/** What a hook is told of the call that is about to be carried out. */
export interface UpcomingCall {
  readonly operation: string
  readonly accountId: string | null
  readonly linkId: string | null
  readonly query: URLSearchParams
}

export type BeforeAnswer = (call: UpcomingCall) => void | Promise<void>

export interface Service {
  readonly endpoints: readonly Endpoint[]
  readonly faults: Faults
  readonly log: RequestLog
  readonly hooks: ReadonlySet<BeforeAnswer>
  /** Fires when the sandbox stops. */
  readonly signal: AbortSignal
}

/** A route of the imitated API, with or without the token check in front. */
export type Endpoint = Pick<SandboxRoute, 'operation' | 'method' | 'path'> & {
  answer(exchange: Exchange): SandboxAnswer
}

export interface Exchange {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
  /** Tells the log who asks. */
  identify(merchant: string): void
}

/** The routes that hand out tokens, which need none. */
export function tokenEndpoints(tokens: Tokens): readonly Endpoint[] {
  return (['1.0', '1.1'] satisfies TokenVersion[]).map((version) => ({
    operation: 'token',
    method: 'POST',
    path: ['api', `v${version}`, 'access-token', 'b2b'],
    answer: ({ headers, body, identify }) => {
      const { merchant, answer } = tokens.issue(version, headers, body)
      if (merchant !== undefined) identify(merchant.name)
      return answer
    },
  }))
}

/** A resource's route behind the token check. */
export function guardedEndpoint(tokens: Tokens, { handle, ...route }: SandboxRoute): Endpoint {
  return {
    ...route,
    answer: ({ params, query, headers, body, identify }) => {
      const admission = tokens.admit(headers)
      if ('refusal' in admission) return admission.refusal
      identify(admission.merchant.name)
      return handle({ operation: route.operation, params, query, merchant: admission.merchant, body })
    },
  }
}

/** One call of the imitated API from first byte to last: logged, delayed, carried out, and spoilt where a fault says so. */
export async function serveCall(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { faults, log, signal } = service
  const { method = 'GET' } = request
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://sandbox')
  const endpoint = endpointOf(matchRoute(service.endpoints, method, pathname), method, pathname)
  const { operation, params } = endpoint
  const { accountId = null, linkId = null } = params
  const target = { operation, accountId, linkId }
  const id = log.begin({ ...target, method, path: pathname, query: Object.fromEntries(query) })
  response.once('close', () => log.end(id, response.headersSent ? response.statusCode : null))

  const body = await readJson(request)
  if (method === 'PUT') log.note(id, { body })
  const { latencyMs, failure: fault } = faults.take(target)
  if (fault !== null) log.note(id, { fault: fault.kind })
  if (latencyMs > 0) await delay(latencyMs, undefined, { signal })

  const carryOut = async (): Promise<SandboxAnswer> => {
    for (const hook of service.hooks) await hook({ ...target, query })
    const identify = (credential: string): void => log.note(id, { credential })
    return endpoint.answer({ params, query, headers: request.headers, body, identify })
  }
  if (fault === null) send(response, await carryOut())
  else
    await deliverFault({ response, failure: fault, signal, answer: needsAnswer(fault) ? await carryOut() : NO_ANSWER })
  // Not left to the `close` event: that comes after the client has read on and perhaps asked again.
  if (response.writableEnded) log.end(id, response.statusCode)
}

/** The JSON of a body, or `undefined` when there is none that can be read: to Laravel both are "no fields". */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  if (chunks.length === 0) return undefined
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    return undefined
  }
}

const NO_ANSWER = failure(500, 'Server Error')

/** Laravel's own answers stand in where no route fits: another JSON shape for 404, plain text for 405 [lsp]. */
function endpointOf(
  match: Match<Endpoint>,
  method: string,
  pathname: string,
): Pick<Endpoint, 'operation' | 'answer'> & Pick<Exchange, 'params'> {
  if (match.kind === 'found') return { ...match.route, params: match.params }
  const path = pathname.slice(1)
  const answer: SandboxAnswer =
    match.kind === 'none'
      ? json(404, JSON.stringify({ message: `The route ${path} could not be found.` }))
      : {
          status: 405,
          contentType: 'text/plain; charset=UTF-8',
          text: `The ${method} method is not supported for route ${path}. Supported methods: ${match.allowed.join(', ')}.`,
        }
  return { operation: 'unknown', params: {}, answer: () => answer }
}
