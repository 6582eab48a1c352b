import type { ServerResponse } from 'node:http'
import { type GraphQLSchema, graphql } from 'graphql'
import { buildGatewaySchema } from '../../../src/graphql/schema/build-schema.js'
import { AppScope, RequestScope, type Services } from '../../../src/graphql/scope.js'
import { createBackground, type TrackedBackground } from '../../../src/kernel/background.js'
import { createDeadline, type OwnedDeadline } from '../../../src/kernel/deadline.js'
import { merchantPrincipal, type Principal } from '../../../src/kernel/principal.js'
import { json, MovedClock, type SeenCall, success, withUpstream } from '../../support/with-upstream.js'
import { ThermostatResolver } from './thermostat.js'

const schema: GraphQLSchema = buildGatewaySchema([{ name: 'thermostat', resolvers: [ThermostatResolver], costs: {} }])

export const BUDGET_MS = 10_000

type Row = Readonly<Record<string, unknown>>
export type Respond = (response: ServerResponse) => void | Promise<void>

export interface House {
  readonly calls: readonly SeenCall[]
  readonly audit: readonly Row[]
  readonly background: TrackedBackground
  readonly clock: MovedClock
  /** What the upstream stores for the zone. */
  row: Row
  /** Responds to a PUT; stores its body and shows it when left out. */
  put?: Respond
  /** Responds to a GET; shows the row when left out. */
  get?: Respond
  /** A request of one caller; `deadline` ends its time. */
  open(principal?: Principal, budgetMs?: number): RequestScope & { readonly deadline: OwnedDeadline }
  set(changes: Row, scope?: RequestScope): Promise<Outcome>
}

interface Outcome {
  readonly thermostat?: Row | null
  /** Code and field of each user error. */
  readonly userErrors?: readonly (readonly [string, readonly string[] | null])[]
  /** The code of the request's error. */
  readonly error?: unknown
}

const MUTATION = `mutation ($input: SetThermostatInput!) {
  setThermostat(input: $input) { thermostat { celsius isLocked } userErrors { code field message } }
}`

/** Runs a test over an upstream with one thermostat, in the zone `hall`. */
export async function withHouse(run: (house: House) => Promise<void>): Promise<void> {
  let house: House | undefined
  const answer = async (call: SeenCall, response: ServerResponse): Promise<void> => {
    if (house === undefined) throw new Error('no house yet')
    if (!call.path.endsWith('/hall')) return json(response, 404, { success: false, error: { code: 404 } })
    if (call.method === 'GET') return house.get ? house.get(response) : success(response, house.row)
    if (house.put) return house.put(response)
    house.row = { ...house.row, ...JSON.parse(call.body) }
    return success(response, house.row)
  }
  await withUpstream({ answer }, async ({ calls, client }) => {
    const clock = new MovedClock()
    const background = createBackground()
    const audit: Row[] = []
    const { send } = client()
    const ignore = (): void => {}
    const logger = {
      debug: ignore,
      info: (fields: object) => void audit.push({ ...fields }),
      warn: ignore,
      error: ignore,
    }
    const limits = {
      upstreamTimeoutMs: 2000,
      requestTimeoutMs: BUDGET_MS,
      maxKeys: 1,
      maxUpstreamCalls: 10,
      maxMetadataBytes: 1,
    }
    const services: Services = { send, clock, logger, background, limits }
    const app = new AppScope(services)
    const deadlines: OwnedDeadline[] = []
    house = {
      calls,
      audit,
      background,
      clock,
      row: { degrees: 18, locked: false, window_open: false },
      open(principal = merchantPrincipal, budgetMs = BUDGET_MS) {
        const deadline = createDeadline(clock, budgetMs)
        deadlines.push(deadline)
        return Object.assign(new RequestScope(app, principal, 'request-1', deadline), { deadline })
      },
      set: (changes, scope) => setThermostat(changes, scope ?? house?.open()),
    }
    try {
      await run(house)
      await background.settled()
    } finally {
      for (const deadline of deadlines) deadline.release()
    }
  })
}

async function setThermostat(changes: Row, contextValue: unknown): Promise<Outcome> {
  const variableValues = { input: { accountId: 'A', zone: 'hall', ...changes } }
  const { data, errors } = await graphql({ schema, source: MUTATION, variableValues, contextValue })
  if (errors) return { error: (errors[0]?.originalError as { code?: unknown } | undefined)?.code ?? errors[0]?.message }
  const payload = (
    data as { setThermostat: { thermostat: Row | null; userErrors: { code: string; field: string[] }[] } }
  ).setThermostat
  return { thermostat: payload.thermostat, userErrors: payload.userErrors.map(({ code, field }) => [code, field]) }
}
