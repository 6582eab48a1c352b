import { type ListHints, ListReader } from '../../src/graphql/connection/list-reader.js'
import type { ListRow, PageAnswer } from '../../src/graphql/connection/pages.js'
import type { Pagination } from '../../src/upstream/pagination.js'

/** A list whose upstream leaves rows out after it has cut the pages: a place is a row's id, or null where it is left out. */
export interface Gappy {
  readonly places: readonly (number | null)[]
  /** A page size of its own, whatever `per_page` says. */
  readonly ownSize: number | undefined
  /** `places` counts what was cut, `shown` what is shown; `no-pages` leaves `totalPages` out. */
  readonly figures: 'places' | 'shown' | 'echoed' | 'no-pages' | 'no-total' | 'none'
  readonly behindEnd: 'empty' | 'last' | 'first'
}

type Asked = { readonly number: number; readonly size: number }

export class GappyList {
  calls = 0

  constructor(readonly list: Gappy) {}

  get ids(): number[] {
    return this.list.places.filter((id) => id !== null)
  }

  reader(hints: ListHints = {}): ListReader<number> {
    return new ListReader<number>({ fetch: (page) => this.#fetch(page), onPage: () => {} }, hints)
  }

  async #fetch(asked: Asked): Promise<PageAnswer<number>> {
    this.calls += 1
    if (this.calls > 20_000) throw new Error('asked more than 20,000 times: the reader does not end')
    const { places, ownSize, behindEnd } = this.list
    const size = ownSize ?? asked.size
    const pages = Math.max(1, Math.ceil(places.length / size))
    const isBehind = asked.number > pages
    const shown = !isBehind ? asked.number : behindEnd === 'last' ? pages : behindEnd === 'first' ? 1 : asked.number
    const rows = places.slice((shown - 1) * size, shown * size).filter((id) => id !== null)
    return { rows: rows.map(rowOf), figures: this.#figures(asked, size, pages) }
  }

  #figures({ number, size: perPageAsked }: Asked, perPage: number, totalPages: number): Pagination | undefined {
    const all = { total: this.list.places.length, perPage, currentPage: number, totalPages }
    switch (this.list.figures) {
      case 'places':
        return all
      case 'shown':
        return { ...all, total: this.ids.length }
      case 'echoed':
        return { ...all, perPage: perPageAsked }
      case 'no-pages':
        return { ...all, totalPages: undefined }
      case 'no-total':
        return { ...all, total: undefined }
      case 'none':
        return undefined
    }
  }
}

export function rowOf(id: number): ListRow<number> {
  return { id: String(id), createdAtMs: 1_700_000_000_000 + id * 1000, node: id }
}
