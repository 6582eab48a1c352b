import { GatewayError } from '../../kernel/errors.js'
import { TransportError } from '../../upstream/http.js'
import { agreesWith, lengthOf, pageBeside, sizeShown, sizeTold } from './page-size.js'
import { type Page, type PageAnswer, pagesCounted, placePage, type ReadPage, withoutNonsense } from './pages.js'
import type { ReadPages } from './read-pages.js'
import { SeenPages } from './seen-pages.js'

export interface ListSource<Node> {
  fetch(page: {
    readonly number: number
    readonly size: number
    readonly freshness: 'shared' | 'fresh'
  }): Promise<PageAnswer<Node>>
  /** Told of every page when it has come. */
  onPage(page: Page<Node>): void
}

export interface SizeHints {
  /** The `per_page` to go on with: what it brings is known, and kept under that name. */
  askedSize?: number | undefined
  /** The size that pages have under it. */
  pageSize?: number | undefined
  /** Pages that were read, the latest last: an answer that is kept from then may be asked for again. */
  readonly readPages?: ReadPages | undefined
}

/** The documented size, which no upstream should refuse. */
export const SMALL_PAGE = 25
export const LARGE_PAGE = 100

/**
 * Reads pages by number and works out where they stand. An answer alone may not tell that: what else it takes is read
 * along. Every page is read once until `forget`.
 */
export class PageReader<Node> {
  readonly #answers = new Map<string, Promise<ReadPage<Node>>>()
  /** The same, with all that it takes to place them. */
  readonly #placeable = new Map<string, Promise<ReadPage<Node>>>()
  #placed = new Map<ReadPage<Node>, Page<Node>>()
  #seen = new SeenPages()
  /** Sizes that pages were seen to have, by the `per_page` asked for. */
  readonly #sizes = new Map<number, number>()
  #landed: ReadPage<Node>[] = []
  #view = 0
  #resized = 0
  #freshness: 'shared' | 'fresh' = 'shared'
  #smallPage: Promise<unknown> | undefined
  #settledOn: number | undefined
  #lastAsked: number | undefined

  constructor(
    private readonly source: ListSource<Node>,
    private readonly hints: SizeHints,
  ) {
    if (hints.pageSize === undefined) return
    this.#settledOn = hints.askedSize ?? LARGE_PAGE
    this.#sizes.set(this.#settledOn, hints.pageSize)
  }

  /** The `per_page` that the whole list is asked in from now on; undefined while every size is as good. */
  get settledOn(): number | undefined {
    return this.#settledOn
  }

  get lastAsked(): number | undefined {
    return this.#lastAsked
  }

  /** How often a size that was known turned out to be another: positions told before are of other places. */
  get resized(): number {
    return this.#resized
  }

  /** Rows that a full page has when so many are asked for. */
  sizeOf(asked: number): number {
    return this.#sizes.get(asked) ?? asked
  }

  has(number: number, asked: number): boolean {
    return this.#answers.has(keyOf(number, asked))
  }

