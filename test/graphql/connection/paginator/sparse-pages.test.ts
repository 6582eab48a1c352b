import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSlice } from '../../../../src/graphql/connection/slice.js'
import { walkList } from '../../../support/list-walk.js'
import { type Sparse, SparseList } from '../../../support/sparse-list.js'

const WAYS = ['forward', 'backward', 'offset by rows', 'offset by count'] as const
type Way = (typeof WAYS)[number]

interface Steps {
  readonly counts: readonly number[]
  /** Whether each request knows what earlier ones have learnt of the list. */
  readonly learns: boolean
}

/** Walks a whole list, in slices of changing length, and gives the ids in the list's order. */
async function walk(list: SparseList, way: Way, { counts, learns }: Steps): Promise<number[]> {
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

/** Newest first, with rows left out of pages of so many, as the upstream cut them. */
const positions = (lengths: readonly (readonly [shown: number, of: number])[]) =>
  lengths
    .flatMap(([shown, of]) => Array.from({ length: of }, (_, index) => index < shown))
    .map((isShown, index) => (isShown ? 5000 - index : null))

describe('pages that leave rows out', () => {
  const ofThree = (middle: number, last: number): Sparse['positions'] =>
    positions([
      [25, 25],
      [middle, 25],
      [last, last],
    ])
  const lists: [string, Sparse['positions']][] = [
    ['three rows on the second of three', ofThree(22, 25)],
    ['all rows on the second of three', ofThree(0, 10)],
    [
      'all rows on the first of three',
      positions([
        [0, 25],
        [25, 25],
        [10, 10],
      ]),
    ],
    [
      'all rows on the first two of three',
      positions([
        [0, 25],
        [0, 25],
        [10, 10],
      ]),
    ],
    [
      'rows on every page',
      positions([
        [20, 25],
        [22, 25],
        [1, 25],
        [24, 25],
        [3, 7],
      ]),
    ],
    [
      'several pages in the middle',
      positions([
        [25, 25],
        [0, 25],
        [0, 25],
        [0, 25],
        [25, 25],
      ]),
    ],
    [
      'the last pages',
      positions([
        [25, 25],
        [10, 25],
        [0, 25],
        [0, 25],
      ]),
    ],
  ]

  describe.each(lists)('%s', (_name, all) => {
    it.each(['positions', 'shown', 'echoed', 'no-total', 'no-pages'] as const)(
      'gives every row of pages that leave rows out, whichever way the list is walked, with pagination: %s',
      async (pagination) => {
        for (const ownSize of [25, undefined]) {
          for (const way of WAYS) {
            const list = new SparseList({ positions: all, ownSize, pagination, pastEnd: 'empty' })
            const seen = await walk(list, way, { counts: [25], learns: true })
            expect(seen, `${way}, a size of ${ownSize}`).toEqual(list.ids)
          }
        }
      },
    )
  })

  it('starts an offset at its row, as far as pages with holes were read', async () => {
    const list = new SparseList({ positions: ofThree(22, 25), ownSize: 25, pagination: 'positions', pastEnd: 'empty' })
    for (const offset of [0, 24, 25, 26, 40]) {
      const { rows } = await readSlice(list.paginator(), { kind: 'offset', offset, count: 25 })
      expect(
        rows.map(({ id }) => Number(id)),
        `offset: ${offset}`,
      ).toEqual(list.ids.slice(offset, offset + 25))
    }
  })
})

const sparse: fc.Arbitrary<Sparse> = fc
  .record({
    length: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 260 })),
    holes: fc.array(fc.record({ at: fc.nat(260), length: fc.integer({ min: 1, max: 20 }) }), { maxLength: 5 }),
    ownSize: fc.option(fc.oneof(fc.constant(25), fc.integer({ min: 12, max: 40 })), { nil: undefined }),
    pagination: fc.constantFrom('positions', 'shown', 'echoed', 'no-pages', 'no-total', 'none'),
    pastEnd: fc.constantFrom('empty', 'last', 'first'),
    isOrdered: fc.boolean(),
  })
  .map(({ length, holes, isOrdered, ...list }) => {
    const isHole = (index: number) => holes.some(({ at, length: of }) => index >= at && index < at + of)
    const ids = Array.from({ length }, (_, index) => (isOrdered ? 5000 - index : 1000 + ((index * 307) % 641)))
    // Where nothing tells how many pages there are, an empty page is the end: one row of each page stays.
    const least = list.pagination === 'none' ? 1 : list.pagination === 'no-pages' ? 6 : 0
    const isKept = (index: number) => index % 10 < least
    // A list of which no page brings a row cannot be told from one that is lost.
    const isLast = (index: number) => index === length - 1
    const positions = ids.map((id, index) => (isHole(index) && !isKept(index) && !isLast(index) ? null : id))
    return { ...list, positions }
  })

describe('a walk over pages with holes', () => {
  it('gives exactly the rows that the upstream shows, in order, whichever way and however many at a time', async () => {
    await fc.assert(
      fc.asyncProperty(
        sparse,
        fc.constantFrom(...WAYS),
        fc.array(fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constantFrom(1, 25, 100)), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.boolean(),
        async (given, way, counts, learns) => {
          const list = new SparseList(given)
          const isOffset = way.startsWith('offset')
          const isOrdered = given.positions.every((id, index) => id === null || id === 5000 - index)
          // Pages of one size tell nothing of the holes in those of another, unless the pagination counts positions.
          const countsPositions = given.pagination !== 'none' && given.pagination !== 'shown'
          fc.pre(!isOffset || countsPositions || given.ownSize !== undefined)
          // An offset counts right only with what was learnt of the pages ahead of it.
          const steps = { counts, learns: learns || isOffset || !isOrdered }
          expect(await walk(list, way, steps)).toEqual(list.ids)
        },
      ),
      { numRuns: 2000 },
    )
  })
})
