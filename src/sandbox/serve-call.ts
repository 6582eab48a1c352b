import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { type Endpoint, type EndpointCall, endpointOf } from './endpoints.js'
import { deliverFailure, isCarriedOut } from './failures.js'
import type { Faults } from './faults.js'
import type { RequestLog } from './log.js'
import { failure, SandboxRefusal, type SandboxResponse, send } from './response.js'
import type { IdName, RequestTarget } from './routes.js'

/** A call about to be carried out. */
export type UpcomingCall = RequestTarget & { readonly query: URLSearchParams }

export type BeforeResponse = (call: UpcomingCall) => void | Promise<void>

export interface Service {
  readonly endpoints: readonly Endpoint[]
  /** The ids that the endpoints have in their paths. */
  readonly idNames: readonly IdName[]
  readonly faults: Faults
  readonly log: RequestLog
  readonly hooks: Set<BeforeResponse>
  /** Fires when the sandbox stops. */
  readonly signal: AbortSignal
}

/** One HTTP request, and what its response is written to. */
export interface IncomingCall {
  readonly request: IncomingMessage
  readonly url: URL
  readonly response: ServerResponse
}

/** Serves one call of the imitated API: logs, delays and carries it out, and fails where a fault says so. */
export async function serveCall(service: Service, { request, url, response }: IncomingCall): Promise<void> {
  const { faults, log, signal, idNames } = service
  const { method = 'GET', headers } = request
  const { operation, params, respond } = endpointOf(service.endpoints, { method, path: url.pathname })
  const ids = Object.fromEntries(idNames.map((name) => [name, params[name] ?? null]))
  const target: RequestTarget = { operation, ...ids }
  const entry = log.begin({ ...target, method, path: url.pathname, query: Object.fromEntries(url.searchParams) })
  response.once('close', () => entry.end(response.headersSent ? response.statusCode : null))

  const body = await readJson(request)
  // A request for a token may have a secret in its body.
  if (body !== undefined && operation !== 'token') entry.note({ body })
  const { latencyMs, failure: fault } = faults.take(target)
  if (fault !== null) entry.note({ fault: fault.kind })
  if (latencyMs > 0) await delay(latencyMs, undefined, { signal })

  const carryOut = async (): Promise<SandboxResponse> => {
    for (const hook of service.hooks) await hook({ ...target, query: url.searchParams })
    const identify: EndpointCall['identify'] = ({ name }) => entry.note({ credential: name })
    try {
      return respond({ params, url, headers, body, identify })
    } catch (error) {
      if (error instanceof SandboxRefusal) return error.response
      throw error
    }
  }
  if (fault === null) send(response, await carryOut())
  else {
    const truth = isCarriedOut(fault) ? await carryOut() : NOT_CARRIED_OUT
    await deliverFailure({ response, failure: fault, signal, truth })
  }
  // Not left to the `close` event: by then the client may have read the response and sent its next request.
  if (response.writableEnded) entry.end(response.statusCode)
}

/** Parses a JSON body; `undefined` when it is absent or invalid: Laravel reads both as "no fields". */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await text(request)
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

const NOT_CARRIED_OUT = failure(500, 'Server Error')
