import { describe, expect, it } from 'vitest'
import type { RowPlace } from '../../../src/graphql/connection/cursor.js'
import { type ListHints, ListReader } from '../../../src/graphql/connection/list-reader.js'
import type { ListRow, PageAnswer } from '../../../src/graphql/connection/pages.js'
import { readSlice, type Slice } from '../../../src/graphql/connection/slice.js'
import type { Window } from '../../../src/graphql/connection/window.js'
import { rowOf } from '../../support/gappy-list.js'

type Answering = (number: number) => PageAnswer<number>
type Figures = Readonly<Record<string, number>>

const SIZE = 25
const ids = Array.from({ length: 60 }, (_, index) => 1060 - index)
const rowsOn = (number: number) => ids.slice((number - 1) * SIZE, number * SIZE).map(rowOf)
const figures = (number: number, given: Figures) => ({
  total: undefined,
  perPage: SIZE,
  currentPage: number,
  totalPages: undefined,
  ...given,
})

/** Pages of 25 whatever is asked. */
function over(answer: Answering) {
  const asked: number[] = []
  const source = {
    fetch: async ({ number }: { number: number }) => {
      asked.push(number)
      if (asked.length > 300) throw new Error('asked more than 300 times: the reader does not end')
      return answer(number)
    },
    onPage: () => {},
  }
  const hints: ListHints = {}
  const read = (window: Window, place?: RowPlace) =>
    readSlice(new ListReader<number>(source, hints), window, () => place as RowPlace)
  return { read, asked }
}

const namesOf = (slice: Slice<number>) => slice.rows.map(({ row }) => row.id ?? row.content)

async function walk(read: ReturnType<typeof over>['read'], way: 'forward' | 'backward', count: number) {
  const seen: (string | undefined)[] = []
  let place: RowPlace | undefined
  for (let step = 0; step < 100; step += 1) {
    const cursor = place && (way === 'forward' ? { after: 'cursor' } : { before: 'cursor' })
    const slice = await read({ kind: way, count, ...cursor }, place)
    if (way === 'forward') seen.push(...namesOf(slice))
    else seen.unshift(...namesOf(slice))
    const edge = slice.rows.at(way === 'forward' ? -1 : 0)
    if (!edge || !(way === 'forward' ? slice.hasNextPage : slice.hasPreviousPage)) return seen
    place = { position: edge.position, id: edge.row.id, createdAtMs: edge.row.createdAtMs, order: slice.order }
  }
  throw new Error('the walk does not end')
}

