import { hasCode } from '../../kernel/errors.js'
import { orderShown } from './order.js'
import { needsFirstPage, type Page, type PageAnswer, placePage, repeats } from './pages.js'
import { joinPages, type Range } from './seams.js'

/** What earlier answers taught about a list: a hint where to ask, never an answer. */
export interface ListHints {
  /** Rows of a page of an upstream that does not honour `per_page`. */
  pageSize?: number | undefined
  total?: number | undefined
  /** Index into `ORDERS`. */
  order?: number | undefined
}

export interface ListSource<Node> {
  fetch(page: {
    readonly number: number
    readonly size: number
    readonly freshness: 'shared' | 'fresh'
  }): Promise<PageAnswer<Node>>
  /** Told of every page when it has come. */
  onPage(page: Page<Node>): void
}

/** Small when a small page holds all that is wanted, else as few calls as the upstream allows. */
export const SMALL_PAGE = 25
export const LARGE_PAGE = 100
/** How often reading begins anew because the upstream turns out to page by another size. */
const SIZES_TRIED_MAX = 3

/**
 * Reads a list that the upstream pages by number. Every page is read once until `forget`, so that what was found on a page
 * keeps its position while rows come and go upstream.
 */
export class ListReader<Node> {
  readonly #pages = new Map<string, Promise<Page<Node>>>()
  /** Pages that have come, by their first row. */
  readonly #landed = new Map<string, Page<Node>>()
  #freshness: 'shared' | 'fresh' = 'shared'
  #trust = false
  #pageSize: number | undefined
  #lastSize: number | undefined
  #end: number | undefined
  /** Where an empty page stood: the list ends there or before, whatever its figures count, until they count otherwise. */
  #endMost = Number.POSITIVE_INFINITY
  #lastTotal: number | undefined

  constructor(
    private readonly source: ListSource<Node>,
    private readonly hints: ListHints,
  ) {
    this.#pageSize = hints.pageSize
  }

  /** Index into `ORDERS` of the order the list was last seen in. */
  get order(): number | undefined {
    return this.hints.order
  }

