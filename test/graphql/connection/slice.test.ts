import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RowPlace } from '../../../src/graphql/connection/cursor.js'
import { readSlice, type Slice } from '../../../src/graphql/connection/slice.js'
import type { Window } from '../../../src/graphql/connection/window.js'
import { NumberedList, type Paging } from '../../support/numbered-list.js'

const paging: fc.Arbitrary<Paging> = fc
  .record({
    ownSize: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
    sizeMax: fc.option(fc.constantFrom(10, 25, 50), { nil: undefined }),
    figures: fc.constantFrom('all', 'none', 'no-total', 'no-per-page', 'echoed-per-page'),
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

/** A cursor given out before: the test's cursors are the places themselves. */
const places = new Map<string, RowPlace>()
function cursorOf(list: NumberedList, id: number): string {
  const entry = list.entries.find((candidate) => candidate.id === id)
  places.set(String(id), {
    position: list.ids.indexOf(id),
    id: String(id),
    createdAtMs: entry?.createdAtMs,
    order: undefined,
  })
  return String(id)
}
const decode = (_name: string, cursor: string): RowPlace => {
  const place = places.get(cursor)
  if (!place) throw new Error(`no such cursor: ${cursor}`)
  return place
}

/** ApplyCursorsToEdges and EdgesToReturn of the cursor connections specification, on the whole list. */
function specified(ids: readonly number[], window: Window): { ids: number[]; before: number; behind: number } {
  if (window.kind === 'offset') {
    const rows = ids.slice(window.offset, window.offset + window.count)
    return {
      ids: rows,
      before: Math.min(window.offset, ids.length),
      behind: Math.max(0, ids.length - window.offset - window.count),
    }
  }
  const afterIndex = window.after === undefined ? -1 : ids.indexOf(Number(window.after))
  const beforeIndex = window.before === undefined ? ids.length : ids.indexOf(Number(window.before))
  const edges = ids.filter((_id, index) => index > afterIndex && index < beforeIndex)
  const rows =
    window.kind === 'forward' ? edges.slice(0, window.count) : edges.slice(Math.max(0, edges.length - window.count))
  const first = rows[0] === undefined ? undefined : ids.indexOf(rows[0])
  return {
    ids: rows,
    before: first ?? 0,
    behind: first === undefined ? 0 : ids.length - first - rows.length,
  }
}

const idsOf = (slice: Slice<number>): number[] => slice.rows.map(({ row }) => Number(row.id))

describe('a slice of a list that the upstream pages by number', () => {
  it('is what the cursor connections specification says, for every window and every way of paging', async () => {
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
        async (given) => {
          const list = new NumberedList(
            Array.from({ length: given.length }, (_, index) => 10 + index * 7),
            given.paging,
          )
          const pick = (n: number | undefined) =>
            n === undefined || list.ids.length === 0
              ? undefined
              : cursorOf(list, list.ids[n % list.ids.length] as number)
          const [after, before] = [pick(given.after), pick(given.before)]
          const window: Window =
            given.kind === 'offset'
              ? { kind: 'offset', count: given.count, offset: given.offset }
              : {
                  kind: given.kind,
                  count: given.count,
                  ...(after === undefined ? {} : { after }),
                  ...(before === undefined ? {} : { before }),
                }
          const hints = {}
          if (given.isLearnt) await readSlice(list.reader(hints), { kind: 'forward', count: 30 }, decode)
          const slice = await readSlice(list.reader(hints), window, decode)
          const wanted = specified(list.ids, window)
          expect(idsOf(slice)).toEqual(wanted.ids)
          expect(slice.rows.map(({ position }) => position)).toEqual(wanted.ids.map((id) => list.ids.indexOf(id)))
          if (wanted.ids.length > 0) {
            expect(slice.hasPreviousPage).toBe(wanted.before > 0)
            expect(slice.hasNextPage).toBe(wanted.behind > 0)
          }
          if (given.paging.figures === 'all') expect(slice.total).toBe(list.ids.length)
          if (given.paging.figures === 'none') expect(slice.total).toBeUndefined()
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('is empty behind the end, and says that rows lie before it', async () => {
    const list = new NumberedList([1, 2, 3], { figures: 'all', order: 'newest-first' })
    const slice = await readSlice(list.reader(), { kind: 'offset', count: 10, offset: 50 }, decode)
    expect(slice).toMatchObject({ rows: [], hasNextPage: false, hasPreviousPage: true, total: 3 })
  })
})

interface Churn {
  readonly paging: Paging
  readonly length: number
  readonly count: number
  /** Per step: how many rows come, and which of those that stand go. */
  readonly steps: readonly { readonly add: number; readonly remove: readonly number[] }[]
  readonly direction: 'forward' | 'backward'
}

const churn: fc.Arbitrary<Churn> = fc.record({
  // Without a total nothing can show that a row slipped through between two reads; pages of one row show no order.
  paging: paging.filter(({ figures, ownSize }) => ['all', 'no-per-page'].includes(figures) && ownSize !== 1),
  length: fc.integer({ min: 0, max: 220 }),
  count: fc.constantFrom(1, 3, 10, 25, 40, 100),
  steps: fc.array(fc.record({ add: fc.integer({ min: 0, max: 60 }), remove: fc.array(fc.nat(), { maxLength: 40 }) }), {
    maxLength: 8,
  }),
  direction: fc.constantFrom('forward', 'backward'),
})

const withoutSizes = (ownSize: number): Paging => ({ figures: 'no-per-page', order: 'newest-first', ownSize })

/** A row that went and one that came between two reads, and a page size that a change made look like another. */
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

/** Walks a list page by page while `change` runs between the pages, and gives the ids in the order they came. */
async function walk(list: NumberedList, given: Churn, change: (step: number) => void): Promise<number[]> {
  const seen: number[] = []
  const hints = {}
  let cursor: string | undefined
  for (let step = 0; step < 2000; step += 1) {
    const window: Window =
      given.direction === 'forward'
        ? { kind: 'forward', count: given.count, ...(cursor === undefined ? {} : { after: cursor }) }
        : { kind: 'backward', count: given.count, ...(cursor === undefined ? {} : { before: cursor }) }
    const slice = await readSlice(list.reader(hints), window, decode)
    const page = idsOf(slice)
    seen.push(...(given.direction === 'forward' ? page : page.reverse()))
    const edge = given.direction === 'forward' ? slice.rows.at(-1) : slice.rows.at(0)
    const hasMore = given.direction === 'forward' ? slice.hasNextPage : slice.hasPreviousPage
    if (!edge || !hasMore) return seen
    places.set(`walk-${step}`, {
      position: edge.position,
      id: edge.row.id,
      createdAtMs: edge.row.createdAtMs,
      order: slice.order,
    })
    cursor = `walk-${step}`
    change(step)
  }
  throw new Error('the walk does not end')
}

function expectSurvivorsOnce(seen: readonly number[], stoodAllAlong: readonly number[]): void {
  const counts = new Map<number, number>()
  for (const id of seen) counts.set(id, (counts.get(id) ?? 0) + 1)
  expect(stoodAllAlong.filter((id) => counts.get(id) !== 1)).toEqual([])
}

describe('a walk while rows come and go', () => {
  it('meets every row that stood all along exactly once, whatever happens between two pages', async () => {
    await fc.assert(
      fc.asyncProperty(churn, async (given) => {
        const list = new NumberedList(
          Array.from({ length: given.length }, (_, index) => 1000 + index),
          given.paging,
        )
        const survivors = new Set(list.ids)
        let nextId = 100_000
        const seen = await walk(list, given, (step) => {
          const { add = 0, remove = [] } = given.steps[step] ?? {}
          for (let n = 0; n < add; n += 1) list.add(nextId++)
          for (const n of remove) {
            const gone = list.ids[n % Math.max(1, list.ids.length)]
            if (gone === undefined) continue
            list.remove(gone)
            survivors.delete(gone)
          }
        })
        expectSurvivorsOnce(seen, [...survivors])
      }),
      { numRuns: 1500 },
    )
  })

  it('meets them once also when the list changes between the reads of one page, newest first', async () => {
    await fc.assert(
      fc.asyncProperty(churn, fc.array(fc.nat(), { maxLength: 30 }), async (given, fates) => {
        const list = new NumberedList(
          Array.from({ length: given.length }, (_, index) => 1000 + index),
          {
            ...given.paging,
            order: 'newest-first',
          },
        )
        const survivors = new Set(list.ids)
        let nextId = 100_000
        let call = 0
        list.afterCall = () => {
          // Rows go no faster than at every third read: faster than that, no two reads show one list.
          const fate = call % 3 === 0 ? fates[call] : (fates[call] ?? 1) & ~1
          call += 1
          if (fate === undefined || call > fates.length) return
          if (fate % 2 === 0) return list.add(nextId++)
          const gone = list.ids[fate % Math.max(1, list.ids.length)]
          if (gone === undefined) return
          list.remove(gone)
          survivors.delete(gone)
        }
        const seen = await walk(list, { ...given, direction: 'forward' }, () => {})
        expectSurvivorsOnce(seen, [...survivors])
      }),
      { numRuns: 1500, examples: [...CHANGED_WITHIN_A_PAGE] },
    )
  })
})

describe('the calls a slice costs', () => {
  const honest: Paging = { figures: 'all', order: 'newest-first' }
  const ids = Array.from({ length: 200 }, (_, index) => index + 1)

  it.each<[string, Paging, Window, number]>([
    ['the first 25 rows', honest, { kind: 'forward', count: 25 }, 1],
    ['the first 100 rows', honest, { kind: 'forward', count: 100 }, 1],
    ['the last 25 rows of an unknown list', honest, { kind: 'backward', count: 25 }, 2],
    ['the first 100 rows over pages of 25', { ...honest, ownSize: 25 }, { kind: 'forward', count: 100 }, 4],
    ['a row far down', honest, { kind: 'offset', offset: 160, count: 10 }, 1],
  ])('%s: %#', async (_name, paging, window, calls) => {
    const list = new NumberedList(ids, paging)
    await readSlice(list.reader(), window, decode)
    expect(list.calls).toBe(calls)
  })

  it('reading on after an unmoved row costs one call', async () => {
    const list = new NumberedList(ids, honest)
    await readSlice(
      list.reader(),
      { kind: 'forward', count: 25, after: cursorOf(list, list.ids[24] as number) },
      decode,
    )
    expect(list.calls).toBe(1)
  })

  it('finding a row that moved far costs few calls, not a walk', async () => {
    const list = new NumberedList(
      Array.from({ length: 50 }, (_, index) => index + 1),
      honest,
    )
    const cursor = cursorOf(list, 26)
    for (let id = 1000; id < 6000; id += 1) list.add(id)
    const slice = await readSlice(list.reader(), { kind: 'forward', count: 10, after: cursor }, decode)
    expect(idsOf(slice)).toEqual([25, 24, 23, 22, 21, 20, 19, 18, 17, 16])
    expect(list.calls).toBeLessThanOrEqual(20)
  })
})
