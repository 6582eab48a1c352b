import { describe, expect, it } from 'vitest'
import type { Slice } from '../../../../src/graphql/connection/continuity.js'
import type { Cursor } from '../../../../src/graphql/connection/cursor.js'
import type { ListHints } from '../../../../src/graphql/connection/paginator/list-hints.js'
import type { PageKey, PageResponse } from '../../../../src/graphql/connection/paginator/page.js'
import { Paginator } from '../../../../src/graphql/connection/paginator/paginator.js'
import { readSlice } from '../../../../src/graphql/connection/slice.js'
import type { Pagination } from '../../../../src/upstream/envelope/pagination.js'
import { walkList } from '../../../support/list-walk.js'
import { NumberedList } from '../../../support/numbered-list.js'

/** A paginator over an upstream that responds as it likes, with the pages that were requested. */
function over(respond: (page: PageKey) => PageResponse<number>, hints: ListHints = {}) {
  const requested: string[] = []
  const source = {
    fetch: ({ number, size }: PageKey) => {
      requested.push(`${number}/${size}`)
      if (requested.length > 500) throw new Error('more than 500 calls: reading does not end')
      return Promise.resolve(respond({ number, size }))
    },
  }
  return { paginator: new Paginator<number>(source, hints), requested }
}

const newestFirst = (length: number) => Array.from({ length }, (_, index) => length - index)
const rowsOf = (ids: readonly number[]) => ids.map((id) => ({ id: String(id), sortKey: id * 1000, node: id }))
const paginationOf = (total: number, perPage: number, currentPage: number): Pagination => ({
  total,
  perPage,
  currentPage,
  totalPages: Math.max(1, Math.ceil(total / perPage)),
})
const pageOf = (ids: readonly number[], { number, size }: PageKey) => ids.slice((number - 1) * size, number * size)
const idsOf = ({ rows }: Pick<Slice<number>, 'rows'>) => rows.map(({ id }) => Number(id))

const all = newestFirst(200)

type Quirk = [name: string, respond: (page: PageKey) => PageResponse<number>, ids: readonly number[]]
const QUIRKS: readonly Quirk[] = [
  [
    'always returns page 1 and says so',
    () => ({ rows: rowsOf(all.slice(0, 25)), pagination: paginationOf(200, 25, 1) }),
    all.slice(0, 25),
  ],
  [
    'always returns page 1 and does not say so',
    ({ number }) => ({
      rows: rowsOf(all.slice(0, 25)),
      pagination: { ...paginationOf(200, 25, number), currentPage: undefined },
    }),
    all.slice(0, 25),
  ],
  [
    'always returns page 1, without pagination',
    () => ({ rows: rowsOf(all.slice(0, 25)), pagination: undefined }),
    all.slice(0, 25),
  ],
  [
    'returns the last page again for every page past the end',
    ({ number, size }) => {
      const last = Math.min(number, 200 / size)
      return { rows: rowsOf(pageOf(all, { number: last, size })), pagination: paginationOf(200, size, last) }
    },
    all,
  ],
  [
    'returns the full last page again past the end, without pagination',
    ({ number, size }) => ({
      rows: rowsOf(pageOf(all, { number: Math.min(number, 200 / size), size })),
      pagination: undefined,
    }),
    all,
  ],
  [
    'counts its current page from 0',
    (page) => ({ rows: rowsOf(pageOf(all, page)), pagination: paginationOf(200, page.size, page.number - 1) }),
    all,
  ],
  [
    'always calls its current page the first',
    (page) => ({ rows: rowsOf(pageOf(all, page)), pagination: paginationOf(200, page.size, 1) }),
    all,
  ],
  [
    'counts rows that no page shows',
    (page) => ({ rows: rowsOf(pageOf(all, page)), pagination: paginationOf(230, page.size, page.number) }),
    all,
  ],
  [
    'counts rows of each page that it does not show',
    (page) => ({
      rows: rowsOf(pageOf(all, page).filter((id) => id % 10 !== 0)),
      pagination: { ...paginationOf(200, page.size, page.number), count: pageOf(all, page).length },
    }),
    all.filter((id) => id % 10 !== 0),
  ],
  [
    'counts 47 rows and shows one, as the documented page does',
    () => ({ rows: rowsOf([12345]), pagination: { ...paginationOf(47, 25, 1), count: 25 } }),
    [12345],
  ],
  [
    'returns everything in one page, whatever is requested',
    ({ number }) => ({ rows: number === 1 ? rowsOf(all) : [], pagination: undefined }),
    all,
  ],
]

