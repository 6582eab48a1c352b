import fc from 'fast-check'
import { getOperationAST, parse, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { createCostCompiler } from '../../src/execution/cost.js'
import { buildServedSchema, servedCosts } from '../../src/graphql/served-schema.js'
import { resources } from '../../src/resources/index.js'
import { gatewayOfFile } from '../support/gateway.js'
import { type GeneratedOperation, OperationWriter, type Stock } from '../support/operations.js'

const schema = buildServedSchema(resources)
const costs = servedCosts(resources)

// The limit itself is out of the way: what is shown is that the figure it is held against is never too low.
const gateway = gatewayOfFile({ env: { MAX_UPSTREAM_CALLS: '100000' } })

/** Beyond this an operation only takes time. */
const COST_RUN_MAX = 600

describe('the static cost', () => {
  it('is never below the calls that a query causes', () => holds(120, (writer) => writer.query()))

  it('is never below the calls that a mutation causes', () => holds(40, (writer) => writer.mutation()))

  it('counts that keys of links that do not exist cost pages and single reads', async () => {
    const [account] = gateway.sandbox.accounts
    const keys = Array.from({ length: 40 }, (_, index) => ({ accountId: account?.id, id: String(900_000_000 + index) }))
    const query = 'query Missing($keys: [PaymentLinkKey!]!) { paymentLinksByKeys(keys: $keys) { id } }'
    gateway.sandbox.log.clear()
    await gateway.ask(query, { keys })
    const calls = gateway.sandbox.log.count() - gateway.sandbox.log.count('token')
    expect(calls).toBeGreaterThan(keys.length)
    expect(costOf({ query, variables: { keys } })).toBeGreaterThanOrEqual(calls)
  })

  it('is never below the calls of a walk whose rows move under its cursor', async () => {
    const [account] = gateway.sandbox.accounts
    const cursors = await cursorsOf(account?.id ?? '')
    for (const removed of gateway.sandbox.linksOf(account?.id ?? '').slice(0, 60)) {
      gateway.sandbox.deleteLink(removed.accountId, removed.id)
    }
    await holds(60, (writer) => writer.query(), cursors)
  })
})

async function holds(
  runs: number,
  write: (writer: OperationWriter) => GeneratedOperation,
  cursors?: Stock['cursors'],
): Promise<void> {
  const stock = await stockOf(cursors)
  const property = fc.asyncProperty(fc.gen(), async (choose) => {
    const operation = write(new OperationWriter(choose, stock))
    const cost = costOf(operation)
    fc.pre(cost <= COST_RUN_MAX)
    gateway.sandbox.log.clear()
    const { data } = await gateway.ask(operation.query, operation.variables)
    expect(data).not.toBeNull()
    expect(data).toBeDefined()
    const { log } = gateway.sandbox
    const calls = log.count() - log.count('token')
    expect({ cost, calls, isEnough: calls <= cost }).toMatchObject({ isEnough: true })
  })
  await fc.assert(property, { numRuns: runs, seed: 20_261_121, interruptAfterTimeLimit: 15_000 })
}

function costOf({ query, variables }: GeneratedOperation): number {
  const document = parse(query)
  expect(validate(schema, document)).toEqual([])
  const operation = getOperationAST(document)
  if (!operation) throw new Error('the document has no operation')
  return createCostCompiler({ document, schema, costs, jsonBytes: 16_384 }).operation(operation)(variables).upstreamCalls
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
  const { data } = await gateway.ask<{ paymentLinks: { edges: { cursor: string }[] } }, unknown>(
    `{ paymentLinks(accountId: "${accountId}", first: 100) { edges { cursor } } }`,
  )
  const edges = data?.paymentLinks.edges ?? []
  return edges.filter((_, index) => index % 9 === 0).map(({ cursor }) => ({ accountId, cursor }))
}
