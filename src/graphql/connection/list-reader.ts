import { hasExtent, type ListRow, type Page, type PageAnswer, placePage } from './pages.js'
import { joinPages } from './seams.js'

/** What earlier answers taught about a list: a hint where to ask, never an answer. */
export interface ListHints {
  /** Rows of a page of an upstream that does not honour `per_page`. */
  pageSize?: number | undefined
  total?: number | undefined
}

export interface ListSource<Node> {
  fetch(page: {
    readonly number: number
    readonly size: number
    readonly freshness: 'shared' | 'fresh'
  }): Promise<PageAnswer<Node>>
  /** Told of every page once, when it has come. */
  onPage(page: Page<Node>): void
}

/** Consecutive rows as they stood together. */
export interface Range<Node> {
  /** Position of the first of `rows`. */
  readonly start: number
  readonly rows: readonly ListRow<Node>[]
  readonly total: number | undefined
  /** Rows of the whole list; undefined while its end was not seen. */
  readonly end: number | undefined
}

/** Small when a small page holds all that is wanted, else as few calls as the upstream allows. */
const SMALL_PAGE = 25
const LARGE_PAGE = 100
/** A list that keeps changing while it is read is taken as it is after so many tries; doubles are still removed. */
const TRIES_MAX = 3

/** Reads a list that the upstream pages by number; every page is read once in the reader's life. */
export class ListReader<Node> {
  readonly #pages = new Map<string, Promise<Page<Node>>>()
  #pageSize: number | undefined
  #end: number | undefined

  constructor(
    private readonly source: ListSource<Node>,
    private readonly hints: ListHints,
  ) {
    this.#pageSize = hints.pageSize
  }

  get hasRead(): boolean {
    return this.#pages.size > 0
  }

  /** Resolves when no page read is under way; never rejects. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#pages.values())
  }

  /** Numbers of the pages of the largest size that were not read yet; undefined while the list's length is not known. */
  get unreadPages(): readonly number[] | undefined {
    const size = this.largePageSize
    const end = this.#end ?? this.hints.total
    return end === undefined
      ? undefined
      : numbersFrom(1, Math.ceil(end / size)).filter((n) => !this.#pages.has(keyOf(n, size)))
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
    return this.#pages.get(keyOf(number, size)) ?? this.#read(number, size, 'shared')
  }

  /** The page that holds a position, in the size in which the upstream gives it. */
  async pageAt(position: number): Promise<Page<Node>> {
    const pages = await this.#pagesOver(position, position + 1)
    return pages.find((page) => page.start + page.rows.length > position) ?? (pages[0] as Page<Node>)
  }

  /** Rows of the whole list; without figures the list is walked to its end. */
  async end(): Promise<number> {
    const known = this.#end ?? this.hints.total
    if (known !== undefined) return known
    const first = await this.pageAt(0)
    if (first.end !== undefined) return first.end
    for (let page = first; ; page = await this.page(page.number + 1, first.size)) {
      if (page.end !== undefined) return page.end
    }
  }

  /**
   * Rows from `from` up to and without `to`, as far as there are; one more when only that shows where the list ends. A
   * list that keeps changing while it is read gives fewer rows, those next to the asked side, rather than a gap.
   */
  async range(from: number, to: number, keep: 'head' | 'tail'): Promise<Range<Node>> {
    for (let tries = 1; ; tries += 1) {
      const pages = await this.#pagesOver(from, to)
      const { start, rows, isWhole } = joinPages(pages, keep)
      if (isWhole || tries === TRIES_MAX) return { start, rows, total: pages.at(-1)?.total, end: endOf(pages) }
      await Promise.allSettled(pages.map((page) => this.#read(page.number, page.size, 'fresh')))
    }
  }

  async #pagesOver(from: number, to: number): Promise<Page<Node>[]> {
    for (let tries = 1; ; tries += 1) {
      const size = this.#sizeFor(from, to)
      const pages = await this.#hintedPages(from, to, size)
      while (await this.#extend(pages, to, size)) {}
      // The upstream pages by a size of its own, which is known from here on: begin again with it.
      if (tries === TRIES_MAX || pages.every((page) => page.size === size)) return pages
    }
  }

  /** Reads on: all that is missing at once where the list's length is known, else one page. False when nothing is. */
  async #extend(pages: Page<Node>[], to: number, size: number): Promise<boolean> {
    const end = endOf(pages)
    const wanted = end === undefined ? to + 1 : Math.min(to, end)
    const missing = numbersFrom((pages.at(-1)?.number ?? 0) + 1, Math.ceil(wanted / size))
    if (missing.length === 0 || pages.some((page) => page.size !== size)) return false
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

  #sizeFor(from: number, to: number): number {
    if (this.#pageSize !== undefined) return this.#pageSize
    const fits = (size: number) => Math.floor(from / size) === Math.floor(Math.max(from, to - 1) / size)
    const isHere = (size: number) => this.#pages.has(keyOf(Math.floor(from / size) + 1, size))
    return (
      [SMALL_PAGE, LARGE_PAGE].find((size) => fits(size) && isHere(size)) ??
      (fits(SMALL_PAGE) ? SMALL_PAGE : LARGE_PAGE)
    )
  }

  #read(number: number, size: number, freshness: 'shared' | 'fresh'): Promise<Page<Node>> {
    const reading = this.#fetch(number, size, freshness)
    this.#pages.set(keyOf(number, size), reading)
    reading.then(
      (page) => {
        if (page.size !== size) this.#pages.set(keyOf(page.number, page.size), reading)
        this.#learn(page, size)
        this.source.onPage(page)
      },
      // The caller gets the rejection; a later caller may try again.
      () => this.#pages.delete(keyOf(number, size)),
    )
    return reading
  }

  async #fetch(number: number, size: number, freshness: 'shared' | 'fresh'): Promise<Page<Node>> {
    const answer = await this.source.fetch({ number, size, freshness })
    const needsFirst = number > 1 && !hasExtent(answer.figures)
    return placePage({ number, size, firstPage: needsFirst ? await this.page(1, size) : undefined }, answer)
  }

  #learn(page: Page<Node>, askedSize: number): void {
    if (page.size !== askedSize) this.#pageSize = page.size
    if (page.end !== undefined) this.#end = page.end
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
