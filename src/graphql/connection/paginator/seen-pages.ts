import type { FetchedPage, Row } from './page.js'

/** What pages of one requested size and total contained: the first page of each row, or of each set of rows without ids. */
interface Sighting {
  readonly ids: Map<string, number>
  readonly contents: Map<string, number>
  /** Positions of rows without an id. */
  readonly nameless: Set<string>
}

/**
 * Compares the pages of a list: whether one repeats an earlier one, because the upstream ignores `page`, always or past the
 * end, and whether a total counts fewer rows than were read.
 */
export class SeenPages {
  readonly #sightings = new Map<string, Sighting>()
  readonly #refutedTotals = new Set<number>()

  add(page: FetchedPage<unknown>): void {
    const { number, rows, pagination } = page
    const { ids, contents, nameless } = this.#sightingOf(page)
    for (const { id } of rows) if (id !== undefined) keepLower(ids, id, number)
    const content = contentOf(rows)
    if (content !== undefined) keepLower(contents, content, number)
    const total = pagination?.total
    if (total === undefined) return
    if (refutesItself(page)) this.refute(total)
    if (this.isRepeat(page)) return
    rows.forEach(({ id }, index) => {
      if (id === undefined) nameless.add(`${number}/${index}`)
    })
    if (ids.size + nameless.size > total) this.refute(total)
  }

  /** Compares all rows, in any order; rows without an id by their content. */
  isRepeat(page: FetchedPage<unknown>): boolean {
    const { number, rows } = page
    if (rows.length === 0) return false
    const { ids, contents } = this.#sightingOf(page)
    if (rows.every(({ id }) => id !== undefined && (ids.get(id) ?? number) < number)) return true
    const content = contentOf(rows)
    return content !== undefined && (contents.get(content) ?? number) < number
  }

  isRefuted(total: number | undefined): boolean {
    return total !== undefined && this.#refutedTotals.has(total)
  }

  refute(total: number): void {
    this.#refutedTotals.add(total)
  }

  /** Pages with another total belong to another state of the list: rows were created or deleted in between. */
  #sightingOf({ requestedSize, pagination }: FetchedPage<unknown>): Sighting {
    const name = `${requestedSize}|${pagination?.total ?? ''}`
    const sighting = this.#sightings.get(name) ?? { ids: new Map(), contents: new Map(), nameless: new Set() }
    this.#sightings.set(name, sighting)
    return sighting
  }
}

/** Whether the total is lower than the page's rows, or equals them while more pages are claimed than they could fill. */
function refutesItself({ requestedSize, rows, pagination }: FetchedPage<unknown>): boolean {
  const { total, totalPages = 0, perPage = requestedSize } = pagination ?? {}
  if (total === undefined || rows.length > total) return total !== undefined
  return total > 0 && total === rows.length && total <= perPage && totalPages > Math.ceil(total / perPage)
}

function keepLower(numbers: Map<string, number>, key: string, number: number): void {
  numbers.set(key, Math.min(number, numbers.get(key) ?? number))
}

/** Equal for the same rows in any order; undefined when every row has an id, or one has neither an id nor content. */
function contentOf(rows: readonly Row<unknown>[]): string | undefined {
  if (rows.every(({ id }) => id !== undefined)) return undefined
  const names = rows.map(({ id, content }) => id ?? (content === undefined ? undefined : `=${content}`))
  return names.includes(undefined) ? undefined : names.sort().join('|')
}
