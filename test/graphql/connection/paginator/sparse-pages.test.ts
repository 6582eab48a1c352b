import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSlice } from '../../../../src/graphql/connection/slice.js'
import { walkList } from '../../../support/list-walk.js'
import { NumberedList, type Paging } from '../../../support/numbered-list.js'

const WAYS = ['forward', 'backward', 'offset by rows', 'offset by count'] as const
type Way = (typeof WAYS)[number]

interface Steps {
  readonly counts: readonly number[]
  /** Whether each request knows what earlier ones have learnt of the list. */
  readonly learns: boolean
}

/** Walks a whole list, in slices of changing length, and returns the ids in the list's order. */
async function walk(list: NumberedList, way: Way, { counts, learns }: Steps): Promise<number[]> {
  const hints = {}
  const paginator = () => list.paginator(learns ? hints : {})
  const count = (step: number) => counts[step % counts.length] as number
  if (way === 'forward' || way === 'backward') {
    const rows = await walkList((query) => readSlice(paginator(), query), { kind: way, count })
    return rows.map(({ id }) => Number(id))
  }
  const seen: number[] = []
  for (let step = 0, offset = 0; step < 2000; step += 1) {
    const slice = await readSlice(paginator(), { kind: 'offset', count: count(step), offset })
    seen.push(...slice.rows.map(({ id }) => Number(id)))
    if (slice.rows.length === 0 || !slice.hasNextPage) return seen
    offset += way === 'offset by rows' ? slice.rows.length : count(step)
  }
  throw new Error('the walk does not end')
}

/** Rows by position: the id, and whether a page shows it. */
type Positions = readonly { readonly id: number; readonly isShown: boolean }[]

function listOf(positions: Positions, paging: Omit<Paging, 'order'>): NumberedList {
  const ids = positions.map(({ id }) => id)
  const list = new NumberedList(ids, { ...paging, order: 'oldest-first' })
  const positionOf = new Map(ids.map((id, position) => [id, position]))
  list.sortedBy = (id) => positionOf.get(id) ?? ids.length
  list.hidden = new Set(positions.flatMap(({ id, isShown }) => (isShown ? [] : [id])))
  return list
}

/** Newest first: pages of so many rows, of which the first are shown. */
const positions = (...pages: readonly (readonly [shown: number, of: number])[]): Positions =>
  pages
    .flatMap(([shown, of]) => Array.from({ length: of }, (_, index) => index < shown))
    .map((isShown, index) => ({ id: 5000 - index, isShown }))

describe('pages that leave rows out', () => {
  const lists: [string, Positions][] = [
    ['three rows on the second of three', positions([25, 25], [22, 25], [25, 25])],
    ['all rows on the second of three', positions([25, 25], [0, 25], [10, 10])],
    ['all rows on the first of three', positions([0, 25], [25, 25], [10, 10])],
    ['all rows on the first two of three', positions([0, 25], [0, 25], [10, 10])],
    ['rows on every page', positions([20, 25], [22, 25], [1, 25], [24, 25], [3, 7])],
    ['several pages in the middle', positions([25, 25], [0, 25], [0, 25], [0, 25], [25, 25])],
    ['the last pages', positions([25, 25], [10, 25], [0, 25], [0, 25])],
  ]

  describe.each(lists)('%s', (name, all) => {
    it.each(['all', 'shown-total', 'echoed-per-page', 'no-total', 'no-pages'] as const)(
      `returns every row when pages leave out ${name}, whichever way the list is walked, with pagination: %s`,
      async (pagination) => {
        for (const size of [{ ownSize: 25 }, {}]) {
          for (const way of WAYS) {
            const list = listOf(all, { ...size, pagination })
            const seen = await walk(list, way, { counts: [25], learns: true })
            expect(seen, `${way}, ${JSON.stringify(size)}`).toEqual(list.ids)
          }
        }
      },
    )
  })

  it('repeats no row behind a hole on the last page of a list without a total, walked by offset', async () => {
    const all = positions([130, 130]).map((row, index) => ({ ...row, isShown: index !== 101 }))
    const list = listOf(all, { pagination: 'no-total' })
    expect(await walk(list, 'offset by rows', { counts: [16], learns: true })).toEqual(list.ids)
  })

  it('starts an offset at its row, as far as pages with holes were read', async () => {
    const list = listOf(positions([25, 25], [22, 25], [25, 25]), { ownSize: 25, pagination: 'all' })
    for (const offset of [0, 24, 25, 26, 40]) {
      const { rows } = await readSlice(list.paginator(), { kind: 'offset', offset, count: 25 })
      expect(
        rows.map(({ id }) => Number(id)),
        `offset: ${offset}`,
      ).toEqual(list.ids.slice(offset, offset + 25))
    }
  })
})

const sparse = fc
  .record({
    length: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 260 })),
    holes: fc.array(fc.record({ at: fc.nat(260), length: fc.integer({ min: 1, max: 20 }) }), { maxLength: 5 }),
    ownSize: fc.option(fc.oneof(fc.constant(25), fc.integer({ min: 12, max: 40 })), { nil: undefined }),
    pagination: fc.constantFrom('all', 'shown-total', 'echoed-per-page', 'no-pages', 'no-total', 'none'),
    pastEnd: fc.constantFrom('empty', 'last', 'first'),
    isOrdered: fc.boolean(),
  })
  .map(({ length, holes, isOrdered, ownSize, ...paging }) => {
    const isHole = (index: number) => holes.some(({ at, length: of }) => index >= at && index < at + of)
    // Where nothing tells how many pages there are, an empty page is the end: one row of each page stays.
    const least = paging.pagination === 'none' ? 1 : paging.pagination === 'no-pages' ? 6 : 0
    const isKept = (index: number) => index % 10 < least
    // A list without any shown row looks like one that is lost.
    const isLast = (index: number) => index === length - 1
    const all = Array.from({ length }, (_, index) => ({
      id: isOrdered ? 5000 - index : 1000 + ((index * 307) % 641),
      isShown: !isHole(index) || isKept(index) || isLast(index),
    }))
    return { all, isOrdered, paging: { ...paging, ...(ownSize === undefined ? {} : { ownSize }) } }
  })

describe('a walk over pages with holes', () => {
  it('returns exactly the rows that the upstream shows, in order, whichever way and however many at a time', async () => {
    await fc.assert(
      fc.asyncProperty(
        sparse,
        fc.constantFrom(...WAYS),
        fc.array(fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constantFrom(1, 25, 100)), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.boolean(),
        async ({ all, isOrdered, paging }, way, counts, learns) => {
          const list = listOf(all, paging)
          const isOffset = way.startsWith('offset')
          // Pages of one size do not show the holes in those of another, unless the pagination counts positions.
          const countsPositions = paging.pagination !== 'none' && paging.pagination !== 'shown-total'
          fc.pre(!isOffset || countsPositions || 'ownSize' in paging)
          // An offset is right only if earlier requests have learnt the pages before it.
          const steps = { counts, learns: learns || isOffset || !isOrdered }
          expect(await walk(list, way, steps)).toEqual(list.ids)
        },
      ),
      { numRuns: 2000 },
    )
  })
})
