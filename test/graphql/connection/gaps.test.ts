import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RowPlace } from '../../../src/graphql/connection/cursor.js'
import { readSlice, type Slice } from '../../../src/graphql/connection/slice.js'
import type { Window } from '../../../src/graphql/connection/window.js'
import { type Gappy, GappyList } from '../../support/gappy-list.js'

const idsOf = (slice: Slice<number>) => slice.rows.map(({ row }) => Number(row.id))
const noCursor = (): RowPlace => {
  throw new Error('no cursor was given out')
}

type Way = 'forward' | 'backward' | 'offset by rows' | 'offset by count'

/** Walks a whole list, in windows of changing length, and gives the ids in the order of the list. */
async function walk(list: GappyList, way: Way, { counts, learns }: Steps): Promise<number[]> {
  const seen: number[] = []
  const hints = {}
  let place: RowPlace | undefined
  let offset = 0
  for (let step = 0; step < 2000; step += 1) {
    const count = counts[step % counts.length] as number
    const slice = await readSlice(list.reader(learns ? hints : {}), windowOf(way, { count, offset, place }), () => {
      if (place === undefined) throw new Error('no cursor was given out')
      return place
    })
    const ids = idsOf(slice)
    if (way === 'backward') seen.unshift(...ids)
    else seen.push(...ids)
    offset += way === 'offset by rows' ? ids.length : count
    const edge = slice.rows.at(way === 'backward' ? 0 : -1)
    if (!edge || !(way === 'backward' ? slice.hasPreviousPage : slice.hasNextPage)) return seen
    place = { position: edge.position, id: edge.row.id, createdAtMs: edge.row.createdAtMs, order: slice.order }
  }
  throw new Error('the walk does not end')
}

interface Steps {
  readonly counts: readonly number[]
  readonly learns: boolean
}

function windowOf(way: Way, at: { count: number; offset: number; place: RowPlace | undefined }): Window {
  const { count, offset, place } = at
  if (way === 'forward') return { kind: 'forward', count, ...(place ? { after: 'cursor' } : {}) }
  if (way === 'backward') return { kind: 'backward', count, ...(place ? { before: 'cursor' } : {}) }
  return { kind: 'offset', count, offset }
}

const WAYS: readonly Way[] = ['forward', 'backward', 'offset by rows', 'offset by count']

/** Newest first, with rows left out of pages of so many, as the upstream cut them. */
const places = (lengths: readonly (readonly [shown: number, of: number])[]) =>
  lengths
    .flatMap(([shown, of]) => Array.from({ length: of }, (_, index) => index < shown))
    .map((isShown, index) => (isShown ? 5000 - index : null))

describe('pages that leave rows out', () => {
  const ofThree = (middle: number, last: number): Gappy['places'] =>
    places([
      [25, 25],
      [middle, 25],
      [last, last],
    ])
  const lists: [string, Gappy['places']][] = [
    ['three rows on the second of three', ofThree(22, 25)],
    ['all rows on the second of three', ofThree(0, 10)],
    [
      'all rows on the first of three',
      places([
        [0, 25],
        [25, 25],
        [10, 10],
      ]),
    ],
    [
      'all rows on the first two of three',
      places([
        [0, 25],
        [0, 25],
        [10, 10],
      ]),
    ],
    [
      'rows on every page',
      places([
        [20, 25],
        [22, 25],
        [1, 25],
        [24, 25],
        [3, 7],
      ]),
    ],
    [
      'several pages in the middle',
      places([
        [25, 25],
        [0, 25],
        [0, 25],
        [0, 25],
        [25, 25],
      ]),
    ],
    [
      'the last pages',
      places([
        [25, 25],
        [10, 25],
        [0, 25],
        [0, 25],
      ]),
    ],
  ]

  describe.each(lists)('%s', (_name, all) => {
    it.each(['places', 'shown', 'echoed', 'no-total', 'no-pages'] as const)(
      'lose no row whichever way one walks, with figures that are %s',
      async (figures) => {
        for (const ownSize of [25, undefined]) {
          for (const way of WAYS) {
            const list = new GappyList({ places: all, ownSize, figures, behindEnd: 'empty' })
            const seen = await walk(list, way, { counts: [25], learns: true })
            expect(seen, `${way}, a size of ${ownSize}`).toEqual(list.ids)
          }
        }
      },
    )
  })

  it('begin an offset where it says, as far as pages were read', async () => {
    const list = new GappyList({ places: ofThree(22, 25), ownSize: 25, figures: 'places', behindEnd: 'empty' })
    for (const offset of [0, 24, 25, 26, 40]) {
      const slice = await readSlice(list.reader(), { kind: 'offset', offset, count: 25 }, noCursor)
      expect(idsOf(slice), `offset: ${offset}`).toEqual(list.ids.slice(offset, offset + 25))
    }
  })
})

const gappy: fc.Arbitrary<Gappy> = fc
  .record({
    length: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 260 })),
    holes: fc.array(fc.record({ at: fc.nat(260), length: fc.integer({ min: 1, max: 20 }) }), { maxLength: 5 }),
    ownSize: fc.option(fc.oneof(fc.constant(25), fc.integer({ min: 12, max: 40 })), { nil: undefined }),
    figures: fc.constantFrom('places', 'shown', 'echoed', 'no-pages', 'no-total', 'none'),
    behindEnd: fc.constantFrom('empty', 'last', 'first'),
    isOrdered: fc.boolean(),
  })
  .map(({ length, holes, isOrdered, ownSize, figures, behindEnd }) => {
    const isHole = (index: number) => holes.some(({ at, length: of }) => index >= at && index < at + of)
    const ids = Array.from({ length }, (_, index) => (isOrdered ? 5000 - index : 1000 + ((index * 307) % 641)))
    // Where nothing tells how many pages there are, an empty page is the end: one row of each page stays.
    const least = figures === 'none' ? 1 : figures === 'no-pages' ? 6 : 0
    const isKept = (index: number) => index % 10 < least
    // Where no page brings anything, no walk can tell the list from one that is lost.
    const isLast = (index: number) => index === length - 1
    return {
      places: ids.map((id, index) => (isHole(index) && !isKept(index) && !isLast(index) ? null : id)),
      ownSize,
      figures,
      behindEnd,
    } as Gappy
  })

describe('a walk over pages with holes', () => {
  it('gives exactly the rows that the upstream serves, in order, whichever way and however many at a time', async () => {
    await fc.assert(
      fc.asyncProperty(
        gappy,
        fc.constantFrom(...WAYS),
        fc.array(fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constantFrom(1, 25, 100)), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.boolean(),
        async (list, way, counts, learns) => {
          const gappyList = new GappyList(list)
          const isOffset = way.startsWith('offset')
          const isOrdered = list.places.every((id, index) => id === null || id === 5000 - index)
          // Pages of one size tell nothing of the holes in those of another, where no figure counts places.
          const countsPlaces = list.figures !== 'none' && list.figures !== 'shown'
          fc.pre(!isOffset || countsPlaces || list.ownSize !== undefined)
          // An offset is counted right by what was learnt of the pages ahead of it.
          const steps = { counts, learns: learns || isOffset || !isOrdered }
          expect(await walk(gappyList, way, steps)).toEqual(gappyList.ids)
        },
      ),
      { numRuns: 2000 },
    )
  })
})
