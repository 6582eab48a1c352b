import { orderShown } from './order.js'
import { LARGE_PAGE, type ListSource, PageReader, type SizeHints, SMALL_PAGE } from './page-reader.js'
import type { Page } from './pages.js'
import { joinPages, type Range } from './seams.js'

/** What earlier answers taught about a list: a hint where to ask, never an answer. */
export interface ListHints extends SizeHints {
  /** Places of the whole list. */
  total?: number | undefined
  /** Index into `ORDERS`. */
  order?: number | undefined
  /** Whether pages were seen to leave places empty. */
  isSparse?: boolean | undefined
}

const PAGES_AT_ONCE_MAX = 100
/** How often reading begins anew because the upstream turns out to page by another size. */
const SIZES_TRIED_MAX = 3

/**
 * Reads a list that the upstream pages by number. Every page is read once until `forget`, so that what was found on a page
 * keeps its position while rows come and go upstream.
 */
export class ListReader<Node> {
  readonly #pages: PageReader<Node>
  #trust = false
  #end: number | undefined

  constructor(
    source: ListSource<Node>,
    private readonly hints: ListHints,
  ) {
    this.#pages = new PageReader(source, hints)
  }

  /** Index into `ORDERS` of the order the list was last seen in. */
  get order(): number | undefined {
    return this.hints.order
  }

  /** Whether pages leave places empty, so that a row's position is more than the number of rows ahead of it. */
  get isSparse(): boolean {
    return this.hints.isSparse === true
  }

  /** Changes when pages turn out to have another size, and so every position to be another. */
  get resized(): number {
    return this.#pages.resized
  }

  /** Resolves when no page read is under way, also none that a reader begins when it has seen another; never rejects. */
  idle(): Promise<void> {
    return this.#pages.idle()
  }

  /**
   * Numbers of the pages of the largest size not read yet, no more than `max` of them; undefined while nothing tells how
   * long the list is.
   */
  unreadPages(max: number): readonly number[] | undefined {
    const asked = this.largePageSize
    const end = this.#knownEnd
    if (end === undefined) return undefined
    const numbers: number[] = []
    for (let number = 1; number <= Math.ceil(end / this.#pages.sizeOf(asked)) && numbers.length < max; number += 1) {
      if (!this.#pages.has(number, asked)) numbers.push(number)
    }
    return numbers
  }

  /** The first page of the largest size that was not read yet. */
  get nextPage(): number {
    let number = 1
    while (this.#pages.has(number, this.largePageSize)) number += 1
    return number
  }

  /** The `per_page` to ask for when much of the list is wanted. */
  get largePageSize(): number {
    return this.#pages.settledOn ?? LARGE_PAGE
  }

  /** @param asked the `per_page` to ask for */
  async page(number: number, asked: number): Promise<Page<Node>> {
    const [page] = await this.#read([number], asked)
    return page as Page<Node>
  }

  /** The page that holds a position, in the size in which the upstream gives it. */
  async pageAt(position: number): Promise<Page<Node>> {
    const pages = await this.#pagesOver(position, position + 1, 'head')
    return pages[0] as Page<Node>
  }

  /** Places of the whole list, at the most; without figures the list is walked to its end. */
  async end(): Promise<number> {
    if (this.#knownEnd !== undefined) return this.#knownEnd
    let end = 0
    for (let page = await this.pageAt(0); ; page = await this.page(page.number + 1, page.asked)) {
      if (page.end !== undefined) return page.end
      if (page.rows.length > 0) end = page.start + page.rows.length
      if (page.hasMore === false) return end
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
    this.#pages.forget()
  }

  /** From here on pages are joined even where the list changed between two reads. */
  trustSeams(): void {
    this.#trust = true
  }

  get #knownEnd(): number | undefined {
    return this.#end ?? this.hints.total
  }

  async #pagesOver(from: number, to: number, keep: 'head' | 'tail'): Promise<Page<Node>[]> {
    for (let tries = 1; ; tries += 1) {
      const asked = this.#askedFor(from, to, keep)
      const size = this.#pages.sizeOf(asked)
      const first = Math.floor(from / size) + 1
      // With all the others when an earlier answer told how long the list is.
      const last = Math.max(first, Math.ceil(Math.min(to, this.hints.total ?? 0) / size))
      const pages = await this.#readOn(numbersFrom(first, last), to, asked)
      // The upstream pages by a size of its own, which is known from here on: begin again with it.
      const isGood = pages.every((page) => page.asked === asked && page.size === size)
      if (!isGood && tries < SIZES_TRIED_MAX) continue
      this.#noteHoles(asked)
      return pages
    }
  }

  /** Reads pages, and on: all that is missing at once where the list's length is known, else one page. */
  async #readOn(numbers: readonly number[], to: number, asked: number): Promise<Page<Node>[]> {
    for (let wanted = numbers; ; ) {
      const pages = await this.#read(wanted, asked)
      const last = pages.at(-1) as Page<Node>
      const next = numbersBehind(last, to)
      const isMixed = pages.some((page) => page.asked !== asked || page.size !== last.size)
      if (isMixed || next.length === 0) return pages
      wanted = [...wanted, ...next]
    }
  }

  /** Placed when all are there: each may tell of the others. */
  async #read(numbers: readonly number[], asked: number): Promise<Page<Node>[]> {
    const answers = await Promise.all(numbers.map((number) => this.#pages.read(number, asked)))
    const pages = answers.map((answer) => this.#pages.place(answer))
    for (const page of pages) this.#learn(page)
    return pages
  }

  /** The size of a page that was read of the asked side already: positions found there hold in no other view. */
  #askedFor(from: number, to: number, keep: 'head' | 'tail'): number {
    if (this.#pages.settledOn !== undefined) return this.#pages.settledOn
    const last = Math.max(from, to - 1)
    const anchor = keep === 'head' ? from : last
    const isHere = (size: number) => this.#pages.has(Math.floor(anchor / size) + 1, size)
    const known = [this.#pages.lastAsked, SMALL_PAGE, LARGE_PAGE].find((size) => size !== undefined && isHere(size))
    // Small when a small page holds all that is wanted.
    const fitsSmall = Math.floor(from / SMALL_PAGE) === Math.floor(last / SMALL_PAGE)
    return known ?? (fitsSmall ? SMALL_PAGE : LARGE_PAGE)
  }

  #learn(page: Page<Node>): void {
    this.hints.order = orderShown(page.rows) ?? this.hints.order
    this.#end = page.end
    // A length told by figures lasts; one seen is only good for this reader.
    this.hints.total = page.hasFigures ? page.end : undefined
  }

  /** From then on the list is read in one size: under another, other places would be empty. */
  #noteHoles(asked: number): void {
    const holed = this.#pages.findHoled(asked)
    if (holed === undefined) return
    this.hints.isSparse = true
    this.#pages.settleOn(holed)
  }
}

/** What is missing up to a position: all of it where the figures tell that it is there, else the next page. */
function numbersBehind({ number, size, start, rows, end, hasMore }: Page<unknown>, to: number): number[] {
  if (hasMore === false) return []
  if (hasMore === true) return numbersFrom(number + 1, Math.ceil(Math.min(to, end ?? to) / size))
  const isShown = start + rows.length > to
  return isShown ? [] : [number + 1]
}

/** No more than anybody reads side by side, whatever the figures claim. */
function numbersFrom(first: number, last: number): number[] {
  const length = Math.min(Math.max(0, last - first + 1), PAGES_AT_ONCE_MAX)
  return Array.from({ length }, (_, index) => first + index)
}
