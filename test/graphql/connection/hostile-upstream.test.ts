import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ListHints, ListReader } from '../../../src/graphql/connection/list-reader.js'
import type { ListRow, PageAnswer } from '../../../src/graphql/connection/pages.js'
import { readSlice } from '../../../src/graphql/connection/slice.js'
import type { Window } from '../../../src/graphql/connection/window.js'
import { GatewayError } from '../../../src/kernel/errors.js'
import type { Pagination } from '../../../src/upstream/pagination.js'

const CALLS_MAX = 200

const figure = fc.oneof(fc.nat(300), fc.constantFrom(0, 1, 25, 100, Number.MAX_SAFE_INTEGER, undefined))
const figures: fc.Arbitrary<Pagination | undefined> = fc.option(
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
const row: fc.Arbitrary<ListRow<string>> = fc.record({
  id,
  createdAtMs: fc.oneof(fc.nat(1000), fc.constant(undefined)),
  node: fc.constant('node'),
  content: fc.constantFrom('a', 'b', undefined),
})
const answer: fc.Arbitrary<PageAnswer<string>> = fc.record({
  rows: fc.oneof(fc.array(row, { maxLength: 30 }), fc.constant([])),
  figures,
})
const place = fc.record({
  position: fc.nat(500),
  id,
  createdAtMs: fc.oneof(fc.nat(1000), fc.constant(undefined)),
  order: fc.oneof(fc.nat(5), fc.constant(undefined)),
})
const window: fc.Arbitrary<Window> = fc.oneof(
  fc.record({ kind: fc.constantFrom('forward', 'backward'), count: fc.integer({ min: 1, max: 100 }) }),
  fc.record({
    kind: fc.constantFrom('forward', 'backward'),
    count: fc.integer({ min: 1, max: 100 }),
    after: fc.constant('cursor'),
  }),
  fc.record({
    kind: fc.constantFrom('forward', 'backward'),
    count: fc.integer({ min: 1, max: 100 }),
    before: fc.constant('cursor'),
  }),
  fc.record({
    kind: fc.constant('offset' as const),
    count: fc.integer({ min: 1, max: 100 }),
    offset: fc.oneof(fc.nat(300), fc.constant(1_000_000_000)),
  }),
)

describe('an upstream that answers anything', () => {
  it('is read to an end or to an error of ours, in so many calls as a request may have', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(answer, { minLength: 1, maxLength: 12 }),
        fc.boolean(),
        fc.array(fc.tuple(window, place), { minLength: 1, maxLength: 3 }),
        async (answers, isFickle, windows) => {
          let calls = 0
          const source = {
            fetch: async ({ number }: { number: number }) => {
              calls += 1
              if (calls > CALLS_MAX) throw new GatewayError('QUERY_TOO_COMPLEX', 'too many calls')
              return answers[(isFickle ? calls : number) % answers.length] as PageAnswer<string>
            },
            onPage: () => {},
          }
          const hints: ListHints = {}
          for (const [asked, at] of windows) {
            calls = 0
            const reading = readSlice(new ListReader(source, hints), asked, () => at)
            const outcome = await reading.catch((error: unknown) => error)
            if (outcome instanceof Error) expect(outcome).toBeInstanceOf(GatewayError)
            else expect((outcome as { rows: unknown[] }).rows.length).toBeLessThanOrEqual(asked.count)
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  it('is searched no further than a list can go, where a row seems to lie behind every page', async () => {
    let calls = 0
    const source = {
      fetch: async ({ number }: { number: number }): Promise<PageAnswer<string>> => {
        calls += 1
        const newest = number > 2 ** 55 ? 40n : 2n ** 60n - 3n * BigInt(number)
        const ids = [newest, newest - 1n, newest - 2n]
        return { rows: ids.map((id) => ({ id: String(id), createdAtMs: 1, node: 'node' })), figures: undefined }
      },
      onPage: () => {},
    }
    const place = { position: 0, id: '50', createdAtMs: 1, order: 0 }
    const asked: Window = { kind: 'forward', count: 10, after: 'cursor' }
    await readSlice(new ListReader(source, {}), asked, () => place).catch((error: unknown) => {
      expect(error).toBeInstanceOf(GatewayError)
    })
    expect(calls).toBeLessThan(CALLS_MAX)
  })
})
