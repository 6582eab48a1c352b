import 'reflect-metadata'
import fc from 'fast-check'
import { execute, parse } from 'graphql'
import { Arg, Args, Ctx, Field, ID, ObjectType, Query, Resolver } from 'type-graphql'
import { describe, expect, it } from 'vitest'
import { connectionCost } from '../../../src/graphql/connection/connection.cost.js'
import { type Connection, readConnection } from '../../../src/graphql/connection/connection.js'
import { ConnectionArgs, connectionType } from '../../../src/graphql/connection/connection.type.js'
import { listName, type PagedList, paginators } from '../../../src/graphql/connection/list.js'
import type { PageRequest, PageResponse, Row } from '../../../src/graphql/connection/paginator/page.js'
import { buildGatewaySchema, printGatewaySchema, type Resource } from '../../../src/graphql/schema/build-schema.js'
import { AppScope, RequestScope, type Services } from '../../../src/graphql/scope.js'
import { systemClock } from '../../../src/kernel/clock.js'
import { createDeadline } from '../../../src/kernel/deadline.js'
import { merchantPrincipal } from '../../../src/kernel/principal.js'

// What a resource with filters and ULIDs has to write; reading is generic. First its upstream, in memory.

interface Refund {
  readonly id: string
  readonly status: 'OPEN' | 'DONE'
}

class RefundStore {
  calls = 0
  refunds: Refund[] = []

  list(status: string | null, { number, size }: PageRequest): PageResponse<Refund> {
    this.calls += 1
    const all = this.refunds.filter((refund) => status === null || refund.status === status)
    const rows = all.slice((number - 1) * size, number * size).map((node) => ({ id: node.id, node }))
    const totalPages = Math.max(1, Math.ceil(all.length / size))
    return { rows, pagination: { total: all.length, perPage: size, currentPage: number, totalPages } }
  }
}

@ObjectType('Refund', { description: 'Money given back.', simpleResolvers: true })
class RefundType implements Refund {
  @Field(() => ID, { description: 'ULID of the refund.' })
  id!: string

  @Field(() => String, { description: 'Whether it was paid out.' })
  status!: 'OPEN' | 'DONE'
}

const RefundConnectionType = connectionType('Refund', () => RefundType)
const store = new RefundStore()

@Resolver(() => RefundType)
class RefundResolver {
  @Query(() => RefundConnectionType, { description: 'Refunds of all accounts, oldest first.' })
  refunds(
    @Arg('status', () => String, { nullable: true }) status: string | null = null,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
    @Ctx() scope: RequestScope,
  ): Promise<Connection<Refund>> {
    const name = listName('refunds', { status })
    return readConnection(scope, { name, fetch: async (page) => store.list(status, page) }, args)
  }
}

const refund: Resource = { name: 'refund', resolvers: [RefundResolver], costs: { 'Query.refunds': connectionCost } }

// From here on, what the gateway promises for it.

const ULID_LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** Ascending with `n`, as ULIDs are with time. */
const ulid = (n: number) =>
  `01HZ7N9K3R0F2QW3X4Y5Z6${[15, 10, 5, 0].map((shift) => ULID_LETTERS[(n >> shift) & 31]).join('')}`

const app = () => new AppScope({ clock: systemClock } as unknown as Services)
const deadline = createDeadline(systemClock, 60_000)
deadline.release()
const scopeOf = (owner = app()) => new RequestScope(owner, merchantPrincipal, 'request', deadline)

describe('a resource with filters and ULIDs', () => {
  const schema = buildGatewaySchema([refund])
  const idsUpTo = (length: number) => Array.from({ length }, (_, n) => ulid(n))
  const fill = (length: number) => {
    store.refunds = idsUpTo(length).map((id, n) => ({ id, status: n % 3 === 0 ? 'OPEN' : 'DONE' }))
  }
  interface Page {
    readonly edges: readonly { readonly node: Refund }[]
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
    readonly totalCount: number
  }
  const ask = async (args: string, scope = scopeOf()): Promise<{ page: Page | undefined; codes: unknown[] }> => {
    const document = parse(
      `{ refunds${args} { edges { node { id status } } pageInfo { hasNextPage endCursor } totalCount } }`,
    )
    const { data, errors = [] } = await execute({ schema, document, contextValue: scope })
    const codes = errors.map(({ originalError }) => (originalError as { code?: unknown } | undefined)?.code)
    return { page: (data as { refunds: Page } | null)?.refunds, codes }
  }

  it('makes the types of a connection from the object type alone', () => {
    expect(printGatewaySchema(schema)).toMatch(
      /type RefundConnection \{[^}]*edges: \[RefundEdge\]![^}]*nodes: \[Refund\]!/,
    )
    expect(printGatewaySchema(schema)).toMatch(/type RefundEdge \{[^}]*cursor: String![^}]*node: Refund\n/)
  })

  it('walks a list by cursor while rows come and go, each row once, with a filter and without', async () => {
    for (const status of ['', 'status: "DONE"']) {
      fill(90)
      const wanted = store.refunds.filter((row) => status === '' || row.status === 'DONE').map(({ id }) => id)
      const seen: string[] = []
      let after = ''
      for (let step = 0; ; step += 1) {
        const { page } = await ask(`(first: 7 ${status} ${after})`)
        seen.push(...(page?.edges.map(({ node }) => node.id) ?? []))
        if (!page?.pageInfo.hasNextPage) break
        after = `after: "${page.pageInfo.endCursor}"`
        // The row of the cursor goes, others of both kinds come and go elsewhere.
        store.refunds = store.refunds.filter(({ id }) => id !== seen.at(-1))
        store.refunds.push({ id: ulid(1000 + step), status: 'DONE' })
      }
      expect(seen.filter((id) => wanted.includes(id))).toEqual(wanted)
      expect(new Set(seen).size).toBe(seen.length)
    }
  })

  it('refuses a cursor of the list with another filter, before anything is read', async () => {
    fill(30)
    const { page } = await ask('(first: 2 status: "OPEN")')
    const calls = store.calls
    for (const filter of ['', 'status: "DONE"']) {
      const { codes } = await ask(`(first: 2 ${filter} after: "${page?.pageInfo.endCursor}")`)
      expect(codes).toEqual(['BAD_USER_INPUT'])
    }
    expect(store.calls).toBe(calls)
  })

  it('reads a list once per request, however many fields select it', async () => {
    fill(30)
    const scope = scopeOf()
    const before = store.calls
    await Promise.all([ask('(first: 5)', scope), ask('(first: 10)', scope), ask('(first: 5, status: "OPEN")', scope)])
    expect(store.calls - before).toBe(2)
  })
})

