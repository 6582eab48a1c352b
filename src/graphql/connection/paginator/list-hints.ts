import { LRUCache } from 'lru-cache'
import type { AppScope, RequestScope } from '../../scope.js'
import { type PageKey, toPageName } from './page.js'

/** What earlier responses taught about a list. It decides what to request next, never what a caller gets. */
export interface ListHints {
  /** Positions of the whole list. */
  total?: number | undefined
  /** Index into `ORDERS`. */
  order?: number | undefined
  /** Whether pages were seen to leave positions empty. */
  isSparse?: boolean | undefined
  /** The `per_page` to keep sending, so that the pages it brings are found in the cache. */
  requestedSize?: number | undefined
  /** The size that pages have under it. */
  pageSize?: number | undefined
  /** Pages that were read before and may still be cached. */
  readonly readPages?: ReadPages | undefined
}

const LISTS_MAX = 10_000
/** A list may shrink and its upstream may change how it pages, so hints are learned anew now and then. */
const AGE_MAX_MS = 10 * 60_000

/** Hints by credential and list. */
export class ListHintBook {
  readonly #lists = new LRUCache<string, { readonly hints: ListHints; readonly sinceMs: number }>({ max: LISTS_MAX })

  constructor(private readonly monotonicMs: () => number) {}

  of({ principal }: Pick<RequestScope, 'principal'>, list: string): ListHints {
    const key = `${principal.credential}|${list}`
    const nowMs = this.monotonicMs()
    const known = this.#lists.get(key)
    if (known !== undefined && nowMs - known.sinceMs < AGE_MAX_MS) return known.hints
    const hints: ListHints = { readPages: new ReadPages() }
    this.#lists.set(key, { hints, sinceMs: nowMs })
    return hints
  }
}

export function createListHintBook({ services: { clock } }: AppScope): ListHintBook {
  return new ListHintBook(() => clock.monotonicMs())
}

/** 4,000 rows in pages of 100. Looking up more cached pages would take longer than it saves. */
export const READ_PAGES_MAX = 40

/** The pages of a list that were read last, oldest first. */
export class ReadPages {
  readonly #pages = new Map<string, PageKey>()

  get all(): readonly PageKey[] {
    return [...this.#pages.values()]
  }

  add(page: PageKey): void {
    // Removed first: a map keeps the order of insertion.
    this.remove(page)
    this.#pages.set(toPageName(page), page)
    const [oldest] = this.#pages.values()
    if (this.#pages.size > READ_PAGES_MAX && oldest !== undefined) this.remove(oldest)
  }

  remove(page: PageKey): void {
    this.#pages.delete(toPageName(page))
  }
}
