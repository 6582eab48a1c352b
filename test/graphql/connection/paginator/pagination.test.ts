import { describe, expect, it } from 'vitest'
import type { SliceQuery } from '../../../../src/graphql/connection/arguments.js'
import type { PositionedRow } from '../../../../src/graphql/connection/continuity.js'
import type { ListHints } from '../../../../src/graphql/connection/paginator/list-hints.js'
import type { PageKey, PageResponse, Row } from '../../../../src/graphql/connection/paginator/page.js'
import { Paginator } from '../../../../src/graphql/connection/paginator/paginator.js'
import { readSlice } from '../../../../src/graphql/connection/slice.js'
import { walkList } from '../../../support/list-walk.js'
import { rowOf } from '../../../support/numbered-list.js'

type Respond = (number: number) => PageResponse<number>
type Numbers = Readonly<Record<string, number>>

const SIZE = 25
const ids = Array.from({ length: 60 }, (_, index) => 1060 - index)
const rowsOn = (number: number) => ids.slice((number - 1) * SIZE, number * SIZE).map(rowOf)
const pagination = (number: number, given: Numbers) => ({
  total: undefined,
  perPage: SIZE,
  currentPage: number,
  totalPages: undefined,
  ...given,
})

/** Pages of 25, whatever is requested. */
function over(respond: Respond) {
  const requested: number[] = []
  const source = {
    fetch: async ({ number }: PageKey) => {
      requested.push(number)
      if (requested.length > 300) throw new Error('more than 300 calls: reading does not end')
      return respond(number)
    },
  }
  const hints: ListHints = {}
  const read = (query: SliceQuery) => readSlice(new Paginator<number>(source, hints), query)
  return { read, requested }
}

const namesOf = ({ rows }: { readonly rows: readonly Row<number>[] }) => rows.map(({ id, content }) => id ?? content)

async function walk(read: ReturnType<typeof over>['read'], kind: 'forward' | 'backward', count: number) {
  const rows: readonly PositionedRow<number>[] = await walkList(read, { kind, count: () => count })
  return namesOf({ rows })
}

describe('pagination that the rows contradict', () => {
  it.each<[string, Numbers]>([
    ['a total of 0', { total: 0 }],
    ['a total of 0 on no pages', { total: 0, totalPages: 0 }],
    ['a total of 0 on one page', { total: 0, totalPages: 1 }],
    ['a total lower than the rows of the first page', { total: 7, totalPages: 1 }],
    ['a total lower than the rows', { total: 30, totalPages: 2 }],
    ['a total lower than the rows, and the right number of pages', { total: 30, totalPages: 3 }],
    ['too many pages', { total: 60, totalPages: 1000 }],
    ['too few pages', { total: 60, totalPages: 1 }],
    ['a higher total', { total: 90, totalPages: 4 }],
  ])('returns every row when the pagination has %s', async (_name, given) => {
    const respond: Respond = (number) => ({ rows: rowsOn(number), pagination: pagination(number, given) })
    for (const count of [10, 25, 60, 100]) {
      expect(await walk(over(respond).read, 'forward', count), `first: ${count}`).toEqual(ids.map(String))
    }
  })

  it('returns no total when the pagination counts fewer rows than were read', async () => {
    for (const total of [0, 7, 30]) {
      const { read } = over((number) => ({ rows: rowsOn(number), pagination: pagination(number, { total }) }))
      const slice = await read({ kind: 'forward', count: 60 })
      expect(namesOf(slice)).toEqual(ids.map(String))
      expect(slice).toMatchObject({ total: undefined, hasNextPage: false })
    }
  })

  it('returns no total when another page counts fewer rows than the slice has', async () => {
    // Each page counts its own rows; the one past the end counts none.
    const respond: Respond = (number) => ({
      rows: rowsOn(number),
      pagination: pagination(number, { total: rowsOn(number).length, totalPages: 3 }),
    })
    for (const count of [7, 24, 60, 100]) {
      for (const kind of ['forward', 'backward'] as const) {
        expect(await walk(over(respond).read, kind, count), `${kind} ${count}`).toEqual(ids.map(String))
        expect((await over(respond).read({ kind, count })).total, `${kind} ${count}`).toBeUndefined()
      }
    }
    const shrinking: Respond = (number) => ({
      rows: rowsOn(number),
      pagination: pagination(number, { total: Math.max(0, rowsOn(number).length - 1), totalPages: 3 }),
    })
    expect((await over(shrinking).read({ kind: 'forward', count: 100 })).total).toBeUndefined()
  })

  it('returns the total when one page has that many rows, whatever it says about further pages', async () => {
    const respond: Respond = () => ({
      rows: rowsOn(1),
      pagination: pagination(1, { total: 25, perPage: 10, totalPages: 3 }),
    })
    expect(await over(respond).read({ kind: 'forward', count: 100 })).toMatchObject({ total: 25 })
  })

  it('does not end a list before the last row of a page that is longer than the pagination says', async () => {
    // One page of 30 for any size, which is echoed: an offset of 25 lies on it.
    const rows = ids.slice(0, 30).map(rowOf)
    const respond: Respond = (number) => ({
      rows: number === 1 ? rows : [],
      pagination: pagination(number, { totalPages: 1 }),
    })
    const slice = await over(respond).read({ kind: 'offset', offset: 25, count: 10 })
    expect(namesOf(slice)).toEqual(ids.slice(25, 30).map(String))
  })

  it('returns an error, after few calls, when the pagination counts rows and no page has one', async () => {
    for (const given of [
      { total: 25_000, totalPages: 1000 },
      { totalPages: 1000 },
      { total: 5, totalPages: 1 },
      { total: 40 },
    ]) {
      for (const query of [
        { kind: 'forward', count: 25 },
        { kind: 'backward', count: 25 },
        { kind: 'offset', count: 25, offset: 3 },
      ] as const) {
        const { read, requested } = over((number) => ({ rows: [], pagination: pagination(number, given) }))
        await expect(read(query), JSON.stringify([given, query])).rejects.toMatchObject({ code: 'UPSTREAM_MALFORMED' })
        expect(requested.length).toBeLessThanOrEqual(25)
      }
    }
  })

  it('ends a walk with an error, not as a complete list, when the pagination promises rows after many empty pages', async () => {
    const given = { total: 25_000, totalPages: 1000 }
    const { read } = over((number) => ({ rows: rowsOn(number), pagination: pagination(number, given) }))
    const slice = await read({ kind: 'forward', count: 100 })
    expect(namesOf(slice)).toEqual(ids.map(String))
    expect(slice.hasNextPage).toBe(true)
    await expect(walk(read, 'forward', 100)).rejects.toMatchObject({ code: 'UPSTREAM_MALFORMED' })
  })

  it.each<[string, Numbers | undefined]>([
    ['no pagination', undefined],
    ['a total of 0', { total: 0, totalPages: 0 }],
    ['one empty page', { totalPages: 1 }],
  ])('takes a list as empty: %s', async (_name, given) => {
    const { read } = over((number) => ({ rows: [], pagination: given && pagination(number, given) }))
    const queries: SliceQuery[] = [
      { kind: 'forward', count: 25 },
      { kind: 'backward', count: 25 },
      { kind: 'offset', count: 25, offset: 3 },
    ]
    for (const query of queries) {
      expect(await read(query)).toMatchObject({ rows: [], hasNextPage: false, hasPreviousPage: false })
    }
  })
})