describe('the lists of one request', () => {
  it('reads a list anew after a write to it, whatever the filter, and no other list', () => {
    const lists = scopeOf().get(paginators)
    const pageOf = (name: string) => lists.of({ name, fetch: async () => ({ rows: [], pagination: undefined }) })
    const names = ['refunds', listName('refunds', { status: 'OPEN' }), 'refunds/7', 'refunds-archive']
    const before = names.map(pageOf)
    lists.forget('refunds')
    expect(names.map((name, index) => pageOf(name) === before[index])).toEqual([false, false, true, true])
  })
})

describe('the name of a list', () => {
  it('gives a list one name for the same filters in any order, without those that are not set', () => {
    expect(listName('refunds', { status: 'OPEN', from: null, to: undefined })).toBe('refunds?status=OPEN')
    expect(listName('refunds', { status: 'OPEN', from: '2026' })).toBe(
      listName('refunds', { from: '2026', status: 'OPEN' }),
    )
    expect(listName('refunds', { from: null })).toBe('refunds')
    expect(listName('refunds', { a: 'x&b=y' })).not.toBe(listName('refunds', { a: 'x', b: 'y' }))
  })
})

/** Rows in the list's order, and the page size of its upstream. */
function listOf(rows: () => readonly Row<string>[]): PagedList<string> {
  return {
    name: 'any list',
    fetch: async ({ number, size }) => ({
      rows: rows().slice((number - 1) * size, number * size),
      pagination: {
        total: rows().length,
        perPage: size,
        currentPage: number,
        totalPages: Math.ceil(rows().length / size),
      },
    }),
  }
}

const HEX = '0123456789abcdef'
/** In no order. */
const uuid = (n: number) =>
  '00000000-0000-4000-8000-000000000000'.replace(
    /0/g,
    (_zero, at: number) => HEX[(n * 7919 * (at + 3) + at * 31) % 16] ?? '',
  )

describe('rows of any kind', () => {
  const kinds: [name: string, toRow: (n: number) => Row<string>][] = [
    ['ULIDs, oldest first', (n) => ({ id: ulid(n), node: `${n}` })],
    ['ULIDs, newest first', (n) => ({ id: ulid(9_000 - n), node: `${n}` })],
    ['ULIDs with a creation time', (n) => ({ id: ulid(9_000 - n), sortKey: 9_000 - n, node: `${n}` })],
    ['digits of any length', (n) => ({ id: String(2n * 10n ** 15n - BigInt(n) * 10n ** 12n + 5n), node: `${n}` })],
    ['UUIDs, oldest first', (n) => ({ id: `${uuid(n)}${n}`, sortKey: n, node: `${n}` })],
    ['UUIDs, newest first', (n) => ({ id: `${uuid(n)}${n}`, sortKey: -n, node: `${n}` })],
    ['words', (n) => ({ id: `refund|${n} é`, node: `${n}` })],
  ]

  it.each(kinds)('continues after a cursor whose row has moved far or was deleted: %s', async (_name, toRow) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 600 }), fc.boolean(), async (moved, isDeleted) => {
        let rows = Array.from({ length: 300 }, (_, n) => toRow(1_000 + n))
        const list = listOf(() => rows)
        const owner = app()
        const first = await readConnection(scopeOf(owner), list, { first: 30 })
        const row = rows[29]
        rows = [...Array.from({ length: moved }, (_, n) => toRow(1_000 - moved + n)), ...rows]
        if (isDeleted) rows = rows.filter((each) => each !== row)
        const next = await readConnection(scopeOf(owner), list, { first: 3, after: first.pageInfo.endCursor })
        expect(next.nodes).toEqual(['1030', '1031', '1032'])
      }),
      { numRuns: 20 },
    )
  })

  it('raises no unhandled rejection for rows with ULIDs and a creation time', async () => {
    const unhandled: unknown[] = []
    const note = (reason: unknown) => void unhandled.push(reason)
    process.on('unhandledRejection', note)
    try {
      const rows = Array.from({ length: 120 }, (_, n) => ({ id: ulid(n * 37), sortKey: 5_000 - n, node: `${n}` }))
      const { pageInfo } = await readConnection(
        scopeOf(),
        listOf(() => rows.toReversed()),
        { first: 50 },
      )
      await readConnection(
        scopeOf(),
        listOf(() => rows.toSpliced(60, 20)),
        { last: 9, before: pageInfo.endCursor },
      )
      await new Promise((resolve) => setImmediate(resolve))
    } finally {
      process.off('unhandledRejection', note)
    }
    expect(unhandled).toEqual([])
  })
})