  /** Resolves when no page read is under way, also none that a reader begins when it has seen another; never rejects. */
  async idle(): Promise<void> {
    let known: number
    do {
      known = this.#pages.size
      await Promise.allSettled(this.#pages.values())
      await turnOfEventLoop()
    } while (known !== this.#pages.size)
  }

  /**
   * Numbers of the pages of the largest size not read yet, no more than `max` of them; undefined while nothing tells how
   * long the list is.
   */
  unreadPages(max: number): readonly number[] | undefined {
    const size = this.largePageSize
    const end = this.#knownEnd
    if (end === undefined) return undefined
    const numbers: number[] = []
    for (let number = 1; number <= Math.ceil(end / size) && numbers.length < max; number += 1) {
      if (!this.#pages.has(keyOf(number, size))) numbers.push(number)
    }
    return numbers
  }

  /** The first page of the largest size that was not read yet. */
  get nextPage(): number {
    let number = 1
    while (this.#pages.has(keyOf(number, this.largePageSize))) number += 1
    return number
  }

  /** The page size to ask for when much of the list is wanted. */
  get largePageSize(): number {
    return this.#pageSize ?? LARGE_PAGE
  }

  page(number: number, size: number): Promise<Page<Node>> {
    return this.#pages.get(keyOf(number, size)) ?? this.#read(number, size)
  }

  /** The page that holds a position, in the size in which the upstream gives it. */
  async pageAt(position: number): Promise<Page<Node>> {
    const pages = await this.#pagesOver(position, position + 1, 'head')
    return pages[0] as Page<Node>
  }

  /** Rows of the whole list; without figures the list is walked to its end. */
  async end(): Promise<number> {
    if (this.#knownEnd !== undefined) return this.#knownEnd
    const first = await this.pageAt(0)
    for (let page = first; ; page = await this.page(page.number + 1, first.size)) {
      if (page.end !== undefined) return page.end
      if (page.rows.length === 0) return page.start
    }
  }

  /**
   * Rows from `from` up to and without `to`, as far as there are; more when a page brings more, and one more page when
   * only that shows where the list ends.
   */
  async range(from: number, to: number, keep: 'head' | 'tail'): Promise<Range<Node>> {
    const range = joinPages(await this.#pagesOver(from, to, keep), { keep, trust: this.#trust })
    const stop = (range.rows.at(-1)?.position ?? from) + 1
    return { ...range, hasRowsBehind: range.hasRowsBehind && stop < this.#endMost }
  }

  /** Begins anew, past every cache: what was read did not fit together. */
  forget(): void {
    this.#pages.clear()
    this.#landed.clear()
    this.#freshness = 'fresh'
  }

  /** From here on pages are joined even where the list changed between two reads. */
  trustSeams(): void {
    this.#trust = true
  }

  get #knownEnd(): number | undefined {
    const end = Math.min(this.#end ?? this.hints.total ?? Number.POSITIVE_INFINITY, this.#endMost)
    return Number.isFinite(end) ? end : undefined
  }

  async #pagesOver(from: number, to: number, keep: 'head' | 'tail'): Promise<Page<Node>[]> {
    for (let tries = 1; ; tries += 1) {
      const size = this.#sizeFor(from, to, keep)
      const pages = await this.#hintedPages(from, to, size)
      while (await this.#extend(pages, to, size)) {}
      // The upstream pages by a size of its own, which is known from here on: begin again with it.
      if (tries === SIZES_TRIED_MAX || pages.every((page) => page.size === size)) return pages
    }
  }

  /** Reads on: all that is missing at once where the list's length is known, else one page. False when nothing is. */
  async #extend(pages: Page<Node>[], to: number, size: number): Promise<boolean> {
    const end = endOf(pages)
    const wanted = end === undefined ? to + 1 : Math.min(to, end)
    const missing = numbersFrom((pages.at(-1)?.number ?? 0) + 1, Math.ceil(wanted / size))
    if (missing.length === 0 || pages.some((page) => page.size !== size || page.rows.length === 0)) return false
    const next = end === undefined ? missing.slice(0, 1) : missing
    pages.push(...(await Promise.all(next.map((number) => this.page(number, size)))))
    return true
  }

  /** The first page wanted, with all the others when an earlier answer told how long the list is. */
  #hintedPages(from: number, to: number, size: number): Promise<Page<Node>[]> {
    const first = Math.floor(from / size) + 1
    const last = Math.max(first, Math.ceil(Math.min(to, this.hints.total ?? 0) / size))
    return Promise.all(numbersFrom(first, last).map((number) => this.page(number, size)))
  }

  /** The size of a page that was read of the asked side already: positions found there hold in no other view. */
  #sizeFor(from: number, to: number, keep: 'head' | 'tail'): number {
    if (this.#pageSize !== undefined) return this.#pageSize
    const last = Math.max(from, to - 1)
    const anchor = keep === 'head' ? from : last
    const isHere = (size: number) => this.#pages.has(keyOf(Math.floor(anchor / size) + 1, size))
    const known = [this.#lastSize, SMALL_PAGE, LARGE_PAGE].find((size) => size !== undefined && isHere(size))
    const fitsSmall = Math.floor(from / SMALL_PAGE) === Math.floor(last / SMALL_PAGE)
    return known ?? (fitsSmall ? SMALL_PAGE : LARGE_PAGE)
  }

  #read(number: number, size: number): Promise<Page<Node>> {
    const reading = this.#fetch(number, size)
    this.#lastSize = size
    this.#pages.set(keyOf(number, size), reading)
    reading.then(
      (page) => {
        if (page.size !== size && this.#isCurrent(number, size, reading)) {
          this.#pages.set(keyOf(page.number, page.size), reading)
        }
        this.#learn(page, size)
        this.source.onPage(page)
      },
      // The caller gets the rejection; a later caller may try again.
      () => this.#isCurrent(number, size, reading) && this.#pages.delete(keyOf(number, size)),
    )
    return reading
  }

  async #fetch(number: number, size: number): Promise<Page<Node>> {
    const answer = await this.source.fetch({ number, size, freshness: this.#freshness }).catch((error: unknown) => {
      if (size > SMALL_PAGE && hasCode(error, 'UPSTREAM_REJECTED')) return undefined
      throw error
    })
    if (answer === undefined) return this.#inSmallPages((number - 1) * size)
    const firstPage = needsFirstPage({ number, size }, answer) ? await this.page(1, size) : undefined
    return this.#withoutRepeats(placePage({ number, size, firstPage }, answer))
  }

  /** The largest page that the upstream gives is not documented: where it refuses one, it is asked for small ones. */
  #inSmallPages(position: number): Promise<Page<Node>> {
    this.#pageSize = SMALL_PAGE
    this.hints.pageSize = SMALL_PAGE
    return this.page(Math.floor(position / SMALL_PAGE) + 1, SMALL_PAGE)
  }

  /** A page that brings the rows of an earlier one again has none of its own: the list ends with the earlier one. */
  #withoutRepeats(page: Page<Node>): Page<Node> {
    const firstId = page.rows[0]?.id
    const earlier = firstId === undefined ? undefined : this.#landed.get(firstId)
    if (earlier && repeats(page, earlier)) return { ...page, rows: [], end: earlier.start + earlier.rows.length }
    if (firstId !== undefined) this.#landed.set(firstId, page)
    return page
  }

  #isCurrent(number: number, size: number, reading: Promise<Page<Node>>): boolean {
    return this.#pages.get(keyOf(number, size)) === reading
  }

  #learn(page: Page<Node>, askedSize: number): void {
    if (page.size !== askedSize) this.#pageSize = page.size
    if (page.end !== undefined) this.#end = page.end
    this.hints.order = orderShown(page.rows) ?? this.hints.order
    if (page.total !== this.#lastTotal) this.#endMost = Number.POSITIVE_INFINITY
    this.#lastTotal = page.total
    if (page.rows.length === 0) this.#endMost = Math.min(page.start, page.end ?? page.start, this.#endMost)
    if (page.total === undefined) return
    // A length told by figures lasts; one guessed from a first page is only good for this reader.
    this.hints.total = page.total
    // The one page of a short list may call its own length a page's.
    if (page.size !== askedSize && page.total > page.size) this.hints.pageSize = page.size
  }
}

/** Whoever waits for a page gets to ask for the next one. */
function turnOfEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function endOf<Node>(pages: readonly Page<Node>[]): number | undefined {
  return pages.findLast((page) => page.end !== undefined)?.end
}

function numbersFrom(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
}

function keyOf(number: number, size: number): string {
  return `${size}/${number}`
}
