import { isDeepStrictEqual } from 'node:util'
import { extendSchema, type GraphQLFieldResolver, type GraphQLSchema, graphql, isObjectType, parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildServedSchema } from '../../src/graphql/schema/served-schema.js'
import { AppScope, RequestScope, type Services } from '../../src/graphql/scope.js'
import { createBackground } from '../../src/kernel/background.js'
import { systemClock } from '../../src/kernel/clock.js'
import { createDeadline, type OwnedDeadline } from '../../src/kernel/deadline.js'
import { GatewayError } from '../../src/kernel/errors.js'
import { grantsOf } from '../../src/kernel/grants.js'
import { anonymousPrincipal, merchantPrincipal, type Principal } from '../../src/kernel/principal.js'
import { resources } from '../../src/resources/index.js'
import { createLogger } from '../../src/telemetry/logger.js'
import { createUpstream, type Upstream } from '../../src/upstream/send.js'
import { startTestGateway, type TestGateway } from '../support/gateway.js'
import { recordResolverCalls } from '../support/resolver-calls.js'
import { SAMPLE_ACCOUNT, SAMPLES, sampleOperations } from '../support/sample-operations.js'

/*
 * Every resolver is called for the merchant, who may see everything, so that all caches are full. Then each of those calls is
 * made again for a caller without the grant. It must be refused, or give what its parent object already holds: the same value
 * as in a process that has never read anything.
 */
const OTHER_ACCOUNT = '01K7P073Q8RE2A9PQT8Q7MXPN4'

const deadlines: OwnedDeadline[] = []
let gateway: TestGateway
let upstream: Upstream
let app: AppScope
/** Has no cache and no upstream. */
let emptyApp: AppScope

beforeAll(async () => {
  gateway = await startTestGateway()
  upstream = createUpstream({
    baseUrl: gateway.sandbox.url,
    credentials: gateway.sandbox.credentials,
    tokenVersion: '1.1',
    attemptTimeoutMs: 2_000,
    maxConcurrency: 64,
    cacheTtlMs: 600_000,
    clock: systemClock,
    logger: createLogger('silent'),
  })
  const services: Services = {
    send: upstream.send,
    findCached: upstream.findCached,
    clock: systemClock,
    logger: createLogger('silent'),
    limits: {
      upstreamTimeoutMs: 2_000,
      requestTimeoutMs: 5_000,
      maxKeys: 100,
      maxUpstreamCalls: 1_000,
      maxMetadataBytes: 1_000,
    },
    background: createBackground(),
  }
  app = new AppScope(services)
  emptyApp = new AppScope({
    ...services,
    findCached: undefined,
    send: () => Promise.reject(new Error('There is no upstream.')),
  })
})
afterAll(async () => {
  for (const deadline of deadlines) deadline.release()
  await upstream.stop()
  await gateway.stop()
})

function scopeOf(principal: Principal, process = app): RequestScope {
  const deadline = createDeadline(systemClock, 5_000)
  deadlines.push(deadline)
  return new RequestScope(process, principal, 'request-1', deadline)
}

interface Stranger {
  readonly who: string
  readonly principal: Principal
  readonly code: 'FORBIDDEN' | 'UNAUTHENTICATED'
}

const STRANGER: Stranger = {
  who: 'may do everything with another account',
  principal: { ...merchantPrincipal, grants: { accounts: new Set([OTHER_ACCOUNT]), scopes: '*' } },
  code: 'FORBIDDEN',
}
const STRANGERS: readonly Stranger[] = [
  STRANGER,
  {
    who: 'may do nothing with every account',
    principal: { ...merchantPrincipal, grants: grantsOf([], '*') },
    code: 'FORBIDDEN',
  },
  { who: 'is anonymous', principal: anonymousPrincipal, code: 'UNAUTHENTICATED' },
]

/** What is wrong with each call that gives a stranger more than it may. Empty when nothing is. */
async function leaksIn(schema: GraphQLSchema, { principal, code }: Omit<Stranger, 'who'>): Promise<string[]> {
  const { calls, unreached } = await recordResolverCalls(schema, () => scopeOf(merchantPrincipal))
  const leaks = unreached.map((field) => `${field}: no operation reaches it`)
  for (const { field, isRoot, repeat } of calls) {
    const callsBefore = gateway.sandbox.log.count()
    const outcome = await repeat(scopeOf(principal))
    if (gateway.sandbox.log.count() > callsBefore) leaks.push(`${field}: calls the upstream`)
    const codes = refusalsIn(outcome)
    leaks.push(...codes.filter((said) => said !== code).map((said) => `${field}: is refused with ${said}`))
    if (codes.length > 0) continue
    if (isRoot) leaks.push(`${field}: is not refused`)
    else if (!isDeepStrictEqual(outcome, await repeat(scopeOf(principal, emptyApp)))) {
      leaks.push(`${field}: gives more than its parent holds`)
    }
  }
  return [...new Set(leaks)]
}

/** The codes of what is refused as a whole: an error, or a list with nothing but errors. */
function refusalsIn(outcome: unknown): string[] {
  const errors = Array.isArray(outcome) ? outcome : [outcome]
  if (!errors.every((error) => error instanceof Error)) return []
  return errors.map((error) => (error instanceof GatewayError ? error.code : String(error)))
}

