import type { ListHints } from '../../src/graphql/connection/paginator/list-hints.js'
import type { PageKey, PageResponse, Row } from '../../src/graphql/connection/paginator/page.js'
import type { PageSource } from '../../src/graphql/connection/paginator/page-reader.js'
import { Paginator } from '../../src/graphql/connection/paginator/paginator.js'
import type { Pagination } from '../../src/upstream/pagination.js'

/** How an upstream pages: each field is a quirk that was seen or must be expected. */
export interface Paging {
  /** A page size of its own, whatever `per_page` says. */
  readonly ownSize?: number
  /** The largest `per_page` it honours. */
  readonly sizeMax?: number
  readonly pagination: 'all' | 'none' | 'no-total' | 'no-per-page' | 'echoed-per-page'
  readonly order: 'newest-first' | 'oldest-first'
}

const CALLS_MAX = 20_000

/** A list that pages by number as an upstream does, in memory, and counts its calls. */
export class NumberedList implements PageSource<number> {
  calls = 0
  /** Runs after each response was made: rows come and go between two reads. */
  afterCall: () => void = () => {}
  /** What the list is sorted by. */
  sortedBy: (id: number) => number = (id) => id
  /** The sort key that a row shows. */
  sortKeyOf: (id: number) => number = sortKeyOf
  #ids: number[]

  constructor(
    ids: readonly number[],
    readonly paging: Paging,
  ) {
    this.#ids = [...ids]
  }

  /** In the order in which the list gives them. */
  get ids(): number[] {
    const sorted = this.#ids.toSorted((a, b) => this.sortedBy(a) - this.sortedBy(b))
    return this.paging.order === 'oldest-first' ? sorted : sorted.reverse()
  }

  paginator(hints: ListHints = {}): Paginator<number> {
    return new Paginator<number>(this, hints)
  }

  add(id: number): void {
    this.#ids.push(id)
  }

  remove(id: number): void {
    this.#ids = this.#ids.filter((other) => other !== id)
  }

  fetch({ number, size }: PageKey): Promise<PageResponse<number>> {
    this.calls += 1
    if (this.calls > CALLS_MAX) throw new Error(`more than ${CALLS_MAX} calls: reading does not end`)
    const perPage = this.paging.ownSize ?? Math.min(size, this.paging.sizeMax ?? 100)
    const ids = this.ids
    const pageIds = ids.slice((number - 1) * perPage, number * perPage)
    const rows = pageIds.map((id): Row<number> => ({ id: String(id), sortKey: this.sortKeyOf(id), node: id }))
    const response = { rows, pagination: this.#pagination({ number, perPage, requested: size, total: ids.length }) }
    this.afterCall()
    return Promise.resolve(response)
  }

  #pagination(page: { number: number; perPage: number; requested: number; total: number }): Pagination | undefined {
    const { number, perPage, requested, total } = page
    const all = { total, perPage, currentPage: number, totalPages: Math.max(1, Math.ceil(total / perPage)) }
    switch (this.paging.pagination) {
      case 'all':
        return all
      case 'none':
        return undefined
      case 'no-total':
        return { ...all, total: undefined }
      case 'no-per-page':
        return { ...all, perPage: undefined }
      case 'echoed-per-page':
        return { ...all, perPage: requested }
    }
  }
}

/** Three rows are created in the same second. */
export function sortKeyOf(id: number): number {
  return 1_700_000_000_000 + Math.floor(id / 3) * 1000
}