  /** Resolves when nothing is under way, also nothing that is begun when something else has come; never rejects. */
  async idle(): Promise<void> {
    let known: number
    do {
      known = this.#answers.size
      await Promise.allSettled([...this.#answers.values(), ...this.#placeable.values()])
      await turnOfEventLoop()
    } while (known !== this.#answers.size)
  }

  /** A page with all that it takes to place it; of another `per_page` where the upstream cannot give so large a page. */
  read(number: number, asked: number): Promise<ReadPage<Node>> {
    return once(this.#placeable, keyOf(number, asked), async () => {
      const answer = await this.#answer(number, asked)
      await this.#lookAround(answer)
      this.#placed.clear()
      return answer
    })
  }

  place(answer: ReadPage<Node>): Page<Node> {
    const known = this.#placed.get(answer)
    if (known) return known
    const page = placePage(answer, {
      size: this.sizeOf(answer.asked),
      isRefuted: this.#seen.isRefuted(answer.figures?.total),
      isRepeat: this.#seen.isRepeat(answer),
    })
    this.#placed.set(answer, page)
    return page
  }

  /** A page that leaves places empty: by its figures, or because others follow it; undefined when none was seen. */
  findHoled(asked: number): Page<Node> | undefined {
    const pages = this.#landed.filter((answer) => answer.asked === asked).map((answer) => this.place(answer))
    const lastFull = Math.max(...pages.map(({ number, rows }) => (rows.length > 0 ? number : 0)))
    return pages.find((page) => page.isHoled || (page.rows.length < page.size && page.number < lastFull))
  }

  settleOn({ asked, size }: Pick<Page<Node>, 'asked' | 'size'>): void {
    this.#settledOn = asked
    this.hints.askedSize = asked
    this.hints.pageSize = size
  }

  forget(): void {
    this.#answers.clear()
    this.#placeable.clear()
    this.#placed.clear()
    this.#landed = []
    this.#seen = new SeenPages()
    this.#freshness = 'fresh'
  }

  #answer(number: number, asked: number): Promise<ReadPage<Node>> {
    this.#lastAsked = asked
    return once(this.#answers, keyOf(number, asked), () => this.#fetch(number, asked))
  }

  async #fetch(number: number, asked: number): Promise<ReadPage<Node>> {
    const [seen, freshness] = [this.#seen, this.#freshness]
    const came = await this.source.fetch({ number, size: asked, freshness }).catch((error: unknown) => {
      if (asked <= SMALL_PAGE || !mayBeTooLarge(error)) throw error
      return this.#inSmallPages((number - 1) * this.sizeOf(asked), error)
    })
    if ('number' in came) return came
    const figures = withoutNonsense(came.figures)
    const last = this.#landed.at(-1)
    // A row that went and another one that came leave the length as it was: what was read in between tells.
    if (last !== undefined && last.figures?.total !== figures?.total) this.#view += 1
    const answer = { number, asked, view: this.#view, rows: came.rows, figures }
    this.hints.readPages?.note({ number, size: asked })
    seen.add(answer)
    this.#landed.push(answer)
    this.#placed.clear()
    this.source.onPage(this.place(answer))
    return answer
  }

  /**
   * The largest page that the upstream gives is not documented: where it refuses one, or fails over it, a small one is
   * tried, once. Only if that comes was it the size.
   */
  async #inSmallPages(position: number, error: unknown): Promise<ReadPage<Node>> {
    const number = Math.floor(position / this.sizeOf(SMALL_PAGE)) + 1
    this.#smallPage ??= this.#answer(number, SMALL_PAGE)
    const page = await this.#smallPage
      .then(() => this.#answer(number, SMALL_PAGE))
      .catch(() => {
        throw error
      })
    this.settleOn({ asked: SMALL_PAGE, size: this.sizeOf(SMALL_PAGE) })
    return page
  }

  /** Reads what else it takes to know the page's size, and whether its rows are its own. */
  async #lookAround(page: ReadPage<Node>): Promise<void> {
    const { number, asked, rows } = page
    const size = await this.#findSize(page)
    // A page behind the end proves nothing.
    if (rows.length > 0 || !this.#sizes.has(asked)) this.#noteSize(page, size)
    if (rows.length === 0 || number === 1) return
    const { figures } = this.#sane(page)
    const pages = figures && pagesCounted(figures, Math.max(size, figures.perPage ?? asked))
    const isBehindEnd = pages !== undefined && number > pages
    // An upstream that does not turn the page says so here, or says nothing.
    if (pages === undefined || isBehindEnd || figures?.currentPage !== number) await this.#answer(1, asked)
    if (isBehindEnd) await this.#answer(Math.max(1, pages), asked)
    const isUncounted = figures?.total !== undefined && number > (pagesCounted(figures, size) ?? 0)
    if (isUncounted && !this.#seen.isRepeat(page)) this.#seen.refute(figures.total)
  }

  async #findSize(page: ReadPage<Node>): Promise<number> {
    const { number, asked } = page
    const own = this.#sane(page)
    const least = Math.max(...this.#landed.map((landed) => (landed.asked === asked ? lengthOf(landed) : 0)))
    const known = this.#sizes.get(asked)
    if (known !== undefined && known >= least && agreesWith(known, own)) return known
    const told = sizeTold(own)
    if (told !== undefined) return Math.max(told, least)
    const first = number === 1 ? own : this.#sane(await this.#answer(1, asked))
    const other = pageBeside(first)
    const beside = other === undefined ? undefined : await this.#answer(other, asked)
    return Math.max(sizeTold(first) ?? sizeShown(first, beside), least)
  }

  #noteSize({ number, asked, figures }: ReadPage<Node>, size: number): void {
    if ((this.#sizes.get(asked) ?? size) !== size) this.#resized += 1
    this.#sizes.set(asked, size)
    if (size !== asked) this.#settledOn = asked
    // The one page of a short list may call its own length a page's.
    const isOneOfMore = number > 1 || (figures?.total ?? 0) > size || (figures?.totalPages ?? 0) > 1
    const isLasting = size !== asked && isOneOfMore
    if (isLasting || this.hints.askedSize === asked) this.settleOn({ asked, size })
  }

  /** Without a total that the rows have shown to be wrong. */
  #sane(page: ReadPage<Node>): ReadPage<Node> {
    const { figures } = page
    if (figures === undefined || !this.#seen.isRefuted(figures.total)) return page
    return { ...page, figures: { ...figures, total: undefined } }
  }
}

/** What a smaller page may be spared: a refusal, a failure of the upstream's own, an answer too late or too large. */
function mayBeTooLarge(error: unknown): boolean {
  if (!(error instanceof GatewayError)) return false
  const { code, upstreamStatus = 0, cause } = error
  if (code === 'UPSTREAM_UNAVAILABLE') return upstreamStatus >= 500
  if (code === 'UPSTREAM_MALFORMED') return cause instanceof TransportError && cause.fault === 'too-large'
  return code === 'UPSTREAM_REJECTED' || code === 'UPSTREAM_TIMEOUT'
}

function once<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const there = known.get(key)
  if (there) return there
  const making = make()
  known.set(key, making)
  // The caller gets the rejection; a later caller may try again.
  making.catch(() => known.get(key) === making && known.delete(key))
  return making
}

/** Whoever waits for a page gets to ask for the next one. */
function turnOfEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function keyOf(number: number, asked: number): string {
  return `${asked}/${number}`
}
