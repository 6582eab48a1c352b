import type { ListHints } from '../../src/graphql/connection/list-reader.js'
import { ListReader } from '../../src/graphql/connection/list-reader.js'
import type { ListSource } from '../../src/graphql/connection/page-reader.js'
import type { ListRow, Page, PageAnswer } from '../../src/graphql/connection/pages.js'
import type { Pagination } from '../../src/upstream/pagination.js'

/** How an upstream pages: each field is a quirk that was seen or must be expected. */
export interface Paging {
  /** A page size of its own, whatever `per_page` says. */
  readonly ownSize?: number
  /** The largest `per_page` it honours. */
  readonly sizeMax?: number
  readonly figures: 'all' | 'none' | 'no-total' | 'no-per-page' | 'echoed-per-page'
  readonly order: 'newest-first' | 'oldest-first'
}

export interface ListEntry {
  readonly id: number
  readonly createdAtMs: number
}

const CALLS_MAX = 20_000

/** A list that pages by number as an upstream does, in memory, and counts how often it is asked. */
export class NumberedList implements ListSource<number> {
  calls = 0
  entries: ListEntry[]
  /** Runs after each answer was made: rows come and go between two reads. */
  afterCall: () => void = () => {}
  /** What the list is sorted by. */
  shuffle: (id: number) => number = (id) => id
  /** Of every row that a reader was given. */
  readonly seen = new Set<string>()

  constructor(
    ids: readonly number[],
    readonly paging: Paging,
  ) {
    this.entries = ids.map(entryOf)
  }

  /** In the order in which the list gives them. */
  get ids(): number[] {
    const sorted = this.entries.map((entry) => entry.id).sort((a, b) => this.shuffle(a) - this.shuffle(b))
    return this.paging.order === 'oldest-first' ? sorted : sorted.reverse()
  }

  reader(hints: ListHints = {}): ListReader<number> {
    return new ListReader<number>(this, hints)
  }

  add(id: number): void {
    this.entries.push(entryOf(id))
  }

  remove(id: number): void {
    this.entries = this.entries.filter((entry) => entry.id !== id)
  }

  onPage({ rows }: Page<number>): void {
    for (const { id } of rows) if (id !== undefined) this.seen.add(id)
  }

  fetch({ number, size }: { number: number; size: number }): Promise<PageAnswer<number>> {
    this.calls += 1
    if (this.calls > CALLS_MAX) throw new Error(`asked more than ${CALLS_MAX} times: the reader does not end`)
    const perPage = this.paging.ownSize ?? Math.min(size, this.paging.sizeMax ?? 100)
    const ids = this.ids
    const rows = ids.slice((number - 1) * perPage, number * perPage).map(rowOf)
    const answer = { rows, figures: this.#figures({ number, perPage, asked: size, total: ids.length }) }
    this.afterCall()
    return Promise.resolve(answer)
  }

  #figures(page: { number: number; perPage: number; asked: number; total: number }): Pagination | undefined {
    const { number, perPage, asked, total } = page
    const all = { total, perPage, currentPage: number, totalPages: Math.max(1, Math.ceil(total / perPage)) }
    switch (this.paging.figures) {
      case 'all':
        return all
      case 'none':
        return undefined
      case 'no-total':
        return { ...all, total: undefined }
      case 'no-per-page':
        return { ...all, perPage: undefined }
      case 'echoed-per-page':
        return { ...all, perPage: asked }
    }
  }
}

function entryOf(id: number): ListEntry {
  return { id, createdAtMs: 1_700_000_000_000 + Math.floor(id / 3) * 1000 }
}

function rowOf(id: number): ListRow<number> {
  return { id: String(id), createdAtMs: entryOf(id).createdAtMs, node: id }
}
