import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SliceQuery } from '../../../src/graphql/connection/arguments.js'
import type { Slice } from '../../../src/graphql/connection/continuity.js'
import type { Cursor } from '../../../src/graphql/connection/cursor.js'
import { readSlice } from '../../../src/graphql/connection/slice.js'
import { walkList } from '../../support/list-walk.js'
import { NumberedList, type Paging, sortKeyOf } from '../../support/numbered-list.js'

const paging: fc.Arbitrary<Paging> = fc
  .record({
    ownSize: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
    sizeMax: fc.option(fc.constantFrom(10, 25, 50), { nil: undefined }),
    pagination: fc.constantFrom('all', 'none', 'no-total', 'no-per-page', 'echoed-per-page'),
    order: fc.constantFrom('newest-first', 'oldest-first'),
  })
  .map(({ ownSize, sizeMax, ...rest }) => ({
    ...rest,
    ...(ownSize === undefined ? {} : { ownSize }),
    ...(sizeMax === undefined ? {} : { sizeMax }),
  }))

const listLength = fc.oneof(
  fc.integer({ min: 0, max: 12 }),
  fc.integer({ min: 0, max: 260 }),
  fc.constantFrom(25, 50, 100, 200),
)

const idsFrom = (first: number, length: number, step = 1) => Array.from({ length }, (_, index) => first + index * step)

/** A cursor that was issued before the list had shown its order. */
function cursorOf(list: NumberedList, id: number): Cursor {
  return { position: list.ids.indexOf(id), id: String(id), sortKey: sortKeyOf(id), order: undefined }
}

/** ApplyCursorsToEdges and EdgesToReturn of the cursor connections specification, on the whole list. */
function specified(ids: readonly number[], query: SliceQuery): { ids: number[]; before: number; behind: number } {
  if (query.kind === 'offset') {
    const rows = ids.slice(query.offset, query.offset + query.count)
    return {
      ids: rows,
      before: Math.min(query.offset, ids.length),
      behind: Math.max(0, ids.length - query.offset - query.count),
    }
  }
  const { kind, count, after, before } = query
  const afterIndex = after === undefined ? -1 : ids.indexOf(Number(after.id))
  const beforeIndex = before === undefined ? ids.length : ids.indexOf(Number(before.id))
  const edges = ids.filter((_id, index) => index > afterIndex && index < beforeIndex)
  const rows = kind === 'forward' ? edges.slice(0, count) : edges.slice(Math.max(0, edges.length - count))
  const first = rows[0] === undefined ? undefined : ids.indexOf(rows[0])
  return { ids: rows, before: first ?? 0, behind: first === undefined ? 0 : ids.length - first - rows.length }
}

const idsOf = (slice: Slice<number>): number[] => slice.rows.map(({ id }) => Number(id))

describe('a slice', () => {
  it('returns the slice that the cursor connections specification defines, for every query and every way of paging', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          length: listLength,
          paging,
          kind: fc.constantFrom('forward', 'backward', 'offset'),
          count: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constantFrom(1, 25, 100)),
          after: fc.option(fc.nat(), { nil: undefined }),
          before: fc.option(fc.nat(), { nil: undefined }),
          offset: fc.nat(300),
          isLearnt: fc.boolean(),
        }),
        async ({ kind, count, offset, ...given }) => {
          const list = new NumberedList(idsFrom(10, given.length, 7), given.paging)
          const pick = (name: 'after' | 'before', n: number | undefined) => {
            const id = n === undefined ? undefined : list.ids[n % list.ids.length]
            return id === undefined ? {} : { [name]: cursorOf(list, id) }
          }
          const cursors = { ...pick('after', given.after), ...pick('before', given.before) }
          const query: SliceQuery = kind === 'offset' ? { kind, count, offset } : { kind, count, ...cursors }
          const hints = {}
          if (given.isLearnt) await readSlice(list.paginator(hints), { kind: 'forward', count: 30 })
          const slice = await readSlice(list.paginator(hints), query)
          const wanted = specified(list.ids, query)
          expect(idsOf(slice)).toEqual(wanted.ids)
          expect(slice.rows.map(({ position }) => position)).toEqual(wanted.ids.map((id) => list.ids.indexOf(id)))
          if (wanted.ids.length > 0) {
            expect(slice.hasPreviousPage).toBe(wanted.before > 0)
            expect(slice.hasNextPage).toBe(wanted.behind > 0)
          }
          if (given.paging.pagination === 'all') expect(slice.total).toBe(list.ids.length)
          if (given.paging.pagination === 'none') expect(slice.total).toBeUndefined()
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('returns an empty slice past the end of the list, with rows before it', async () => {
    const list = new NumberedList([1, 2, 3], { pagination: 'all', order: 'newest-first' })
    const slice = await readSlice(list.paginator(), { kind: 'offset', count: 10, offset: 50 })
    expect(slice).toMatchObject({ rows: [], hasNextPage: false, hasPreviousPage: true, total: 3 })
  })
})

interface Churn {
  readonly paging: Paging
  readonly length: number
  readonly count: number
  /** Per step: how many rows are created, and which are deleted. */
  readonly steps: readonly { readonly add: number; readonly remove: readonly number[] }[]
  readonly direction: 'forward' | 'backward'
}