describe('a way to the data of an account', () => {
  it('is open to a caller with the grant, through every root field', async () => {
    const schema = buildServedSchema(resources)
    for (const { text } of sampleOperations(schema)) {
      const { data, errors } = await graphql({ schema, source: text, contextValue: scopeOf(merchantPrincipal) })
      expect([text, errors]).toEqual([text, undefined])
      expect(Object.values(data ?? {})).toEqual([expect.anything()])
    }
    expect(gateway.sandbox.log.count()).toBeGreaterThan(0)
  })

  it.each(STRANGERS)('is closed to a caller who $who, whatever is cached', async (stranger) => {
    expect(await leaksIn(buildServedSchema(resources), stranger)).toEqual([])
  })

  it('is made from samples of types that the schema has', () => {
    const schema = buildServedSchema(resources)
    const names = [...Object.keys(SAMPLES.ids), ...Object.keys(SAMPLES.inputs)]
    expect(names.filter((name) => schema.getType(name) === undefined)).toEqual([])
  })
})

describe('the search for leaks', () => {
  const bypassing: GraphQLFieldResolver<{ id?: string }, RequestScope> = async (_source, _arguments, scope) => {
    const path = ['v1.0', 'payment-link-manage', 'payment-methods']
    const request = { operation: 'hole', method: 'GET', path, tags: [], freshness: 'fresh' } as const
    const context = { principal: scope.principal, requestId: 'hole', deadline: scope.deadline }
    await scope.services.send({ ...request, requires: { kind: 'public' }, parse: () => undefined }, context)
    return { id: SAMPLE_ACCOUNT }
  }
  const giving = (value: unknown) => () => value
  /** Of the process, not of the request. */
  const memory = (process: AppScope) => (process === app ? [{ id: SAMPLE_ACCOUNT }] : [])

  const HOLES: readonly (readonly [string, string, GraphQLFieldResolver<never, RequestScope>, readonly string[]])[] = [
    [
      'a query that calls the upstream without a check',
      'extend type Query { hole: Account }',
      bypassing,
      ['Query.hole: calls the upstream', 'Query.hole: is not refused'],
    ],
    [
      'a query that gives objects',
      'extend type Query { hole: [PaymentLink] }',
      giving([{ id: '7' }]),
      ['Query.hole: is not refused'],
    ],
    ['a query that gives a number', 'extend type Query { hole: Int }', giving(7), ['Query.hole: is not refused']],
    [
      'a query that gives an empty list',
      'extend type Query { hole: [Account] }',
      giving([]),
      ['Query.hole: is not refused'],
    ],
    ['a mutation', 'extend type Mutation { hole: Boolean }', giving(true), ['Mutation.hole: is not refused']],
    [
      'a field of an account that calls the upstream without a check',
      'extend type Account { hole: String }',
      bypassing,
      ['Account.hole: calls the upstream', 'Account.hole: gives more than its parent holds'],
    ],
    [
      'a field of a link that gives what the process remembers',
      'extend type PaymentLink { hole: [Account] }',
      (_source, _args, scope) => scope.app.get(memory),
      ['PaymentLink.hole: gives more than its parent holds'],
    ],
    [
      'a field that no operation reaches',
      'extend type Query { deep: A } type A { b: B } type B { c: C } type C { d: D } type D { hole: Int }',
      giving(7),
      ['D.hole: no operation reaches it'],
    ],
  ]

  it.each(HOLES)('finds %s', async (_what, sdl, resolve, expected) => {
    const planted = withHole(sdl, resolve)
    const leaks = await leaksIn(planted, STRANGER)
    expect(leaks).toEqual(expected)
  })

  it('says what to add for an argument that has no sample', async () => {
    const planted = withHole('extend type Query { hole(id: ID!): Hole } type Hole { id: ID }', giving(null))
    await expect(leaksIn(planted, STRANGER)).rejects.toThrow(
      'Query.hole(id:) has no sample: add Hole to SAMPLES.ids in test/support/sample-operations.ts.',
    )
  })

  it('finds every root field and every nested read open to the merchant', async () => {
    const schema = buildServedSchema(resources)
    const leaks = await leaksIn(schema, { principal: merchantPrincipal, code: 'FORBIDDEN' })
    for (const { field } of sampleOperations(schema)) expect(leaks).toContain(`${field}: is not refused`)
    // Everything it reads is cached.
    expect(leaks.filter((leak) => /^Query.*calls the upstream/.test(leak))).toEqual([])
    for (const name of ['paymentLinks', 'name'])
      expect(leaks).toContain(`Account.${name}: gives more than its parent holds`)
  })
})

function withHole(sdl: string, resolve: GraphQLFieldResolver<never, RequestScope>): GraphQLSchema {
  const planted = extendSchema(buildServedSchema(resources), parse(sdl))
  for (const type of Object.values(planted.getTypeMap()).filter(isObjectType)) {
    const field = type.getFields()['hole']
    if (field !== undefined) field.resolve = resolve as GraphQLFieldResolver<unknown, unknown>
  }
  return planted
}
