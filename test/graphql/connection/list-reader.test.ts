import { describe, expect, it } from 'vitest'
import type { RowPlace } from '../../../src/graphql/connection/cursor.js'
import { type ListHints, ListReader } from '../../../src/graphql/connection/list-reader.js'
import type { PageAnswer } from '../../../src/graphql/connection/pages.js'
import { readSlice, type Slice } from '../../../src/graphql/connection/slice.js'
import type { Window } from '../../../src/graphql/connection/window.js'
import type { Pagination } from '../../../src/upstream/pagination.js'
import { NumberedList } from '../../support/numbered-list.js'

type Asked = { readonly number: number; readonly size: number }

/** A reader over an upstream that answers as it likes, with the pages it was asked for. */
function over(answer: (page: Asked) => PageAnswer<number>, hints: ListHints = {}) {
  const asked: string[] = []
  const source = {
    fetch: ({ number, size }: Asked) => {
      asked.push(`${number}/${size}`)
      if (asked.length > 500) throw new Error('asked more than 500 times: the reader does not end')
      return Promise.resolve(answer({ number, size }))
    },
    onPage: () => {},
  }
  return { reader: new ListReader<number>(source, hints), asked }
}

const newestFirst = (length: number) => Array.from({ length }, (_, index) => length - index)
const rowsOf = (ids: readonly number[]) => ids.map((id) => ({ id: String(id), createdAtMs: id * 1000, node: id }))
const figuresOf = (total: number, perPage: number, currentPage: number): Pagination => ({
  total,
  perPage,
  currentPage,
  totalPages: Math.max(1, Math.ceil(total / perPage)),
})
const pageOf = (ids: readonly number[], { number, size }: Asked) => ids.slice((number - 1) * size, number * size)

const noCursor = (): RowPlace => ({ position: 0, id: undefined, createdAtMs: undefined, order: undefined })
const idsOf = (slice: Slice<number>) => slice.rows.map(({ row }) => Number(row.id))

/** Forward from the start by cursor until there is no next page. */
async function walk(read: (window: Window, place: RowPlace) => Promise<Slice<number>>, count: number) {
  const seen: number[] = []
  let place: RowPlace | undefined
  for (let step = 0; step < 300; step += 1) {
    const slice = await read(
      { kind: 'forward', count, ...(place === undefined ? {} : { after: 'cursor' }) },
      place ?? noCursor(),
    )
    seen.push(...idsOf(slice))
    const last = slice.rows.at(-1)
    if (!slice.hasNextPage || !last) return seen
    place = { position: last.position, id: last.row.id, createdAtMs: last.row.createdAtMs, order: slice.order }
  }
  throw new Error('the walk does not end')
}

describe('a list reader over an upstream with quirks', () => {
  const all = newestFirst(200)

  const quirks: [string, (page: Asked) => PageAnswer<number>, readonly number[]][] = [
    [
      'never turns the page and says so',
      () => ({ rows: rowsOf(all.slice(0, 25)), figures: figuresOf(200, 25, 1) }),
      all.slice(0, 25),
    ],
    [
      'never turns the page and does not say so',
      ({ number }) => ({
        rows: rowsOf(all.slice(0, 25)),
        figures: { ...figuresOf(200, 25, number), currentPage: undefined },
      }),
      all.slice(0, 25),
    ],
    [
      'never turns the page and gives no figures',
      () => ({ rows: rowsOf(all.slice(0, 25)), figures: undefined }),
      all.slice(0, 25),
    ],
    [
      'gives the last page again for every page behind the end',
      ({ number, size }) => {
        const last = Math.min(number, 200 / size)
        return { rows: rowsOf(pageOf(all, { number: last, size })), figures: figuresOf(200, size, last) }
      },
      all,
    ],
    [
      'gives the full last page again behind the end, without figures',
      ({ number, size }) => ({
        rows: rowsOf(pageOf(all, { number: Math.min(number, 200 / size), size })),
        figures: undefined,
      }),
      all,
    ],
    [
      'counts its current page from 0',
      (page) => ({ rows: rowsOf(pageOf(all, page)), figures: figuresOf(200, page.size, page.number - 1) }),
      all,
    ],
    [
      'always calls its current page the first',
      (page) => ({ rows: rowsOf(pageOf(all, page)), figures: figuresOf(200, page.size, 1) }),
      all,
    ],
    [
      'counts rows that no page shows',
      (page) => ({ rows: rowsOf(pageOf(all, page)), figures: figuresOf(230, page.size, page.number) }),
      all,
    ],
    [
      'counts rows of each page that it does not show',
      (page) => ({
        rows: rowsOf(pageOf(all, page).filter((id) => id % 10 !== 0)),
        figures: { ...figuresOf(200, page.size, page.number), count: pageOf(all, page).length },
      }),
      all.filter((id) => id % 10 !== 0),
    ],
    [
      'counts 47 rows and shows one, as the documented page does',
      () => ({ rows: rowsOf([12345]), figures: { ...figuresOf(47, 25, 1), count: 25 } }),
      [12345],
    ],
    [
      'gives everything in one page, whatever is asked',
      ({ number }) => ({ rows: number === 1 ? rowsOf(all) : [], figures: undefined }),
      all,
    ],
  ]

  it.each(quirks)('walks to the end and meets each row once where it %s', async (_name, answer, wanted) => {
    for (const count of [1, 7, 25, 100]) {
      const hints: ListHints = {}
      const seen = await walk((window, place) => readSlice(over(answer, hints).reader, window, () => place), count)
      expect(seen, `first: ${count}`).toEqual(wanted)
    }
  })

  it.each(quirks)('finds the last rows where it %s', async (_name, answer, wanted) => {
    const slice = await readSlice(over(answer).reader, { kind: 'backward', count: 5 }, noCursor)
    expect(idsOf(slice)).toEqual(wanted.slice(-5))
    expect(slice.hasNextPage).toBe(false)
  })

  it.each(quirks)('ends its search for a row that is gone where it %s', async (_name, answer) => {
    const { reader, asked } = over(answer)
    const gone: RowPlace = { position: 150, id: '900000', createdAtMs: 1, order: 2 }
    await readSlice(reader, { kind: 'forward', count: 5, after: 'cursor' }, () => gone)
    await readSlice(reader, { kind: 'backward', count: 5, before: 'cursor' }, () => ({ ...gone, id: '1', order: 0 }))
    expect(asked.length).toBeLessThan(60)
  })

  it('asks twice, not 47 times, where the documented page is all there is', async () => {
    const { reader, asked } = over(() => ({ rows: rowsOf([12345]), figures: { ...figuresOf(47, 25, 1), count: 25 } }))
    const slice = await readSlice(reader, { kind: 'forward', count: 25 }, noCursor)
    expect(idsOf(slice)).toEqual([12345])
    expect(asked).toEqual(['1/25', '2/25'])
  })

  it('does not build a list of a million page numbers for a figure that makes no sense', async () => {
    const { reader } = over(({ number, size }) => ({
      rows: rowsOf(pageOf(all, { number, size })),
      figures: figuresOf(Number.MAX_SAFE_INTEGER, size, number),
    }))
    await reader.page(1, 100)
    expect(reader.unreadPages(3)).toEqual([2, 3, 4])
  })
})

