import fc from 'fast-check'
import { getOperationAST, parse, validate } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { createCostOf, type OperationCost } from '../../src/admission/operation-cost.js'
import { buildServedSchema, servedPricing } from '../../src/graphql/schema/served-schema.js'
import { resources } from '../../src/resources/index.js'
import { gatewayOfFile } from '../support/gateway.js'
import { type GeneratedOperation, OperationWriter, type Stock } from '../support/operations.js'

const schema = buildServedSchema(resources)
const pricing = servedPricing(resources)

// High limits let every operation run: the test is that the figure compared with them is never too low.
const METADATA_BYTES = 2_000
const gateway = gatewayOfFile({
  env: {
    MAX_UPSTREAM_CALLS: '100000',
    MAX_ANSWER_BYTES: '1000000000',
    MAX_METADATA_BYTES: String(METADATA_BYTES),
  },
})

/** More expensive operations would only take time. */
const COST_RUN_MAX = 600
const ANSWER_BYTES_RUN_MAX = 4_000_000

/** `{"errors":[],"data":{}}` and a newline. */
const ENVELOPE_BYTES = 24

describe('the static cost', () => {
  beforeAll(() => fillLinks())

  it('the static cost is never below the calls and bytes that a query causes', () =>
    holds(120, (writer) => writer.query()))

  it('the static cost is never below the calls and bytes that a mutation causes', () =>
    holds(40, (writer) => writer.mutation()))

  it.each([
    ['every third row', 3, { created_at: 'never' }],
    ['every nullable field', 1, NOTHING_READABLE],
  ])('the static cost is never below the bytes of a response where %s cannot be read', async (_, nth, set) => {
    const links = everyLink().filter((_, index) => index % nth === 0)
    for (const { accountId, id } of links) gateway.sandbox.setLinkRaw(accountId, id, { set })
    try {
      await holdsInBytes(60, (writer) => writer.query())
    } finally {
      fillLinks()
    }
  })

  it('the static cost is never below the bytes of a response where every reference has the longest possible error', async () => {
    const variables = { of: Array.from({ length: 1_000 }, () => ({ __typename: '\u0001'.repeat(60) })) }
    const query = 'query ($of: [_Any!]!) { wrong: _entities(representations: $of) { __typename } }'
    const { errors, text } = await gateway.request(query, variables)
    expect(errors?.length).toBe(1_000)
    expect(costOf({ query, variables }).responseBytes).toBeGreaterThanOrEqual(Buffer.byteLength(text) - ENVELOPE_BYTES)
  })

  it.each([
    ['instants', 'paymentDate expiredAt'],
    ['instants under many names', manyTimes('paymentDate')],
    ['titles under many names', manyTimes('title')],
    ['addresses under many names', manyTimes('paymentUrl')],
    ['lists and maps', 'items { name } whitelistedPaymentMethod optionalMetadata'],
    ['all of an account', 'account { name email phone status }'],
  ])(
    'the static cost is never below the bytes of a response that selects only %s, none of which can be read',
    async (_, fields) => {
      const query = `{ paymentLinks(accountId: "${everyLink()[0]?.accountId}", first: 100) { nodes { ${fields} } } }`
      for (const { accountId, id } of everyLink()) gateway.sandbox.setLinkRaw(accountId, id, { set: NOTHING_READABLE })
      try {
        const { errors, text } = await gateway.request(query)
        expect(errors?.length).toBeGreaterThanOrEqual(100)
        expect(costOf({ query, variables: {} }).responseBytes).toBeGreaterThanOrEqual(
          Buffer.byteLength(text) - ENVELOPE_BYTES,
        )
      } finally {
        fillLinks()
      }
    },
  )

  it('the static cost covers the pages and single reads that keys of missing links take', async () => {
    const [account] = gateway.sandbox.accounts
    const keys = Array.from({ length: 15 }, (_, index) => ({ accountId: account?.id, id: String(900_000_000 + index) }))
    const query = 'query Missing($keys: [PaymentLinkKey!]!) { paymentLinksByKeys(keys: $keys) { id } }'
    gateway.sandbox.log.clear()
    await gateway.request(query, { keys })
    const calls = gateway.sandbox.log.count() - gateway.sandbox.log.count('token')
    expect(calls).toBeGreaterThan(keys.length)
    expect(costOf({ query, variables: { keys } }).upstreamCalls).toBeGreaterThanOrEqual(calls)
  })

  it('the static cost is never below the calls of a walk whose rows move past its cursor', async () => {
    const [account] = gateway.sandbox.accounts
    const cursors = await cursorsOf(account?.id ?? '')
    for (const removed of gateway.sandbox.linksOf(account?.id ?? '').slice(0, 60)) {
      gateway.sandbox.deleteLink(removed.accountId, removed.id)
    }
    await holds(60, (writer) => writer.query(), cursors)
  })
})

