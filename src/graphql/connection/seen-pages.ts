import type { ListRow, ReadPage } from './pages.js'

/** What pages of one view of a list showed: a row, or a whole page, beside the number of the first page that did. */
interface View {
  readonly ids: Map<string, number>
  /** Of pages with rows that have no id. */
  readonly contents: Map<string, number>
  /** The places of those rows. */
  readonly nameless: Set<string>
}

/**
 * What the pages of one view of a list showed, side by side: whether a page brings an earlier one again, because the
 * upstream does not turn the page, or not that far, and whether a total counts fewer rows than were seen.
 */
export class SeenPages {
  readonly #views = new Map<string, View>()
  readonly #refuted = new Set<number>()
  #isEmpty = true
  /** The only page so far: it repeats none, and most lists are read no further. */
  #alone: ReadPage<unknown> | undefined

  add(page: ReadPage<unknown>): void {
    if (isRefutedByItself(page)) this.refute(page.figures?.total ?? 0)
    const first = this.#isEmpty ? page : undefined
    this.#isEmpty = false
    if (this.#alone !== undefined) this.#look(this.#alone)
    this.#alone = first
    if (first === undefined) this.#look(page)
  }

  /** By all rows, not by the first; those without an id are known by their content, among the same neighbours only. */
  isRepeat(page: ReadPage<unknown>): boolean {
    const { number, rows } = page
    if (rows.length === 0) return false
    const { ids, contents } = this.#viewOf(page)
    if (rows.every(({ id }) => id !== undefined && (ids.get(id) ?? number) < number)) return true
    const content = contentOf(rows)
    return content !== undefined && (contents.get(content) ?? number) < number
  }

  isRefuted(total: number | undefined): boolean {
    return total !== undefined && this.#refuted.has(total)
  }

  refute(total: number): void {
    this.#refuted.add(total)
  }

  #look(page: ReadPage<unknown>): void {
    const { number, rows, figures } = page
    const { ids, contents, nameless } = this.#viewOf(page)
    for (const { id } of rows) if (id !== undefined) note(ids, id, number)
    const content = contentOf(rows)
    if (content !== undefined) note(contents, content, number)
    const total = figures?.total
    if (total === undefined || this.isRepeat(page)) return
    rows.forEach(({ id }, index) => {
      if (id === undefined) nameless.add(`${number}/${index}`)
    })
    if (ids.size + nameless.size > total) this.refute(total)
  }

  /** Pages that tell another total are of another list: rows came or went in between. */
  #viewOf({ asked, figures }: ReadPage<unknown>): View {
    const name = `${asked}|${figures?.total ?? ''}`
    const view = this.#views.get(name) ?? { ids: new Map(), contents: new Map(), nameless: new Set() }
    this.#views.set(name, view)
    return view
  }
}

/** Whether its total is below its own rows, or is their number though it speaks of more pages than those could fill. */
function isRefutedByItself({ asked, rows, figures }: ReadPage<unknown>): boolean {
  const { total, totalPages = 0, perPage = asked } = figures ?? {}
  if (total === undefined || rows.length > total) return total !== undefined
  return total > 0 && total === rows.length && total <= perPage && totalPages > Math.ceil(total / perPage)
}

function note(firstPages: Map<string, number>, key: string, number: number): void {
  firstPages.set(key, Math.min(number, firstPages.get(key) ?? number))
}

/**
 * The same for the same rows in whatever order; undefined where each has an id to be known by, and where one cannot be told
 * from others.
 */
function contentOf(rows: readonly ListRow<unknown>[]): string | undefined {
  if (rows.every(({ id }) => id !== undefined)) return undefined
  const names = rows.map(({ id, content }) => id ?? (content === undefined ? undefined : `=${content}`))
  return names.includes(undefined) ? undefined : names.sort().join('|')
}
