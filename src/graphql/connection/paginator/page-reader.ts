import { GatewayError } from '../../../kernel/errors.js'
import { TransportError } from '../../../upstream/http/http.js'
import { type ListHints, noteReadPage } from './list-hints.js'
import {
  countPages,
  type FetchedPage,
  type Page,
  type PageRequest,
  type PageResponse,
  placePage,
  type Row,
  toPageName,
} from './page.js'
import { agreesWith, findDecidingPage, findProvenSize, lengthOf, toPageSize, withoutNonsense } from './page-size.js'
import { SeenPages } from './seen-pages.js'

/** Where the pages of a list come from. */
export interface PageSource<Node> {
  /** @throws GatewayError */
  fetch(page: PageRequest): Promise<PageResponse<Node>>
  /** Called with every row that was read, unless it is unreadable. */
  onRead?(node: Node): void
}

/** The documented size, which no upstream should refuse. */
export const SMALL_PAGE = 25
export const LARGE_PAGE = 100

/**
 * Reads pages by number and works out where they lie. If a response alone does not tell, the other pages needed are read as
 * well. Every page is read once until `forget`.
 */
export class PageReader<Node> {
  readonly #fetched = new Map<string, Promise<FetchedPage<Node>>>()
  /** The same, resolved once everything needed to place them was read. */
  readonly #placeable = new Map<string, Promise<FetchedPage<Node>>>()
  readonly #placed = new Map<FetchedPage<Node>, Page<Node>>()
  /** Real page sizes, by the size requested. */
  readonly #sizes = new Map<number, number>()
  readonly #rows = new Map<string, Row<Node>>()
  #seen = new SeenPages()
  #arrived: FetchedPage<Node>[] = []
  #revision = 0
  #resizes = 0
  #freshness: PageRequest['freshness'] = 'shared'
  #smallPage: Promise<unknown> | undefined
  #settledSize: number | undefined
  #lastRequestedSize: number | undefined

  constructor(
    private readonly source: PageSource<Node>,
    private readonly hints: ListHints,
  ) {
    if (hints.pageSize === undefined) return
    this.#settledSize = hints.requestedSize ?? LARGE_PAGE
    this.#sizes.set(this.#settledSize, hints.pageSize)
  }

  /** The size to request for the rest of the list; undefined while any will do. */
  get settledSize(): number | undefined {
    return this.#settledSize
  }

  get lastRequestedSize(): number | undefined {
    return this.#lastRequestedSize
  }

  /** How often a page size turned out to be different, which makes every earlier position wrong. */
  get resizes(): number {
    return this.#resizes
  }

  /** Rows of a full page when this many are requested. */
  sizeOf(requestedSize: number): number {
    return this.#sizes.get(requestedSize) ?? requestedSize
  }

  has(number: number, requestedSize: number): boolean {
    return this.#fetched.has(toPageName({ number, size: requestedSize }))
  }

  /** The row as it was read last, even before `forget`. */
  findRow(id: string): Row<Node> | undefined {
    return this.#rows.get(id)
  }