describe('what a list reader learnt before', () => {
  const honest = { figures: 'all', order: 'newest-first' } as const

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
  ])('is only a hint: with a length of %i in mind, the last rows of %i are still the last', async (learnt, real) => {
    const list = new NumberedList(newestFirst(real), honest)
    for (const count of [1, 10, 25, 100]) {
      const hints: ListHints = { total: learnt }
      const slice = await readSlice(list.reader(hints), { kind: 'backward', count }, noCursor)
      expect(idsOf(slice), `last: ${count}`).toEqual(newestFirst(real).slice(-count))
      expect(slice.hasNextPage).toBe(false)
      expect(slice.hasPreviousPage).toBe(real > count)
      expect(hints.total).toBe(real)
    }
  })

  it('never makes a short list of three rows a list that pages by three', async () => {
    const hints: ListHints = {}
    const short = over(() => ({ rows: rowsOf([3, 2, 1]), figures: figuresOf(3, 3, 1) }), hints)
    await readSlice(short.reader, { kind: 'forward', count: 25 }, noCursor)
    const grown = new NumberedList(newestFirst(100), honest)
    await readSlice(grown.reader(hints), { kind: 'forward', count: 100 }, noCursor)
    expect(grown.calls).toBe(1)
  })

  it('makes pages of an upstream with a size of its own be asked side by side at once', async () => {
    const hints: ListHints = {}
    const list = new NumberedList(newestFirst(200), { ...honest, ownSize: 25 })
    await readSlice(list.reader(hints), { kind: 'forward', count: 26 }, noCursor)
    let underWay = 0
    let peak = 0
    const reader = new ListReader<number>(
      {
        fetch: async (page) => {
          underWay += 1
          peak = Math.max(peak, underWay)
          await new Promise((resolve) => setImmediate(resolve))
          underWay -= 1
          return list.fetch(page)
        },
        onPage: () => {},
      },
      hints,
    )
    await readSlice(reader, { kind: 'forward', count: 100 }, noCursor)
    expect(peak).toBe(4)
  })
})

describe('a list reader in one request', () => {
  it('reads a page once, and again when the read failed', async () => {
    let fails = true
    const { reader, asked } = over((page) => {
      if (fails) throw new Error('down')
      return { rows: rowsOf(pageOf(newestFirst(30), page)), figures: figuresOf(30, page.size, page.number) }
    })
    const readings = [reader.page(1, 25), reader.page(1, 25)]
    expect(await Promise.allSettled(readings)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }])
    expect(asked).toEqual(['1/25'])
    fails = false
    const pages = await Promise.all([reader.page(1, 25), reader.page(1, 25)])
    expect(pages[0]).toBe(pages[1])
    expect(asked).toEqual(['1/25', '1/25'])
  })

  it('is idle only when no reader wants another page', async () => {
    const list = new NumberedList(newestFirst(200), { figures: 'all', order: 'newest-first', ownSize: 25 })
    const fetch = async (page: Asked) => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      return list.fetch(page)
    }
    const reader = new ListReader<number>({ fetch, onPage: () => {} }, {})
    const reading = readSlice(reader, { kind: 'forward', count: 100 }, noCursor)
    await reader.idle()
    expect(list.calls).toBe(4)
    await reading
    expect(list.calls).toBe(4)
  })
})
