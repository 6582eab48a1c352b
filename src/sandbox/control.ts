import { json, type SandboxAnswer } from './answer.js'
import type { BehaviourChanges } from './behaviour.js'
import type { FaultRule } from './faults.js'
import { matchRoute, type SandboxRoute } from './routes.js'
import type { Sandbox } from './sandbox.js'
import type { LinkRecord, NewLink, RawRow } from './store.js'

export interface ControlRequest {
  readonly method: string
  readonly pathname: string
  readonly query: URLSearchParams
  readonly body: unknown
}

/** Everything a program can do with a `Sandbox`, over HTTP under `/__sandbox`: 200 with JSON, 400 saying what is wrong. */
export function control(sandbox: Sandbox, { method, pathname, query, body }: ControlRequest): SandboxAnswer {
  const match = matchRoute(CONTROLS, method, pathname)
  if (match.kind !== 'found') return json(404, JSON.stringify({ error: `No control ${method} ${pathname}` }))
  try {
    return json(200, JSON.stringify(match.route.run({ sandbox, params: match.params, query, body }) ?? { ok: true }))
  } catch (error) {
    return json(400, JSON.stringify({ error: error instanceof Error ? error.message : String(error) }))
  }
}

interface ControlCall {
  readonly sandbox: Sandbox
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: unknown
}

type Control = Pick<SandboxRoute, 'method' | 'path'> & { run(call: ControlCall): unknown }

const CONTROLS: readonly Control[] = [
  at('GET', '', ({ sandbox: { url, merchants } }) => ({ url, merchants })),
  at('GET', '/log', ({ sandbox: { log }, query }) => {
    const operation = query.get('operation') ?? undefined
    return {
      count: log.count(operation),
      peakConcurrency: log.peakConcurrency(operation),
      entries: log.entries.filter((entry) => operation === undefined || entry.operation === operation),
    }
  }),
  at('DELETE', '/log', ({ sandbox }) => sandbox.log.clear()),
  at('GET', '/behaviour', ({ sandbox }) => sandbox.behaviour.current),
  at('PUT', '/behaviour', ({ sandbox, body }) => sandbox.behaviour.change(mapOf(body) as BehaviourChanges)),
  at('DELETE', '/behaviour', ({ sandbox }) => sandbox.behaviour.reset()),
  at('GET', '/faults', ({ sandbox }) => sandbox.faults.list()),
  at('POST', '/faults', ({ sandbox, body }) => ({ id: sandbox.faults.add(mapOf(body) as unknown as FaultRule) })),
  at('DELETE', '/faults', ({ sandbox }) => sandbox.faults.clear()),
  at('DELETE', '/faults/:id', ({ sandbox, params: { id } }) => sandbox.faults.clear(Number(id))),
  at('POST', '/revoke-tokens', ({ sandbox }) => sandbox.revokeTokens()),
  at('POST', '/advance-clock', ({ sandbox, body }) => {
    const { ms } = mapOf(body)
    sandbox.advanceClock(ms as number)
  }),
  at('GET', '/links/:accountId', ({ sandbox, params: { accountId = '' } }) => sandbox.linksOf(accountId)),
  at('POST', '/links', ({ sandbox, body }) => sandbox.insertLink(mapOf(body) as unknown as NewLink)),
  at('PATCH', '/links/:accountId/:id', ({ sandbox, body, ...call }) =>
    sandbox.patchLink(...keyOf(call), mapOf(body) as Partial<LinkRecord>),
  ),
  at('DELETE', '/links/:accountId/:id', ({ sandbox, ...call }) => sandbox.deleteLink(...keyOf(call))),
  at('POST', '/links/:accountId/:id/pay', ({ sandbox, ...call }) => sandbox.pay(...keyOf(call))),
  at('PUT', '/links/:accountId/:id/raw', ({ sandbox, body, ...call }) =>
    sandbox.setLinkRaw(...keyOf(call), mapOf(body) as RawRow),
  ),
  at('DELETE', '/links/:accountId/:id/raw', ({ sandbox, ...call }) => sandbox.setLinkRaw(...keyOf(call), null)),
]

function at(method: string, path: string, run: Control['run']): Control {
  return { method, path: `__sandbox${path}`.split('/'), run }
}

function keyOf({ params: { accountId = '', id } }: Pick<ControlCall, 'params'>): [accountId: string, id: number] {
  return [accountId, Number(id)]
}

function mapOf(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>
  throw new TypeError(`Expected a JSON object, but got: ${JSON.stringify(body)}`)
}