describe('figures that the rows contradict', () => {
  it.each<[string, Figures]>([
    ['a total of 0', { total: 0 }],
    ['a total of 0 on no pages', { total: 0, totalPages: 0 }],
    ['a total of 0 on one page', { total: 0, totalPages: 1 }],
    ['a total smaller than the first page', { total: 7, totalPages: 1 }],
    ['a total smaller than the rows', { total: 30, totalPages: 2 }],
    ['a total smaller than the rows, and the right number of pages', { total: 30, totalPages: 3 }],
    ['too many pages', { total: 60, totalPages: 1000 }],
    ['too few pages', { total: 60, totalPages: 1 }],
    ['a larger total', { total: 90, totalPages: 4 }],
  ])('cost no row: %s', async (_name, given) => {
    const answer: Answering = (number) => ({ rows: rowsOn(number), figures: figures(number, given) })
    for (const count of [10, 25, 60, 100]) {
      expect(await walk(over(answer).read, 'forward', count), `first: ${count}`).toEqual(ids.map(String))
    }
  })

  it('are not told when fewer rows are counted than were seen', async () => {
    for (const total of [0, 7, 30]) {
      const { read } = over((number) => ({ rows: rowsOn(number), figures: figures(number, { total }) }))
      const slice = await read({ kind: 'forward', count: 60 })
      expect(namesOf(slice)).toEqual(ids.map(String))
      expect(slice).toMatchObject({ total: undefined, hasNextPage: false })
    }
  })

  it('are not told when another page counts fewer rows than are given', async () => {
    // Each page counts what it brings itself; the one behind the end counts none.
    const answer: Answering = (number) => ({
      rows: rowsOn(number),
      figures: figures(number, { total: rowsOn(number).length, totalPages: 3 }),
    })
    for (const count of [7, 24, 60, 100]) {
      for (const kind of ['forward', 'backward'] as const) {
        expect(await walk(over(answer).read, kind, count), `${kind} ${count}`).toEqual(ids.map(String))
        expect((await over(answer).read({ kind, count })).total, `${kind} ${count}`).toBeUndefined()
      }
    }
    const shrinking: Answering = (number) => ({
      rows: rowsOn(number),
      figures: figures(number, { total: Math.max(0, rowsOn(number).length - 1), totalPages: 3 }),
    })
    expect((await over(shrinking).read({ kind: 'forward', count: 100 })).total).toBeUndefined()
  })

  it('are told when one page brings all rows and calls their number the total, whatever it says of pages', async () => {
    const answer: Answering = () => ({
      rows: rowsOn(1),
      figures: figures(1, { total: 25, perPage: 10, totalPages: 3 }),
    })
    expect(await over(answer).read({ kind: 'forward', count: 100 })).toMatchObject({ total: 25 })
  })

  it('do not end a list before the rows of a page that is longer than they say', async () => {
    // One page of 30 in answer to any size, which is echoed: an offset of 25 lies on it.
    const rows = ids.slice(0, 30).map(rowOf)
    const answer: Answering = (number) => ({
      rows: number === 1 ? rows : [],
      figures: figures(number, { totalPages: 1 }),
    })
    const slice = await over(answer).read({ kind: 'offset', offset: 25, count: 10 })
    expect(namesOf(slice)).toEqual(ids.slice(25, 30).map(String))
  })

  it('are an error where no page brings a row, after few calls', async () => {
    for (const given of [
      { total: 25_000, totalPages: 1000 },
      { totalPages: 1000 },
      { total: 5, totalPages: 1 },
      { total: 40 },
    ]) {
      for (const window of [
        { kind: 'forward', count: 25 },
        { kind: 'backward', count: 25 },
        { kind: 'offset', count: 25, offset: 3 },
      ] as const) {
        const { read, asked } = over((number) => ({ rows: [], figures: figures(number, given) }))
        await expect(read(window), JSON.stringify([given, window])).rejects.toMatchObject({
          code: 'UPSTREAM_MALFORMED',
        })
        expect(asked.length).toBeLessThanOrEqual(25)
      }
    }
  })

  it('end a walk with an error, not with an end, where nobody can tell how many empty pages follow', async () => {
    const given = { total: 25_000, totalPages: 1000 }
    const { read } = over((number) => ({ rows: rowsOn(number), figures: figures(number, given) }))
    const slice = await read({ kind: 'forward', count: 100 })
    expect(namesOf(slice)).toEqual(ids.map(String))
    expect(slice.hasNextPage).toBe(true)
    await expect(walk(read, 'forward', 100)).rejects.toMatchObject({ code: 'UPSTREAM_MALFORMED' })
  })

  it.each<[string, Figures | undefined]>([
    ['none', undefined],
    ['a total of 0', { total: 0, totalPages: 0 }],
    ['one empty page', { totalPages: 1 }],
  ])('do not speak against an empty list: %s', async (_name, given) => {
    const { read } = over((number) => ({ rows: [], figures: given && figures(number, given) }))
    const windows: Window[] = [
      { kind: 'forward', count: 25 },
      { kind: 'backward', count: 25 },
      { kind: 'offset', count: 25, offset: 3 },
    ]
    for (const window of windows) {
      expect(await read(window)).toMatchObject({ rows: [], hasNextPage: false, hasPreviousPage: false })
    }
  })
})

const unreadable = (content: string): ListRow<number> => ({
  id: undefined,
  createdAtMs: undefined,
  node: new Error('unreadable'),
  content,
})

