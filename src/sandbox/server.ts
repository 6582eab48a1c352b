import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { failure } from './answer.js'
import { BehaviourSwitches } from './behaviour.js'
import { control } from './control.js'
import { send } from './fault-delivery.js'
import { Faults } from './faults.js'
import { RequestLog } from './log.js'
import type { SandboxContext, SandboxResource } from './routes.js'
import type { Sandbox, StoreControl } from './sandbox.js'
import { believableWorld } from './seed.js'
import { type BeforeAnswer, guardedEndpoint, readJson, type Service, serveCall, tokenEndpoints } from './serve-call.js'
import { type MerchantCredentials, Store, type World } from './store.js'
import { Tokens } from './tokens.js'

export type { Sandbox } from './sandbox.js'

export interface SandboxOptions {
  readonly resources: readonly SandboxResource[]
  /** Default 0: any free port. */
  readonly port?: number
  /** Default: the machine's. */
  readonly clock?: { now(): number }
  /** Makes the data, given the time of the start. Default: `believableWorld`. */
  readonly seed?: (nowMs: number) => World
  /** Of the default merchant, in place of the built-in ones. */
  readonly credentials?: MerchantCredentials
}

/** Starts a sandbox on loopback. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { now, advance } = adjustable(options.clock ?? Date)
  const store = new Store(worldOf(options, now()), now)
  const behaviour = new BehaviourSwitches()
  const tokens = new Tokens({ merchants: store.merchants, behaviour: () => behaviour.current, now })
  const hooks = new Set<BeforeAnswer>()
  const stopping = new AbortController()
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS })
  const url = await listen(server, options.port ?? 0)

  const context: SandboxContext = { store, behaviour: () => behaviour.current, now, url }
  const routes = options.resources.flatMap((resource) => resource.routes(context))
  const endpoints = [...tokenEndpoints(tokens), ...routes.map((route) => guardedEndpoint(tokens, route))]
  const service: Service = {
    endpoints,
    faults: new Faults([...new Set(endpoints.map(({ operation }) => operation)), 'unknown']),
    log: new RequestLog(),
    hooks,
    signal: stopping.signal,
  }
  const sandbox: Sandbox = {
    url,
    ...directoryOf(store),
    ...controlsOf(store),
    behaviour,
    faults: service.faults,
    log: service.log,
    revokeTokens: () => tokens.revokeAll(),
    advanceClock: advance,
    beforeAnswer: (hook) => {
      hooks.add(hook)
      return () => void hooks.delete(hook)
    },
    stop: () => stop(server, stopping),
  }
  server.on('request', (request, response) => {
    serve({ sandbox, service }, request, response).catch((error: unknown) => giveUp(response, error))
  })
  return sandbox
}

/** Longer than any client keeps a socket idle, so that no call is lost to a closing one unless a fault says so. */
const KEEP_ALIVE_MS = 120_000

function adjustable(clock: { now(): number }): { now(): number; advance(ms: number): void } {
  let offsetMs = 0
  return {
    now: () => clock.now() + offsetMs,
    advance: (ms) => {
      if (!Number.isFinite(ms)) throw new TypeError(`ms takes a number, but got: ${ms}`)
      offsetMs += ms
    },
  }
}

function worldOf({ seed, credentials }: SandboxOptions, nowMs: number): World {
  const world = (seed ?? believableWorld)(nowMs)
  const [main, ...others] = world.merchants
  if (main === undefined) throw new Error('A sandbox needs at least one merchant')
  return { ...world, merchants: [{ ...main, ...credentials }, ...others] }
}

function listen(server: Server, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    })
  })
}

function directoryOf(store: Store): Pick<Sandbox, 'credentials' | 'accounts' | 'merchants'> {
  const merchants = store.merchants.map((merchant) => ({ ...merchant, accounts: store.accountsOf(merchant.name) }))
  const [{ apiKey, clientId, clientSecret, accounts }] = merchants as [(typeof merchants)[number]]
  return { credentials: { apiKey, clientId, clientSecret }, accounts, merchants }
}

function controlsOf(store: Store): Pick<Sandbox, StoreControl> {
  return {
    linksOf: (accountId) => store.linksOf(accountId),
    insertLink: (link) => store.insertLink(link),
    patchLink: (accountId, id, changes) => store.patchLink(accountId, id, changes),
    deleteLink: (accountId, id) => store.deleteLink(accountId, id),
    pay: (accountId, id) => store.pay(accountId, id),
    setLinkRaw: (accountId, id, raw) => store.setLinkRaw(accountId, id, raw),
  }
}

async function serve(
  { sandbox, service }: { sandbox: Sandbox; service: Service },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', sandbox.url)
  if (!/^\/__sandbox(\/|$)/.test(pathname)) return serveCall(service, request, response)
  send(response, control(sandbox, { method: request.method ?? 'GET', pathname, query, body: await readJson(request) }))
}

/** A client that left or a sandbox that stops needs no answer; anything else is a mistake in here and must be seen. */
function giveUp(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) response.destroy()
  else send(response, failure(500, `The sandbox failed: ${String(error)}`))
}

async function stop(server: Server, stopping: AbortController): Promise<void> {
  stopping.abort()
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