function manyTimes(field: string): string {
  return Array.from({ length: 40 }, (_, index) => `again${index}: ${field}`).join(' ')
}

const NOTHING_READABLE = {
  title: [],
  payment_url: {},
  expired_at: 'never',
  items: 7,
  whitelisted_payment_method: 7,
  redirect_url: {},
  optional_metadata: 7,
  payment_date: 'never',
  account: 'none',
}

type Write = (writer: OperationWriter) => GeneratedOperation

async function holds(runs: number, write: Write, cursors?: Stock['cursors']): Promise<void> {
  await forEach({ runs, write, cursors }, ({ cost, calls, bytes }) => {
    const isEnough = { calls: calls <= cost.upstreamCalls, bytes: bytes <= cost.responseBytes }
    expect({ cost, calls, bytes, isEnough }).toMatchObject({ isEnough: { calls: true, bytes: true } })
  })
}

async function holdsInBytes(runs: number, write: Write): Promise<void> {
  await forEach({ runs, write, cursors: undefined }, ({ cost, bytes }) => {
    expect({ cost, bytes, isEnough: bytes <= cost.responseBytes }).toMatchObject({ isEnough: true })
  })
}

interface Runs {
  readonly runs: number
  readonly write: Write
  readonly cursors: Stock['cursors'] | undefined
}

interface Caused {
  readonly cost: OperationCost
  readonly calls: number
  readonly bytes: number
}

async function forEach({ runs, write, cursors }: Runs, check: (caused: Caused) => void): Promise<void> {
  const stock = await stockOf(cursors)
  const property = fc.asyncProperty(fc.gen(), async (choose) => {
    const operation = write(new OperationWriter(choose, stock))
    const cost = costOf(operation)
    fc.pre(cost.upstreamCalls <= COST_RUN_MAX && cost.responseBytes <= ANSWER_BYTES_RUN_MAX)
    gateway.sandbox.log.clear()
    const { data, text } = await gateway.request(operation.query, operation.variables)
    expect(data).not.toBeNull()
    expect(data).toBeDefined()
    const { log } = gateway.sandbox
    check({ cost, calls: log.count() - log.count('token'), bytes: Buffer.byteLength(text) - ENVELOPE_BYTES })
  })
  await fc.assert(property, { numRuns: runs, seed: 20_261_121, interruptAfterTimeLimit: 15_000 })
}

function costOf({ query, variables }: GeneratedOperation): OperationCost {
  const document = parse(query)
  expect(validate(schema, document)).toEqual([])
  const operation = getOperationAST(document)
  if (!operation) throw new Error('expected an operation')
  return createCostOf({ document, schema, pricing, jsonBytes: METADATA_BYTES })(operation, variables)
}

/** Fills links to their maximum: what one `PUT` can write, and the documented maximum of the rest. */
function fillLinks(): void {
  const optional_metadata = { filling: 'x'.repeat(METADATA_BYTES - '{"filling":""}'.length) }
  const set = { optional_metadata, title: 't'.repeat(255), redirect_url: `https://a.example/${'u'.repeat(2_030)}` }
  for (const { accountId, id } of everyLink()) gateway.sandbox.setLinkRaw(accountId, id, { set })
}

function everyLink() {
  return gateway.sandbox.accounts.flatMap(({ id }) => gateway.sandbox.linksOf(id))
}

async function stockOf(cursors?: Stock['cursors']): Promise<Stock> {
  const accountIds = gateway.sandbox.accounts.map(({ id }) => id)
  const keys = accountIds.flatMap((accountId) => {
    const ids = gateway.sandbox.linksOf(accountId).map((link) => String(link.id))
    const wanted = ids.filter((_, index) => index % 6 === 0)
    // Ids that no account has are what costs a batch most.
    return [...wanted, '999999001', '999999002', '999999003'].map((id) => ({ accountId, id }))
  })
  return { accountIds, keys, cursors: cursors ?? (await cursorsOf(accountIds[0] ?? '')) }
}

async function cursorsOf(accountId: string): Promise<Stock['cursors']> {
  const { data } = await gateway.request<{ paymentLinks: { edges: { cursor: string }[] } }, unknown>(
    `{ paymentLinks(accountId: "${accountId}", first: 100) { edges { cursor } } }`,
  )
  const edges = data?.paymentLinks.edges ?? []
  return edges.filter((_, index) => index % 9 === 0).map(({ cursor }) => ({ accountId, cursor }))
}