const unreadable = (content: string): Row<number> => ({ id: undefined, node: new Error('unreadable'), content })

describe('the same rows on every page', () => {
  const firstUnreadable = [unreadable('a'), ...rowsOn(1).slice(1)]
  const allUnreadable = Array.from({ length: SIZE }, (_, index) => unreadable(`row ${index}`))
  const allAlike = Array.from({ length: SIZE }, () => unreadable('null'))

  it.each<[string, readonly Row<number>[]]>([
    ['are readable', rowsOn(1)],
    ['begin with one that has no id', firstUnreadable],
    ['have no ids', allUnreadable],
    ['are all alike', allAlike],
  ])('ends the list at repeated rows that %s, with pagination and without, in any order', async (_name, rows) => {
    const wanted = rows.map(({ id, content }) => id ?? content)
    const turned = (number: number) => (number % 2 === 0 ? rows.toReversed() : rows)
    for (const given of [undefined, { total: 200, totalPages: 8 }, { total: 200 }, { totalPages: 3 }]) {
      const { read, requested } = over((number) => ({
        rows: turned(number),
        pagination: given && pagination(number, given),
      }))
      const slice = await read({ kind: 'forward', count: 100 })
      expect(namesOf(slice)).toEqual(wanted)
      expect(slice.hasNextPage).toBe(false)
      expect(requested.length).toBeLessThanOrEqual(10)
    }
    const last = over((number) => ({ rows: turned(number), pagination: undefined }))
    expect(namesOf(await last.read({ kind: 'backward', count: 100 }))).toEqual(wanted)
    expect(last.requested.length).toBeLessThanOrEqual(3)
  })

  it('ends the list where the last page is repeated past the end, however many of its rows are readable', async () => {
    const lastPage = [unreadable('x'), ...rowsOn(3).slice(1)]
    for (const given of [undefined, { total: 60, totalPages: 3 }, { total: 60 }]) {
      const respond: Respond = (number) => ({
        rows: number < 3 ? rowsOn(number) : lastPage,
        pagination: given && pagination(number, given),
      })
      const wanted = [...ids.slice(0, 50).map(String), 'x', ...ids.slice(51).map(String)]
      for (const count of [10, 100]) {
        expect(await walk(over(respond).read, 'forward', count)).toEqual(wanted)
        expect(await walk(over(respond).read, 'backward', count)).toEqual(wanted)
      }
      // Without pagination only a walk can tell where the list ends.
      if (given === undefined) continue
      const pastEnd = await over(respond).read({ kind: 'offset', count: 10, offset: 500 })
      expect(pastEnd).toMatchObject({ rows: [], hasNextPage: false, hasPreviousPage: true })
    }
  })

  it('does not take similar rows for repeated ones', async () => {
    const respond: Respond = (number) => ({
      rows: number > 3 ? [] : [...rowsOn(number).slice(1), unreadable('null')],
      pagination: pagination(number, { total: 60, totalPages: 3 }),
    })
    expect(await walk(over(respond).read, 'forward', 25)).toHaveLength(60)
  })
})
