import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SliceQuery } from '../../../../src/graphql/connection/arguments.js'
import type { Cursor } from '../../../../src/graphql/connection/cursor.js'
import type { ListHints } from '../../../../src/graphql/connection/paginator/list-hints.js'
import type { PageKey, PageResponse, Row } from '../../../../src/graphql/connection/paginator/page.js'
import { Paginator } from '../../../../src/graphql/connection/paginator/paginator.js'
import { readSlice } from '../../../../src/graphql/connection/slice.js'
import { GatewayError } from '../../../../src/kernel/errors.js'
import type { Pagination } from '../../../../src/upstream/envelope/pagination.js'

const CALLS_MAX = 200

const figure = fc.oneof(fc.nat(300), fc.constantFrom(0, 1, 25, 100, Number.MAX_SAFE_INTEGER, undefined))
const pagination: fc.Arbitrary<Pagination | undefined> = fc.option(
  fc.record({
    total: figure,
    perPage: figure.map((value) => (value === 0 ? undefined : value)),
    currentPage: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constant(undefined)),
    totalPages: figure,
    count: figure,
  }),
  { nil: undefined },
)
const id = fc.oneof(
  fc.integer({ min: 1, max: 400 }).map(String),
  fc.constantFrom(undefined, '01HZ7N9K3R0F2QW3X4Y5Z6V7AB', 'a word'),
)
const sortKey = fc.oneof(fc.nat(1000), fc.constant(undefined))
const row: fc.Arbitrary<Row<string>> = fc.record({
  id,
  sortKey,
  node: fc.constant('node'),
  content: fc.constantFrom('a', 'b', undefined),
})
const response: fc.Arbitrary<PageResponse<string>> = fc.record({
  rows: fc.oneof(fc.array(row, { maxLength: 30 }), fc.constant([])),
  pagination,
})
const cursor: fc.Arbitrary<Cursor> = fc.record({
  position: fc.nat(500),
  id,
  sortKey,
  order: fc.oneof(fc.nat(5), fc.constant(undefined)),
})
const kind = fc.constantFrom('forward' as const, 'backward' as const)
const count = fc.integer({ min: 1, max: 100 })
const query: fc.Arbitrary<SliceQuery> = fc.oneof(
  fc.record({ kind, count }),
  fc.record({ kind, count, after: cursor }),
  fc.record({ kind, count, before: cursor }),
  fc.record({
    kind: fc.constant('offset' as const),
    count,
    offset: fc.oneof(fc.nat(300), fc.constant(1_000_000_000)),
  }),
)

describe('an upstream that responds with anything', () => {
  it('reads any responses to an end or a GatewayError, within the calls that a request may take', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(response, { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        fc.array(query, { minLength: 1, maxLength: 3 }),
        async (responses, isFickle, queries) => {
          let calls = 0
          const source = {
            fetch: async ({ number }: PageKey) => {
              calls += 1
              if (calls > CALLS_MAX) throw new GatewayError('QUERY_TOO_COMPLEX', 'too many calls')
              return responses[(isFickle ? calls : number) % responses.length] as PageResponse<string>
            },
          }
          const hints: ListHints = {}
          for (const asked of queries) {
            calls = 0
            const reading = readSlice(new Paginator(source, hints), asked)
            const outcome = await reading.catch((error: unknown) => error)
            if (outcome instanceof Error) expect(outcome).toBeInstanceOf(GatewayError)
            else expect((outcome as { rows: unknown[] }).rows.length).toBeLessThanOrEqual(asked.count)
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  it('ends its search for a row that seems to lie beyond every page', async () => {
    let calls = 0
    const source = {
      fetch: async ({ number }: PageKey): Promise<PageResponse<string>> => {
        calls += 1
        const newest = number > 2 ** 55 ? 40n : 2n ** 60n - 3n * BigInt(number)
        const ids = [newest, newest - 1n, newest - 2n]
        return { rows: ids.map((each) => ({ id: String(each), sortKey: 1, node: 'node' })), pagination: undefined }
      },
    }
    const after = { position: 0, id: '50', sortKey: 1, order: 0 }
    await readSlice(new Paginator(source, {}), { kind: 'forward', count: 10, after }).catch((error: unknown) => {
      expect(error).toBeInstanceOf(GatewayError)
    })
    expect(calls).toBeLessThan(CALLS_MAX)
  })
})