  /** Resolves when nothing is in flight, including follow-up reads; never rejects. */
  async idle(): Promise<void> {
    let known: number
    do {
      known = this.#fetched.size
      await Promise.allSettled([...this.#fetched.values(), ...this.#placeable.values()])
      // Lets whatever awaits a page request the next one.
      await new Promise((resolve) => setImmediate(resolve))
    } while (known !== this.#fetched.size)
  }

  /** Reads a page and all it takes to place it; a page of another size if the upstream fails on one so large. */
  read(number: number, requestedSize: number): Promise<FetchedPage<Node>> {
    return once(this.#placeable, toPageName({ number, size: requestedSize }), async () => {
      const page = await this.#fetch(number, requestedSize)
      await this.#readAround(page)
      this.#placed.clear()
      return page
    })
  }

  place(fetched: FetchedPage<Node>): Page<Node> {
    const known = this.#placed.get(fetched)
    if (known) return known
    const page = placePage(fetched, {
      size: this.sizeOf(fetched.requestedSize),
      isTotalRefuted: this.#seen.isRefuted(fetched.pagination?.total),
      isRepeat: this.#seen.isRepeat(fetched),
    })
    this.#placed.set(fetched, page)
    return page
  }

  /** A page with empty positions, according to its pagination or because full ones follow; undefined when there is none. */
  findSparsePage(requestedSize: number): Page<Node> | undefined {
    const pages = this.#arrived.filter((page) => page.requestedSize === requestedSize).map((page) => this.place(page))
    const lastFull = Math.max(...pages.map(({ number, rows }) => (rows.length > 0 ? number : 0)))
    return pages.find((page) => page.isSparse || (page.rows.length < page.size && page.number < lastFull))
  }

  settleOn({ requestedSize, size }: Pick<Page<Node>, 'requestedSize' | 'size'>): void {
    this.#settledSize = requestedSize
    this.hints.requestedSize = requestedSize
    this.hints.pageSize = size
  }

  /** Rereads everything from here on, past every cache. */
  forget(): void {
    this.#fetched.clear()
    this.#placeable.clear()
    this.#placed.clear()
    this.#arrived = []
    this.#seen = new SeenPages()
    this.#freshness = 'fresh'
  }

  #fetch(number: number, requestedSize: number): Promise<FetchedPage<Node>> {
    this.#lastRequestedSize = requestedSize
    return once(this.#fetched, toPageName({ number, size: requestedSize }), async () => {
      const [seen, freshness] = [this.#seen, this.#freshness]
      const response = await this.source
        .fetch({ number, size: requestedSize, freshness })
        .catch((error: unknown) => this.#fetchSmaller(number, requestedSize, error))
      return 'number' in response ? response : this.#take(response, { number, requestedSize, seen })
    })
  }

  #take(
    { rows, pagination }: PageResponse<Node>,
    { number, requestedSize, seen }: Pick<FetchedPage<Node>, 'number' | 'requestedSize'> & { readonly seen: SeenPages },
  ): FetchedPage<Node> {
    const sane = withoutNonsense(pagination)
    const last = this.#arrived.at(-1)
    // A row deleted while another is created leaves the total the same: only a page read in between shows it.
    if (last !== undefined && last.pagination?.total !== sane?.total) this.#revision += 1
    const page = { number, requestedSize, revision: this.#revision, rows, pagination: sane }
    noteReadPage(this.hints, { number, size: requestedSize })
    seen.add(page)
    this.#arrived.push(page)
    this.#placed.clear()
    for (const row of this.place(page).rows) {
      if (row.id !== undefined) this.#rows.set(row.id, row)
      if (!(row.node instanceof Error)) this.source.onRead?.(row.node)
    }
    return page
  }

  /**
   * The largest page size is not documented. If a page fails in a way that its size may explain, a small one is tried, once.
   * If that succeeds, the size was the reason.
   */
  async #fetchSmaller(number: number, requestedSize: number, error: unknown): Promise<FetchedPage<Node>> {
    if (requestedSize <= SMALL_PAGE || !mayBeTooLarge(error)) throw error
    const position = (number - 1) * this.sizeOf(requestedSize)
    const small = Math.floor(position / this.sizeOf(SMALL_PAGE)) + 1
    this.#smallPage ??= this.#fetch(small, SMALL_PAGE)
    const page = await this.#smallPage
      .then(() => this.#fetch(small, SMALL_PAGE))
      .catch(() => {
        throw error
      })
    this.settleOn({ requestedSize: SMALL_PAGE, size: this.sizeOf(SMALL_PAGE) })
    return page
  }

  /** Reads the pages that reveal this page's size, and whether it repeats another page. */
  async #readAround(page: FetchedPage<Node>): Promise<void> {
    const { number, requestedSize, rows } = page
    const size = await this.#findSize(page)
    // A page past the end proves nothing.
    if (rows.length > 0 || !this.#sizes.has(requestedSize)) this.#noteSize(page, size)
    if (rows.length === 0 || number === 1) return
    const { pagination } = this.#withoutRefutedTotal(page)
    const pages = pagination && countPages(pagination, Math.max(size, pagination.perPage ?? requestedSize))
    const isPastEnd = pages !== undefined && number > pages
    // If the upstream ignores `page`, its pagination shows that, or is missing.
    if (pages === undefined || isPastEnd || pagination?.currentPage !== number) await this.#fetch(1, requestedSize)
    if (isPastEnd) await this.#fetch(Math.max(1, pages), requestedSize)
    const isUncounted = pagination?.total !== undefined && number > (countPages(pagination, size) ?? 0)
    if (isUncounted && !this.#seen.isRepeat(page)) this.#seen.refute(pagination.total)
  }

  async #findSize(page: FetchedPage<Node>): Promise<number> {
    const { number, requestedSize } = page
    const sane = this.#withoutRefutedTotal(page)
    const lengths = this.#arrived.map((each) => (each.requestedSize === requestedSize ? lengthOf(each) : 0))
    const least = Math.max(...lengths)
    const known = this.#sizes.get(requestedSize)
    if (known !== undefined && known >= least && agreesWith(known, sane)) return known
    const proven = findProvenSize(sane)
    if (proven !== undefined) return Math.max(proven, least)
    const first = number === 1 ? sane : this.#withoutRefutedTotal(await this.#fetch(1, requestedSize))
    const decidingNumber = findDecidingPage(first)
    const deciding = decidingNumber === undefined ? undefined : await this.#fetch(decidingNumber, requestedSize)
    return Math.max(findProvenSize(first) ?? toPageSize(first, deciding), least)
  }

  #noteSize({ number, requestedSize, pagination }: FetchedPage<Node>, size: number): void {
    if ((this.#sizes.get(requestedSize) ?? size) !== size) this.#resizes += 1
    this.#sizes.set(requestedSize, size)
    if (size !== requestedSize) this.#settledSize = requestedSize
    // The only page of a short list may give its own length as the page size.
    const isOneOfMore = number > 1 || (pagination?.total ?? 0) > size || (pagination?.totalPages ?? 0) > 1
    const isLasting = size !== requestedSize && isOneOfMore
    if (isLasting || this.hints.requestedSize === requestedSize) this.settleOn({ requestedSize, size })
  }

  #withoutRefutedTotal(page: FetchedPage<Node>): FetchedPage<Node> {
    const { pagination } = page
    if (pagination === undefined || !this.#seen.isRefuted(pagination.total)) return page
    return { ...page, pagination: { ...pagination, total: undefined } }
  }
}

/** Whether a smaller page may avoid the error: a refusal, a 5xx, a response that is late or too large. */
function mayBeTooLarge(error: unknown): boolean {
  if (!(error instanceof GatewayError)) return false
  const { code, upstreamStatus = 0, cause } = error
  if (code === 'UPSTREAM_UNAVAILABLE') return upstreamStatus >= 500
  if (code === 'UPSTREAM_MALFORMED') return cause instanceof TransportError && cause.fault === 'too-large'
  return code === 'UPSTREAM_REJECTED' || code === 'UPSTREAM_TIMEOUT'
}

/** Makes a value once per key; after a failure, the next caller tries again. */
function once<T>(made: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const there = made.get(key)
  if (there) return there
  const making = make()
  made.set(key, making)
  making.catch(() => made.get(key) === making && made.delete(key))
  return making
}
