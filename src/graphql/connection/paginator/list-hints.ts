import { LRUCache } from 'lru-cache'
import type { AppScope, RequestScope } from '../../scope.js'
import { type PageKey, toPageName } from './page.js'

/** What earlier responses revealed about a list. It decides what to request next, never what a caller gets. */
export interface ListHints {
  /** Positions of the whole list. */
  total?: number | undefined
  /** Index into `ORDERS`. */
  order?: number | undefined
  /** Whether some page had fewer rows than positions. */
  isSparse?: boolean | undefined
  /** Whether the pagination counts pages only, so that a short last page does not reveal its empty positions. */
  lacksTotal?: boolean | undefined
  /** The `per_page` to keep sending, so that its pages are found in the cache. */
  requestedSize?: number | undefined
  /** The size that pages have when it is sent. */
  pageSize?: number | undefined
  /** Pages that were read recently and may still be cached, oldest first, by name. */
  readonly readPages?: Map<string, PageKey> | undefined
}

/** 4,000 rows in pages of 100. Looking up more cached pages would take more time than it saves. */
export const READ_PAGES_MAX = 40

export function noteReadPage({ readPages }: ListHints, { number, size }: PageKey): void {
  if (readPages === undefined) return
  const name = toPageName({ number, size })
  // Deleted first: a map keeps the order of insertion.
  readPages.delete(name)
  readPages.set(name, { number, size })
  const [oldest] = readPages.keys()
  if (readPages.size > READ_PAGES_MAX && oldest !== undefined) readPages.delete(oldest)
}

const LISTS_MAX = 10_000
/** A list may shrink, and the upstream may change how it pages, so hints expire. */
const AGE_MAX_MS = 10 * 60_000

/** Hints about lists, by credential and list name. */
export class ListHintBook {
  readonly #lists = new LRUCache<string, { readonly hints: ListHints; readonly sinceMs: number }>({ max: LISTS_MAX })

  constructor(private readonly monotonicMs: () => number) {}

  of({ principal }: Pick<RequestScope, 'principal'>, list: string): ListHints {
    const key = `${principal.credential}|${list}`
    const nowMs = this.monotonicMs()
    const known = this.#lists.get(key)
    if (known !== undefined && nowMs - known.sinceMs < AGE_MAX_MS) return known.hints
    const hints: ListHints = { readPages: new Map() }
    this.#lists.set(key, { hints, sinceMs: nowMs })
    return hints
  }
}

export function createListHintBook({ services: { clock } }: AppScope): ListHintBook {
  return new ListHintBook(() => clock.monotonicMs())
}