describe('a paginator over an upstream with quirks', () => {
  it.each(QUIRKS)(
    'walks to the end and returns each row once where the upstream %s',
    async (_name, respond, wanted) => {
      for (const count of [1, 7, 25, 100]) {
        const hints: ListHints = {}
        const rows = await walkList((query) => readSlice(over(respond, hints).paginator, query), {
          kind: 'forward',
          count: () => count,
        })
        expect(idsOf({ rows }), `first: ${count}`).toEqual(wanted)
      }
    },
  )

  it.each(QUIRKS)('finds the last rows where the upstream %s', async (_name, respond, wanted) => {
    const slice = await readSlice(over(respond).paginator, { kind: 'backward', count: 5 })
    expect(idsOf(slice)).toEqual(wanted.slice(-5))
    expect(slice.hasNextPage).toBe(false)
  })

  it.each(QUIRKS)('ends its search for a row that is gone where the upstream %s', async (_name, respond) => {
    const { paginator, requested } = over(respond)
    const gone: Cursor = { position: 150, id: '900000', sortKey: 1, order: 2 }
    await readSlice(paginator, { kind: 'forward', count: 5, after: gone })
    await readSlice(paginator, { kind: 'backward', count: 5, before: { ...gone, id: '1', order: 0 } })
    expect(requested.length).toBeLessThan(60)
  })

  it('takes two calls, not 47, where the documented page is the whole list', async () => {
    const { paginator, requested } = over(() => ({
      rows: rowsOf([12345]),
      pagination: { ...paginationOf(47, 25, 1), count: 25 },
    }))
    const slice = await readSlice(paginator, { kind: 'forward', count: 25 })
    expect(idsOf(slice)).toEqual([12345])
    expect(requested).toEqual(['1/25', '2/25'])
  })

  it('builds no list of a million page numbers for an absurd total', async () => {
    const { paginator } = over(({ number, size }) => ({
      rows: rowsOf(pageOf(all, { number, size })),
      pagination: paginationOf(Number.MAX_SAFE_INTEGER, size, number),
    }))
    await paginator.page(1, 100)
    expect(paginator.unreadPages(3)).toEqual([2, 3, 4])
  })
})

describe('hints from earlier requests', () => {
  const honest = { pagination: 'all', order: 'newest-first' } as const

  it.each([
    [10, 200],
    [50, 51],
    [100, 101],
    [200, 201],
    [200, 199],
    [200, 50],
    [202, 200],
    [1000, 3],
    [7, 0],
  ])('finds the last rows with a hinted length of %i and a real one of %i', async (hinted, real) => {
    const list = new NumberedList(newestFirst(real), honest)
    for (const count of [1, 10, 25, 100]) {
      const hints: ListHints = { total: hinted }
      const slice = await readSlice(list.paginator(hints), { kind: 'backward', count })
      expect(idsOf(slice), `last: ${count}`).toEqual(newestFirst(real).slice(-count))
      expect(slice.hasNextPage).toBe(false)
      expect(slice.hasPreviousPage).toBe(real > count)
      expect(hints.total).toBe(real)
    }
  })

  it('does not take a list of three rows for one with pages of three', async () => {
    const hints: ListHints = {}
    const short = over(() => ({ rows: rowsOf([3, 2, 1]), pagination: paginationOf(3, 3, 1) }), hints)
    await readSlice(short.paginator, { kind: 'forward', count: 25 })
    const grown = new NumberedList(newestFirst(100), honest)
    await readSlice(grown.paginator(hints), { kind: 'forward', count: 100 })
    expect(grown.calls).toBe(1)
  })

  it('reads pages concurrently from the first call when a hint has the page size of the upstream', async () => {
    const hints: ListHints = {}
    const list = new NumberedList(newestFirst(200), { ...honest, ownSize: 25 })
    await readSlice(list.paginator(hints), { kind: 'forward', count: 26 })
    let [inFlight, peak] = [0, 0]
    const fetch = async (page: PageKey) => {
      inFlight += 1
      peak = Math.max(peak, inFlight)
      await new Promise((resolve) => setImmediate(resolve))
      inFlight -= 1
      return list.fetch(page)
    }
    await readSlice(new Paginator<number>({ fetch }, hints), { kind: 'forward', count: 100 })
    expect(peak).toBe(4)
  })
})

describe('a paginator', () => {
  it('reads a page once, and again if the read failed', async () => {
    let fails = true
    const { paginator, requested } = over((page) => {
      if (fails) throw new Error('down')
      return { rows: rowsOf(pageOf(newestFirst(30), page)), pagination: paginationOf(30, page.size, page.number) }
    })
    const reading = [paginator.page(1, 25), paginator.page(1, 25)]
    expect(await Promise.allSettled(reading)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }])
    expect(requested).toEqual(['1/25'])
    fails = false
    const pages = await Promise.all([paginator.page(1, 25), paginator.page(1, 25)])
    expect(pages[0]).toBe(pages[1])
    expect(requested).toEqual(['1/25', '1/25'])
  })

  it('a paginator is idle only when no read leads to another page', async () => {
    const list = new NumberedList(newestFirst(200), { pagination: 'all', order: 'newest-first', ownSize: 25 })
    const fetch = async (page: PageKey) => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      return list.fetch(page)
    }
    const paginator = new Paginator<number>({ fetch }, {})
    const reading = readSlice(paginator, { kind: 'forward', count: 100 })
    await paginator.idle()
    expect(list.calls).toBe(4)
    await reading
    expect(list.calls).toBe(4)
  })

  it('finds a row by its id on the last page that had it, even after it forgot its pages', async () => {
    const list = new NumberedList(newestFirst(60), { pagination: 'all', order: 'newest-first' })
    const paginator = list.paginator()
    await paginator.pages(0, 25, 'head')
    expect(paginator.findRow('60')).toMatchObject({ node: 60 })
    expect(paginator.findRow('1')).toBeUndefined()
    paginator.forget()
    expect(paginator.findRow('60')).toMatchObject({ node: 60 })
  })
})
