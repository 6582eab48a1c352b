import type { ListHints } from './list-hints.js'
import { orderShown } from './order.js'
import type { Page, Row } from './page.js'
import { LARGE_PAGE, PageReader, type PageSource, SMALL_PAGE } from './page-reader.js'

export type Side = 'head' | 'tail'

const PAGES_AT_ONCE_MAX = 100
/** How often reading starts over because pages turn out to have another size. */
const SIZES_TRIED_MAX = 3

/**
 * Reads a list that the upstream pages by number. Every page is read once until `forget`, so that rows keep their positions
 * while others come and go upstream.
 */
export class Paginator<Node> {
  readonly #pages: PageReader<Node>
  #end: number | undefined

  constructor(
    source: PageSource<Node>,
    private readonly hints: ListHints,
  ) {
    this.#pages = new PageReader(source, hints)
  }

  /** Index into `ORDERS` of the order that the list followed last. */
  get order(): number | undefined {
    return this.hints.order
  }

  /** Whether pages have empty positions, so that a position exceeds the number of rows before it. */
  get isSparse(): boolean {
    return this.hints.isSparse === true
  }

  /** Changes when pages turn out to have another size, which moves every position. */
  get resizes(): number {
    return this.#pages.resizes
  }

  /** The size to request when reading much of the list. */
  get largePageSize(): number {
    return this.#pages.settledSize ?? LARGE_PAGE
  }

  /** The first page of the large size that was not read yet. */
  get nextPage(): number {
    let number = 1
    while (this.#pages.has(number, this.largePageSize)) number += 1
    return number
  }

  /** Resolves when nothing is in flight, including follow-up reads; never rejects. */
  idle(): Promise<void> {
    return this.#pages.idle()
  }

  /** Pages of the large size that were not read yet, at most `max`; undefined while the list's length is unknown. */
  unreadPages(max: number): readonly number[] | undefined {
    const size = this.largePageSize
    const end = this.#knownEnd
    if (end === undefined) return undefined
    const numbers: number[] = []
    for (let number = 1; number <= Math.ceil(end / this.#pages.sizeOf(size)) && numbers.length < max; number += 1) {
      if (!this.#pages.has(number, size)) numbers.push(number)
    }
    return numbers
  }

  /** The row with this id, as it was read last; undefined when no page had it. */
  findRow(id: string): Row<Node> | undefined {
    return this.#pages.findRow(id)
  }

  async page(number: number, requestedSize: number): Promise<Page<Node>> {
    const [page] = await this.#read([number], requestedSize)
    return page as Page<Node>
  }

  /** The page that has a position. */
  async pageAt(position: number): Promise<Page<Node>> {
    const [page] = await this.pages(position, position + 1, 'head')
    return page as Page<Node>
  }

  /** Positions of the whole list, at most. Without pagination, the list is walked to its end. */
  async end(): Promise<number> {
    if (this.#knownEnd !== undefined) return this.#knownEnd
    let end = 0
    for (let page = await this.pageAt(0); ; page = await this.page(page.number + 1, page.requestedSize)) {
      if (page.end !== undefined) return page.end
      if (page.rows.length > 0) end = page.start + page.rows.length
      if (page.hasMore === false) return end
    }
  }

  /**
   * The pages with the positions of a range, `to` excluded, as far as they exist; one page more if only that tells where the
   * list ends.
   * @param exactSide the side of the range on which rows must be right if the list changes meanwhile
   */
  async pages(from: number, to: number, exactSide: Side): Promise<Page<Node>[]> {
    for (let tries = 1; ; tries += 1) {
      const requestedSize = this.#sizeFor(from, to, exactSide)
      const size = this.#pages.sizeOf(requestedSize)
      const first = Math.floor(from / size) + 1
      // All at once if an earlier response revealed the list's length.
      const last = Math.max(first, Math.ceil(Math.min(to, this.hints.total ?? 0) / size))
      const pages = await this.#readOn(numbersFrom(first, last), to, requestedSize)
      // Start over with the real page size.
      const isAsPlanned = pages.every((page) => page.requestedSize === requestedSize && page.size === size)
      if (!isAsPlanned && tries < SIZES_TRIED_MAX) continue
      this.#noteSparsePages(requestedSize)
      return pages
    }
  }

  /** Rereads everything from here on, past every cache: what was read did not fit together. */
  forget(): void {
    this.#pages.forget()
  }

  get #knownEnd(): number | undefined {
    return this.#end ?? this.hints.total
  }

  /** Reads pages, then those still missing: all at once if the list's length is known, else one by one. */
  async #readOn(numbers: readonly number[], to: number, requestedSize: number): Promise<Page<Node>[]> {
    for (let wanted = numbers; ; ) {
      const pages = await this.#read(wanted, requestedSize)
      const last = pages.at(-1) as Page<Node>
      const missing = missingAfter(last, to)
      const isMixed = pages.some((page) => page.requestedSize !== requestedSize || page.size !== last.size)
      if (isMixed || missing.length === 0) return pages
      wanted = [...wanted, ...missing]
    }
  }

  /** Places the pages once all have arrived: each may reveal something about the others. */
  async #read(numbers: readonly number[], requestedSize: number): Promise<Page<Node>[]> {
    const fetched = await Promise.all(numbers.map((number) => this.#pages.read(number, requestedSize)))
    const pages = fetched.map((page) => this.#pages.place(page))
    for (const page of pages) this.#learn(page)
    return pages
  }

  /** If a page on the exact side has been read, reading continues in its size: a reread may have moved rows. */
  #sizeFor(from: number, to: number, exactSide: Side): number {
    if (this.#pages.settledSize !== undefined) return this.#pages.settledSize
    const last = Math.max(from, to - 1)
    const edge = exactSide === 'head' ? from : last
    const isRead = (size: number) => this.#pages.has(Math.floor(edge / size) + 1, size)
    const sizes = [this.#pages.lastRequestedSize, SMALL_PAGE, LARGE_PAGE]
    // Positions on a page of another size could differ unnoticed.
    const fitsSmall = !this.hints.lacksTotal && Math.floor(from / SMALL_PAGE) === Math.floor(last / SMALL_PAGE)
    return sizes.find((size) => size !== undefined && isRead(size)) ?? (fitsSmall ? SMALL_PAGE : LARGE_PAGE)
  }

  #learn(page: Page<Node>): void {
    this.hints.order = orderShown(page.rows) ?? this.hints.order
    this.#end = page.end
    // A length from pagination is remembered; one found by walking is valid for this paginator only.
    this.hints.total = page.isLengthKnown ? page.end : undefined
    this.hints.lacksTotal = page.isLengthKnown && page.total === undefined
  }

  /** From then on the list is read in one page size: in another, other positions would be empty. */
  #noteSparsePages(requestedSize: number): void {
    const sparse = this.#pages.findSparsePage(requestedSize)
    if (sparse === undefined) return
    this.hints.isSparse = true
    this.#pages.settleOn(sparse)
  }
}

/** The pages missing up to a position: all of them if they are known to exist, else the next one. */
function missingAfter({ number, size, start, rows, end, hasMore }: Page<unknown>, to: number): number[] {
  if (hasMore === false) return []
  if (hasMore === true) return numbersFrom(number + 1, Math.ceil(Math.min(to, end ?? to) / size))
  const isEnough = start + rows.length > to
  return isEnough ? [] : [number + 1]
}

/** At most as many as may be read at once, whatever the pagination claims. */
function numbersFrom(first: number, last: number): number[] {
  const length = Math.min(Math.max(0, last - first + 1), PAGES_AT_ONCE_MAX)
  return Array.from({ length }, (_, index) => first + index)
}
