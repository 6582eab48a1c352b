import type { ListHints } from '../../src/graphql/connection/paginator/list-hints.js'
import type { PageKey, PageResponse, Row } from '../../src/graphql/connection/paginator/page.js'
import { Paginator } from '../../src/graphql/connection/paginator/paginator.js'
import type { Pagination } from '../../src/upstream/envelope/pagination.js'

/** A list whose upstream leaves rows out after it has cut the pages. */
export interface Sparse {
  /** By position: the id of the row, or null where it is left out. */
  readonly positions: readonly (number | null)[]
  /** A page size of its own, whatever `per_page` says. */
  readonly ownSize: number | undefined
  /** `positions` counts what was cut, `shown` what is shown; `no-pages` leaves `totalPages` out. */
  readonly pagination: 'positions' | 'shown' | 'echoed' | 'no-pages' | 'no-total' | 'none'
  readonly pastEnd: 'empty' | 'last' | 'first'
}

export class SparseList {
  calls = 0

  constructor(readonly list: Sparse) {}

  get ids(): number[] {
    return this.list.positions.filter((id) => id !== null)
  }

  paginator(hints: ListHints = {}): Paginator<number> {
    return new Paginator<number>({ fetch: (page) => this.#fetch(page) }, hints)
  }

  async #fetch(requested: PageKey): Promise<PageResponse<number>> {
    this.calls += 1
    if (this.calls > 20_000) throw new Error('more than 20,000 calls: reading does not end')
    const { positions, ownSize, pastEnd } = this.list
    const size = ownSize ?? requested.size
    const pages = Math.max(1, Math.ceil(positions.length / size))
    const isPastEnd = requested.number > pages
    const shown = isPastEnd && pastEnd === 'last' ? pages : isPastEnd && pastEnd === 'first' ? 1 : requested.number
    const rows = positions.slice((shown - 1) * size, shown * size).filter((id) => id !== null)
    return { rows: rows.map(rowOf), pagination: this.#pagination(requested, size, pages) }
  }

  #pagination(requested: PageKey, perPage: number, totalPages: number): Pagination | undefined {
    const all = { total: this.list.positions.length, perPage, currentPage: requested.number, totalPages }
    switch (this.list.pagination) {
      case 'positions':
        return all
      case 'shown':
        return { ...all, total: this.ids.length }
      case 'echoed':
        return { ...all, perPage: requested.size }
      case 'no-pages':
        return { ...all, totalPages: undefined }
      case 'no-total':
        return { ...all, total: undefined }
      case 'none':
        return undefined
    }
  }
}

export function rowOf(id: number): Row<number> {
  return { id: String(id), sortKey: 1_700_000_000_000 + id * 1000, node: id }
}
