import { orderShown } from './order.js'
import { needsFirstPage, type Page, type PageAnswer, placePage } from './pages.js'
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
const LARGE_PAGE = 100
/** How often reading begins anew because the upstream turns out to page by another size. */
const SIZES_TRIED_MAX = 3

/**
 * Reads a list that the upstream pages by number. Every page is read once until `forget`, so that what was found on a page
 * keeps its position while rows come and go upstream.
 */
export class ListReader<Node> {
  readonly #pages = new Map<string, Promise<Page<Node>>>()
  #freshness: 'shared' | 'fresh' = 'shared'
  #trust = false
  #pageSize: number | undefined
  #lastSize: number | undefined
  #end: number | undefined
  /** Where an empty page stood: the list ends there or before. */
  #endMost: number | undefined

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

  get hasRead(): boolean {
    return this.#pages.size > 0
  }

  /** Resolves when no page read is under way; never rejects. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#pages.values())
  }

  /** Numbers of the pages of the largest size not read yet; undefined while nothing tells how long the list is. */
  get unreadPages(): readonly number[] | undefined {
    const size = this.largePageSize
    const end = this.#end ?? this.hints.total ?? this.#endMost
    if (end === undefined) return undefined
    return numbersFrom(1, Math.ceil(end / size)).filter((number) => !this.#pages.has(keyOf(number, size)))
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
    const known = this.#end ?? this.hints.total
    if (known !== undefined) return known
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
    return joinPages(await this.#pagesOver(from, to, keep), { keep, trust: this.#trust })
  }

  /** Begins anew, past every cache: what was read did not fit together. */
  forget(): void {
    this.#pages.clear()
    this.#freshness = 'fresh'
  }

  /** From here on pages are joined even where the list changed between two reads. */
  trustSeams(): void {
    this.#trust = true
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
    const answer = await this.source.fetch({ number, size, freshness: this.#freshness })
    const asked = { number, size }
    if (!needsFirstPage(asked, answer)) return placePage(asked, answer)
    return placePage({ ...asked, firstPage: await this.page(1, size) }, answer)
  }

  #isCurrent(number: number, size: number, reading: Promise<Page<Node>>): boolean {
    return this.#pages.get(keyOf(number, size)) === reading
  }

  #learn(page: Page<Node>, askedSize: number): void {
    if (page.size !== askedSize) this.#pageSize = page.size
    if (page.end !== undefined) this.#end = page.end
    this.hints.order = orderShown(page.rows) ?? this.hints.order
    if (page.rows.length === 0) this.#endMost = Math.min(page.start, this.#endMost ?? page.start)
    if (page.total === undefined) return
    // A length told by figures lasts; one guessed from a first page is only good for this reader.
    this.hints.total = page.total
    if (page.size !== askedSize) this.hints.pageSize = page.size
  }
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
