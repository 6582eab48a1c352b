import type { ListRow, ReadPage } from './pages.js'

/**
 * What the pages of one view of a list showed, side by side: whether a page brings an earlier one again, because the
 * upstream does not turn the page, or not that far, and whether a total counts fewer rows than were seen.
 */
export class SeenPages {
  /** The first page that showed a row, or just these rows. */
  readonly #firstPages = new Map<string, number>()
  /** Rows seen beside one total. */
  readonly #rows = new Map<string, Set<string>>()
  readonly #refuted = new Set<number>()
  #isEmpty = true
  /** The only page so far: it repeats none, and most lists are read no further. */
  #alone: ReadPage<unknown> | undefined

  add(page: ReadPage<unknown>): void {
    const isAlone = this.#isEmpty && page.rows.length <= (page.figures?.total ?? Number.POSITIVE_INFINITY)
    this.#isEmpty = false
    if (this.#alone !== undefined) this.#look(this.#alone)
    this.#alone = isAlone ? page : undefined
    if (!isAlone) this.#look(page)
  }

  /** By all rows, not by the first; those without an id are known by their content, among the same neighbours only. */
  isRepeat(page: ReadPage<unknown>): boolean {
    const { number, rows } = page
    if (rows.length === 0 || this.#firstPages.size === 0) return false
    const view = viewOf(page)
    const isEarlier = (key: string | undefined) =>
      key !== undefined && (this.#firstPages.get(view + key) ?? number) < number
    return isEarlier(contentOf(rows)) || rows.every(({ id }) => isEarlier(id))
  }

  isRefuted(total: number | undefined): boolean {
    return total !== undefined && this.#refuted.has(total)
  }

  refute(total: number): void {
    this.#refuted.add(total)
  }

  #look(page: ReadPage<unknown>): void {
    const { number, rows, figures } = page
    const view = viewOf(page)
    for (const key of [...rows.map(({ id }) => id), contentOf(rows)]) {
      if (key === undefined) continue
      const first = this.#firstPages.get(view + key) ?? number
      this.#firstPages.set(view + key, Math.min(number, first))
    }
    const total = figures?.total
    if (total === undefined || this.isRepeat(page)) return
    const seen = this.#rows.get(view) ?? new Set()
    rows.forEach(({ id }, index) => {
      seen.add(id ?? `${number}/${index}`)
    })
    this.#rows.set(view, seen)
    if (seen.size > total || countsItself(page)) this.refute(total)
  }
}

/** Whether its total is the number of its own rows, though it speaks of more pages than those could fill. */
function countsItself({ asked, rows, figures }: ReadPage<unknown>): boolean {
  const { total = 0, totalPages = 0, perPage = asked } = figures ?? {}
  return total > 0 && total === rows.length && total <= perPage && totalPages > Math.ceil(total / perPage)
}

/** Pages that tell another total are of another list: rows came or went in between. */
function viewOf({ asked, figures }: ReadPage<unknown>): string {
  return `${asked}|${figures?.total ?? ''}|`
}

/** The same for the same rows in whatever order; undefined where a row cannot be told from others. */
function contentOf(rows: readonly ListRow<unknown>[]): string | undefined {
  const names = rows.map(({ id, content }) => id ?? (content === undefined ? undefined : `=${content}`))
  return names.includes(undefined) ? undefined : `*${names.sort().join('|')}`
}
