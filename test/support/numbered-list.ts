import type { ListHints } from '../../src/graphql/connection/paginator/list-hints.js'
import type { PageKey, PageResponse, Row } from '../../src/graphql/connection/paginator/page.js'
import type { PageSource } from '../../src/graphql/connection/paginator/page-reader.js'
import { Paginator } from '../../src/graphql/connection/paginator/paginator.js'
import type { Pagination } from '../../src/upstream/envelope/pagination.js'

/** How an upstream pages: each field is a quirk that was seen or must be expected. */
export interface Paging {
  /** A page size of its own, whatever `per_page` says. */
  readonly ownSize?: number
  /** The largest `per_page` it honours. */
  readonly sizeMax?: number
  readonly pagination: 'all' | 'none' | 'no-total' | 'no-pages' | 'no-per-page' | 'echoed-per-page' | 'shown-total'
  readonly order: 'newest-first' | 'oldest-first'
  /** A page past the end: empty unless given. */
  readonly pastEnd?: 'empty' | 'last' | 'first'
}

const CALLS_MAX = 20_000

/** A list that pages by number as an upstream does, in memory, and counts its calls. */
export class NumberedList implements PageSource<number> {
  calls = 0
  /** Runs after each response was made: rows come and go between two reads. */
  afterCall: () => void = () => {}
  /** What the list is sorted by. Set before the list is read. */
  sortedBy: (id: number) => number = (id) => id
  /** Rows that pages leave out after they were cut. */
  hidden: ReadonlySet<number> = new Set()
  /** The sort key that a row shows. */
  sortKeyOf: (id: number) => number = sortKeyOf
  #ids: number[]
  #sorted: readonly number[] | undefined

  constructor(
    ids: readonly number[],
    readonly paging: Paging,
  ) {
    this.#ids = [...ids]
  }

  /** Of the rows that pages show, in the order of the list. */
  get ids(): number[] {
    return this.#inOrder().filter((id) => !this.hidden.has(id))
  }

  paginator(hints: ListHints = {}): Paginator<number> {
    return new Paginator<number>(this, hints)
  }

  add(id: number): void {
    this.#ids.push(id)
    this.#sorted = undefined
  }

  remove(id: number): void {
    this.#ids = this.#ids.filter((other) => other !== id)
    this.#sorted = undefined
  }

  fetch({ number, size }: PageKey): Promise<PageResponse<number>> {
    this.calls += 1
    if (this.calls > CALLS_MAX) throw new Error(`more than ${CALLS_MAX} calls: reading does not end`)
    const { ownSize, sizeMax = 100, pastEnd = 'empty' } = this.paging
    const perPage = ownSize ?? Math.min(size, sizeMax)
    const sorted = this.#inOrder()
    const totalPages = Math.max(1, Math.ceil(sorted.length / perPage))
    const shown = number <= totalPages ? number : { empty: number, last: totalPages, first: 1 }[pastEnd]
    const ids = sorted.slice((shown - 1) * perPage, shown * perPage).filter((id) => !this.hidden.has(id))
    const all = { total: sorted.length, perPage, currentPage: number, totalPages }
    const response = {
      rows: ids.map((id) => ({ ...rowOf(id), sortKey: this.sortKeyOf(id) })),
      pagination: this.#pagination(all, size),
    }
    this.afterCall()
    return Promise.resolve(response)
  }

  #inOrder(): readonly number[] {
    const sign = this.paging.order === 'oldest-first' ? 1 : -1
    this.#sorted ??= this.#ids.toSorted((a, b) => sign * (this.sortedBy(a) - this.sortedBy(b)))
    return this.#sorted
  }

  #pagination(all: Pagination, requested: number): Pagination | undefined {
    if (this.paging.pagination === 'none') return undefined
    const changes = {
      all: {},
      'no-total': { total: undefined },
      'no-pages': { totalPages: undefined },
      'no-per-page': { perPage: undefined },
      'echoed-per-page': { perPage: requested },
      'shown-total': { total: (all.total ?? 0) - this.hidden.size },
    }
    return { ...all, ...changes[this.paging.pagination] }
  }
}

/** Three rows are created in the same second. */
export function sortKeyOf(id: number): number {
  return 1_700_000_000_000 + Math.floor(id / 3) * 1000
}

export function rowOf(id: number): Row<number> {
  return { id: String(id), sortKey: sortKeyOf(id), node: id }
}
