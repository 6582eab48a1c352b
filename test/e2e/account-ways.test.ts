import { extendSchema, type GraphQLFieldResolver, graphql, isObjectType, parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildServedSchema } from '../../src/graphql/schema/served-schema.js'
import { AppScope, RequestScope } from '../../src/graphql/scope.js'
import { createBackground } from '../../src/kernel/background.js'
import { systemClock } from '../../src/kernel/clock.js'
import { createDeadline, type OwnedDeadline } from '../../src/kernel/deadline.js'
import { grantsOf } from '../../src/kernel/grants.js'
import { anonymousPrincipal, merchantPrincipal, type Principal } from '../../src/kernel/principal.js'
import { resources } from '../../src/resources/index.js'
import { createLogger } from '../../src/telemetry/logger.js'
import { ACCOUNT_WALKED, ARGUMENTS, documentsOfEverything, findOpenWays } from '../support/account-ways.js'
import { gate, success, type TestUpstream, withUpstream } from '../support/with-upstream.js'

const BOTH = ['payment-links:read', 'payment-links:write']
const OTHER_ACCOUNT = '01K7P073Q8RE2A9PQT8Q7MXPN4'

const schema = buildServedSchema(resources)
const deadlines: OwnedDeadline[] = []
let upstream: TestUpstream
let app: AppScope
const over = gate()
let running: Promise<void>

beforeAll(async () => {
  const ready = gate()
  running = withUpstream({ answer: answerCanaries }, async (started) => {
    upstream = started
    const { send, findCached } = started.client({ cacheTtlMs: 600_000 })
    const limits = {
      upstreamTimeoutMs: 2_000,
      requestTimeoutMs: 5_000,
      maxKeys: 100,
      maxUpstreamCalls: 1_000,
      maxMetadataBytes: 1_000,
    }
    const logger = createLogger('silent')
    app = new AppScope({ send, findCached, clock: systemClock, logger, limits, background: createBackground() })
    ready.open()
    await over.opened
  })
  await ready.opened
})
afterAll(async () => {
  for (const deadline of deadlines) deadline.release()
  over.open()
  await running
})

/** Rows of whatever account is asked for; every text says where it comes from. */
const answerCanaries: Parameters<typeof withUpstream>[0]['answer'] = ({ path }, response) => {
  if (path.endsWith('/payment-methods')) return success(response, { available_codes: ['QRIS'] })
  const row = {
    ...LINK_ROW,
    account: { id: 1, name: 'canary', email: 'canary@a.example', phone: '1', status: 'active' },
  }
  success(response, path.includes('?') ? [row] : row)
}

const LINK_ROW = {
  id: 12345,
  reff_no: 'canary',
  title: 'canary',
  payment_url: 'https://canary.example/',
  status: 'closed',
  status_computed: 'closed',
  is_expired: false,
  required_customer_detail: false,
  max_usage: 50,
  current_usage: 3,
  expired_at: null,
  total_amount: '777.00',
  items: [{ name: 'canary', quantity: 7, unit_price: '111', subtotal: '777' }],
  whitelisted_payment_method: ['QRIS'],
  redirect_url: 'https://canary.example/',
  optional_metadata: { canary: 'canary' },
  payment_date: '2026-05-08T14:30:00+07:00',
  created_at: '2026-05-08T14:30:00+07:00',
  updated_at: '2026-05-08T14:30:00+07:00',
}

function scopeOf(principal: Principal): RequestScope {
  const deadline = createDeadline(systemClock, 5_000)
  deadlines.push(deadline)
  return new RequestScope(app, principal, 'request-1', deadline)
}

const strangers: readonly (readonly [string, Principal, 'FORBIDDEN' | 'UNAUTHENTICATED'])[] = [
  ['may do all with another account', { ...merchantPrincipal, grants: grantsOf(BOTH, [OTHER_ACCOUNT]) }, 'FORBIDDEN'],
  ['may do nothing with every account', { ...merchantPrincipal, grants: grantsOf([], '*') }, 'FORBIDDEN'],
  ['is nobody', anonymousPrincipal, 'UNAUTHENTICATED'],
]

const walkFor = (principal: Principal, code: 'FORBIDDEN' | 'UNAUTHENTICATED') => ({
  schema,
  code,
  openScope: () => scopeOf(principal),
  upstreamCalls: () => upstream.calls.length,
})