describe('the same rows for ever', () => {
  const page = (number: number): ListRow<number>[] => rowsOn(number)
  const firstUnreadable = [unreadable('a'), ...page(1).slice(1)]
  const allUnreadable = Array.from({ length: SIZE }, (_, index) => unreadable(`row ${index}`))
  const allAlike = Array.from({ length: SIZE }, () => unreadable('null'))

  it.each<[string, readonly ListRow<number>[]]>([
    ['are readable', page(1)],
    ['begin with one that has no id', firstUnreadable],
    ['have no ids', allUnreadable],
    ['are all alike', allAlike],
  ])('end the list when they %s, with figures and without, in any order', async (_name, rows) => {
    const wanted = rows.map(({ id, content }) => id ?? content)
    const turned = (number: number) => (number % 2 === 0 ? rows.toReversed() : rows)
    for (const given of [undefined, { total: 200, totalPages: 8 }, { total: 200 }, { totalPages: 3 }]) {
      const { read, asked } = over((number) => ({ rows: turned(number), figures: given && figures(number, given) }))
      const slice = await read({ kind: 'forward', count: 100 })
      expect(namesOf(slice)).toEqual(wanted)
      expect(slice.hasNextPage).toBe(false)
      expect(asked.length).toBeLessThanOrEqual(10)
    }
    const last = over((number) => ({ rows: turned(number), figures: undefined }))
    expect(namesOf(await last.read({ kind: 'backward', count: 100 }))).toEqual(wanted)
    expect(last.asked.length).toBeLessThanOrEqual(3)
  })

  it('end the list where the last page comes again behind the end, whatever of it can be read', async () => {
    const lastPage = [unreadable('x'), ...page(3).slice(1)]
    for (const given of [undefined, { total: 60, totalPages: 3 }, { total: 60 }]) {
      const answer: Answering = (number) => ({
        rows: number < 3 ? page(number) : lastPage,
        figures: given && figures(number, given),
      })
      const wanted = [...ids.slice(0, 50).map(String), 'x', ...ids.slice(51).map(String)]
      for (const count of [10, 100]) {
        expect(await walk(over(answer).read, 'forward', count)).toEqual(wanted)
        expect(await walk(over(answer).read, 'backward', count)).toEqual(wanted)
      }
      // Without figures only a walk can tell where the list ends.
      if (given === undefined) continue
      const behind = await over(answer).read({ kind: 'offset', count: 10, offset: 500 })
      expect(behind).toMatchObject({ rows: [], hasNextPage: false, hasPreviousPage: true })
    }
  })

  it('are not seen in rows that only look alike', async () => {
    const answer: Answering = (number) => ({
      rows: number > 3 ? [] : [...page(number).slice(1), unreadable('null')],
      figures: figures(number, { total: 60, totalPages: 3 }),
    })
    expect(await walk(over(answer).read, 'forward', 25)).toHaveLength(60)
  })
})

describe('rows with ids of any kind', () => {
  it.each([
    ['ULIDs', (id: number) => `01HZ7N9K3R0F2QW3X4Y5Z6${String(id).padStart(4, '0')}`],
    ['words', (id: number) => `link-${id}`],
    ['digits beyond a double', (id: number) => `9007199254740${id}`],
  ])('are walked, and found again when they moved: %s', async (_name, idOf) => {
    const list = ids.map((id) => ({ ...rowOf(id), id: idOf(id) }))
    const answer: Answering = (number) => ({
      rows: list.slice((number - 1) * SIZE, number * SIZE),
      figures: figures(number, { total: list.length, totalPages: Math.ceil(list.length / SIZE) }),
    })
    const { read } = over(answer)
    expect(await walk(read, 'forward', 10)).toEqual(list.map(({ id }) => id))
    const [row] = list.slice(9)
    list.unshift(...Array.from({ length: 40 }, (_, index) => ({ ...rowOf(2040 - index), id: idOf(2040 - index) })))
    const place = { position: 9, id: row?.id, createdAtMs: row?.createdAtMs ?? 0, order: undefined }
    const slice = await read({ kind: 'forward', count: 3, after: 'cursor' }, place)
    expect(namesOf(slice)).toEqual(list.slice(50, 53).map(({ id }) => id))
  })
})
