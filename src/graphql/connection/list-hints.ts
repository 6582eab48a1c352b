import { LRUCache } from 'lru-cache'
import type { AppScope, RequestScope } from '../scope.js'
import type { ListHints } from './list-reader.js'
import { ReadPages } from './read-pages.js'

const LISTS_MAX = 10_000
/** A list may shrink, or its upstream may page otherwise one day: what was learnt is learnt anew now and then. */
const AGE_MAX_MS = 10 * 60_000

interface Learnt {
  readonly hints: ListHints
  readonly sinceMs: number
}

/** What was learnt of each list, per credential: how long it was, and whether the upstream pages by a size of its own. */
export class ListHintBook {
  readonly #lists = new LRUCache<string, Learnt>({ max: LISTS_MAX })

  constructor(private readonly monotonicMs: () => number) {}

  of(scope: Pick<RequestScope, 'principal'>, list: string): ListHints {
    const key = `${scope.principal.credential}|${list}`
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