const churn: fc.Arbitrary<Churn> = fc.record({
  // Without a total nothing can show that a row slipped through between two reads; pages of one row show no order.
  paging: paging.filter(({ pagination, ownSize }) => ['all', 'no-per-page'].includes(pagination) && ownSize !== 1),
  length: fc.integer({ min: 0, max: 220 }),
  count: fc.constantFrom(1, 3, 10, 25, 40, 100),
  steps: fc.array(fc.record({ add: fc.integer({ min: 0, max: 60 }), remove: fc.array(fc.nat(), { maxLength: 40 }) }), {
    maxLength: 8,
  }),
  direction: fc.constantFrom('forward', 'backward'),
})

const withoutSizes = (ownSize: number): Paging => ({ pagination: 'no-per-page', order: 'newest-first', ownSize })

/** A row deleted and one created between two reads, and a page size that a change made look like another. */
const CHANGED_WITHIN_A_PAGE: readonly [Churn, number[]][] = [
  [
    { paging: withoutSizes(2), length: 81, count: 100, steps: [], direction: 'forward' },
    [681_921_585, 0, 0, 62_091_775, 0, 0, 180_932_943, 0],
  ],
  [
    { paging: withoutSizes(21), length: 99, count: 10, steps: [], direction: 'forward' },
    [0, 0, 0, 0, 0, 0, 100_974_439, 0, 0],
  ],
]

/** A list of which rows are created and deleted, with the rows that were there all along. */
class ChurningList extends NumberedList {
  readonly survivors: Set<number>
  #nextId = 100_000

  constructor(length: number, paging: Paging) {
    super(idsFrom(1000, length), paging)
    this.survivors = new Set(this.ids)
  }

  create(): void {
    this.add(this.#nextId++)
  }

  delete(pick: number): void {
    const id = this.ids[pick % Math.max(1, this.ids.length)]
    if (id === undefined) return
    this.remove(id)
    this.survivors.delete(id)
  }

  async expectSurvivorsOnce({ direction, count }: Churn, between: (step: number) => void = () => {}): Promise<void> {
    const hints = {}
    const read = (query: SliceQuery) => readSlice(this.paginator(hints), query)
    const counts = new Map<number, number>()
    for (const { node } of await walkList(read, { kind: direction, count: () => count, between })) {
      counts.set(Number(node), (counts.get(Number(node)) ?? 0) + 1)
    }
    expect([...this.survivors].filter((id) => counts.get(id) !== 1)).toEqual([])
  }
}

describe('a walk while rows are created and deleted', () => {
  it('returns every surviving row exactly once, whatever is created and deleted between two slices', async () => {
    await fc.assert(
      fc.asyncProperty(churn, async (given) => {
        const list = new ChurningList(given.length, given.paging)
        await list.expectSurvivorsOnce(given, (step) => {
          const { add = 0, remove = [] } = given.steps[step] ?? {}
          for (let n = 0; n < add; n += 1) list.create()
          for (const pick of remove) list.delete(pick)
        })
      }),
      { numRuns: 1500 },
    )
  })

  it('returns every surviving row once when a list, newest first, changes between the page reads of one slice', async () => {
    await fc.assert(
      fc.asyncProperty(churn, fc.array(fc.nat(), { maxLength: 30 }), async (given, fates) => {
        const list = new ChurningList(given.length, { ...given.paging, order: 'newest-first' })
        let call = 0
        list.afterCall = () => {
          // Rows are deleted at every third read at most: faster than that, no two reads show one state of the list.
          const fate = call % 3 === 0 ? fates[call] : (fates[call] ?? 1) & ~1
          call += 1
          if (fate === undefined || call > fates.length) return
          if (fate % 2 === 0) list.create()
          else list.delete(fate)
        }
        await list.expectSurvivorsOnce({ ...given, direction: 'forward' })
      }),
      { numRuns: 1500, examples: [...CHANGED_WITHIN_A_PAGE] },
    )
  })
})

describe('the calls that a slice takes', () => {
  const honest: Paging = { pagination: 'all', order: 'newest-first' }
  const ids = idsFrom(1, 200)

  it.each<[number, string, Paging, SliceQuery]>([
    [1, 'the first 25 rows', honest, { kind: 'forward', count: 25 }],
    [1, 'the first 100 rows', honest, { kind: 'forward', count: 100 }],
    [2, 'the last 25 rows of a list never read before', honest, { kind: 'backward', count: 25 }],
    [4, 'the first 100 rows in pages of 25', { ...honest, ownSize: 25 }, { kind: 'forward', count: 100 }],
    [1, 'rows far down', honest, { kind: 'offset', offset: 160, count: 10 }],
  ])('takes %i calls for %s', async (calls, _name, paging, query) => {
    const list = new NumberedList(ids, paging)
    await readSlice(list.paginator(), query)
    expect(list.calls).toBe(calls)
  })

  it('takes one call for the rows after a row that has not moved', async () => {
    const list = new NumberedList(ids, honest)
    const after = cursorOf(list, list.ids[24] as number)
    await readSlice(list.paginator(), { kind: 'forward', count: 25, after })
    expect(list.calls).toBe(1)
  })

  it('takes few calls, not a walk, for the rows after a row that has moved far', async () => {
    const list = new NumberedList(idsFrom(1, 50), honest)
    const after = cursorOf(list, 26)
    for (let id = 1000; id < 6000; id += 1) list.add(id)
    const slice = await readSlice(list.paginator(), { kind: 'forward', count: 10, after })
    expect(idsOf(slice)).toEqual([25, 24, 23, 22, 21, 20, 19, 18, 17, 16])
    expect(list.calls).toBeLessThanOrEqual(20)
  })
})