describe('every way to an account', () => {
  it('answers to who may take it', async () => {
    for (const source of documentsOfEverything(schema)) {
      const { data, errors } = await graphql({ schema, source, contextValue: scopeOf(merchantPrincipal) })
      expect([source, errors]).toEqual([source, undefined])
      expect(JSON.stringify(data)).toContain('canary')
    }
    expect(upstream.calls.length).toBeGreaterThan(0)
  })

  // What they ask for was read just now by somebody who may, and is in every cache.
  it.each(strangers)('is closed to who %s', async (_, principal, code) => {
    expect(await findOpenWays(walkFor(principal, code))).toEqual([])
  })
})

describe('the walk', () => {
  const bypassing: GraphQLFieldResolver<{ id?: string }, RequestScope> = async (_source, _arguments, scope) => {
    const request = { operation: 'hole', method: 'GET', path: ['v1.0', 'hole'], tags: [], freshness: 'fresh' } as const
    const context = { principal: scope.principal, requestId: 'hole', deadline: scope.deadline }
    await scope.services.send({ ...request, requires: { kind: 'public' }, parse: () => undefined }, context)
    return { id: ACCOUNT_WALKED }
  }
  const remembering = (value: unknown) => () => value
  const [, stranger] = strangers[0] ?? []

  const holes: readonly (readonly [string, string, GraphQLFieldResolver<never, RequestScope>, readonly string[]])[] = [
    [
      'that asks the upstream past the scope',
      'extend type Query { hole: Account }',
      bypassing,
      ['Query.hole: asks the upstream', 'Query.hole: answers without a refusal', 'Query.hole: answers data'],
    ],
    [
      'that gives what the process remembers',
      'extend type Query { hole: [PaymentLink] }',
      remembering([{ id: '7' }]),
      ['Query.hole: answers without a refusal', 'Query.hole: answers data'],
    ],
    [
      'that tells a figure',
      'extend type Query { hole: Int }',
      remembering(7),
      ['Query.hole: answers without a refusal', 'Query.hole: answers data'],
    ],
    [
      'that says that nothing is there',
      'extend type Query { hole: [Account] }',
      remembering([]),
      ['Query.hole: answers without a refusal', 'Query.hole: answers data'],
    ],
    [
      'that it knows no arguments for',
      'extend type Query { hole(of: ID!): Account }',
      remembering(null),
      ['Query.hole: the walk has no arguments for it'],
    ],
    [
      'of a mutation',
      'extend type Mutation { hole: Boolean }',
      remembering(true),
      ['Mutation.hole: answers without a refusal', 'Mutation.hole: answers data'],
    ],
    [
      'below an account, past the scope',
      'extend type Account { hole: String }',
      async (source, args, scope, info) => {
        await bypassing(source, args, scope, info)
        return 'canary'
      },
      ['Account.hole: asks the upstream', 'Account.hole answers data'],
    ],
    [
      'below a link, from memory',
      'extend type PaymentLink { hole: [Account] }',
      remembering([{ id: OTHER_ACCOUNT }]),
      ['PaymentLink.hole.0.id answers data'],
    ],
  ]
  it.each(holes)('finds a way %s', async (_, sdl, resolve, expected) => {
    if (stranger === undefined) throw new Error('there is no stranger')
    const planted = extendSchema(schema, parse(sdl))
    for (const type of Object.values(planted.getTypeMap()).filter(isObjectType)) {
      const field = type.getFields()['hole']
      if (field !== undefined) field.resolve = resolve as GraphQLFieldResolver<unknown, unknown>
    }
    const findings = await findOpenWays({ ...walkFor(stranger, 'FORBIDDEN'), schema: planted })
    expect(findings).toEqual(expect.arrayContaining([...expected]))
  })

  it('finds every way open to who may take them all', async () => {
    const findings = await findOpenWays(walkFor(merchantPrincipal, 'FORBIDDEN'))
    for (const name of Object.keys(ARGUMENTS)) expect(findings).toContain(`${name}: answers data`)
    expect(findings.some((finding) => finding.startsWith('Account.paymentLinks.'))).toBe(true)
    expect(findings.some((finding) => finding.startsWith('Account.name '))).toBe(true)
  })

  it('keeps no arguments for a field that is gone', () => {
    for (const name of Object.keys(ARGUMENTS)) {
      const [typeName = '', fieldName = ''] = name.split('.')
      const type = schema.getType(typeName)
      expect(isObjectType(type) && Object.hasOwn(type.getFields(), fieldName), name).toBe(true)
    }
  })
})
