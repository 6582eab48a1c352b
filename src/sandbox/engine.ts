import { ENGINE_SWITCHES } from './behaviour.js'
import type { ControlRoute } from './control.js'
import { DEFAULT_DIRECTORY, type Directory } from './directory.js'
import { type Endpoint, type MerchantContext, merchantEndpoint, tokenEndpoints } from './endpoints.js'
import { Faults } from './faults.js'
import { RequestLog } from './log.js'
import type { SandboxContext, SandboxResource, Simulator } from './resource.js'
import { idNamesOf } from './routes.js'
import type { Sandbox, SandboxOptions } from './sandbox.js'
import type { BeforeResponse, Service } from './serve-call.js'
import { BehaviourSwitches } from './switches.js'
import { Tokens } from './tokens.js'

/** A sandbox that does not listen yet. */
export interface SandboxEngine {
  /** Holds the controls of the resources too. */
  readonly handle: Omit<Sandbox, 'url' | 'stop'>
  readonly service: Service
  readonly controlRoutes: readonly ControlRoute[]
  /** Ends the requests that hang or wait. */
  readonly stopping: AbortController
}

/** Joins the resources to the engine. @throws Error when two of them use the same name */
export function createEngine<Resources extends readonly SandboxResource[]>(
  options: SandboxOptions<Resources>,
): SandboxEngine {
  const { resources, clock = Date } = options
  const { now, advanceClock } = adjustable(clock)
  const world = worldOf(options, now())
  const ownSwitches = resources.map(({ switches }) => switches)
  const behaviour = new BehaviourSwitches(joined('behaviour', ENGINE_SWITCHES, ownSwitches))
  const context: SandboxContext = { accounts: world.accounts, behaviour: () => behaviour.current, now }
  const simulators = resources.map((resource) => resource.start(context, world))
  const tokens = new Tokens({ ...context, merchants: world.merchants })
  const stopping = new AbortController()
  const service = serviceOf(endpointsOf(simulators, { ...context, tokens }), stopping.signal)
  const handle = {
    ...merchantsOf(world),
    behaviour,
    faults: service.faults,
    log: service.log,
    revokeTokens: () => tokens.revokeAll(),
    advanceClock,
    beforeResponse: (hook: BeforeResponse) => {
      service.hooks.add(hook)
      return () => void service.hooks.delete(hook)
    },
  }
  const ownControls = simulators.map(({ controls }) => controls)
  const controlRoutes = simulators.flatMap(({ controlRoutes = [] }) => controlRoutes)
  return { handle: joined('control', handle, ownControls), service, controlRoutes, stopping }
}

function adjustable(clock: { now(): number }): { now(): number; advanceClock(ms: number): void } {
  let offsetMs = 0
  return {
    now: () => clock.now() + offsetMs,
    advanceClock: (ms) => {
      if (!Number.isFinite(ms)) throw new TypeError(`ms takes a number, but got: ${ms}`)
      offsetMs += ms
    },
  }
}

function worldOf<Resources extends readonly SandboxResource[]>(
  { resources, seed, credentials }: SandboxOptions<Resources>,
  nowMs: number,
): Directory {
  const seedOf = (resource: SandboxResource): object | undefined => resource.seed?.(nowMs)
  const world = seed?.(nowMs) ?? joined('seed', DEFAULT_DIRECTORY, resources.map(seedOf))
  const merchants = world.merchants.map((merchant, index) => (index === 0 ? { ...merchant, ...credentials } : merchant))
  return { ...world, merchants }
}

function endpointsOf(simulators: readonly Simulator[], context: MerchantContext): readonly Endpoint[] {
  const ofTokens = tokenEndpoints(context.tokens)
  const ofResources = simulators.map(({ routes }) => routes.map((route) => merchantEndpoint(context, route)))
  joined('operation', { any: null, unknown: null, ...byOperation(ofTokens) }, ofResources.map(byOperation))
  return [...ofTokens, ...ofResources.flat()]
}

function byOperation(endpoints: readonly Endpoint[]): object {
  return Object.fromEntries(endpoints.map((endpoint) => [endpoint.operation, endpoint]))
}

function serviceOf(endpoints: readonly Endpoint[], signal: AbortSignal): Service {
  const operations = [...new Set(endpoints.map(({ operation }) => operation)), 'unknown']
  const idNames = [...new Set(endpoints.flatMap(idNamesOf))]
  const faults = new Faults(operations, idNames)
  return { endpoints, idNames, faults, log: new RequestLog(), hooks: new Set(), signal }
}

function merchantsOf({ merchants, accounts }: Directory): Pick<Sandbox, 'credentials' | 'accounts' | 'merchants'> {
  const withAccounts = merchants.map((merchant) => ({
    ...merchant,
    accounts: accounts.filter((account) => account.merchant === merchant.name),
  }))
  const [main] = withAccounts
  if (main === undefined) throw new Error('A sandbox needs at least one merchant')
  const { apiKey, clientId, clientSecret } = main
  return { credentials: { apiKey, clientId, clientSecret }, accounts: main.accounts, merchants: withAccounts }
}

/** Adds the members of `others` to `first`. @throws Error when a name is taken already */
function joined<First extends object>(kind: string, first: First, others: readonly (object | undefined)[]): First {
  const all = new Map<string, unknown>(Object.entries(first))
  for (const [name, member] of others.flatMap((other) => Object.entries(other ?? {}))) {
    if (all.has(name)) throw new Error(`The ${kind} ${name} is taken by another resource or the engine`)
    all.set(name, member)
  }
  return Object.fromEntries(all) as First
}
