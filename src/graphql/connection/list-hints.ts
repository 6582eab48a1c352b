import { LRUCache } from 'lru-cache'
import type { RequestScope } from '../scope.js'
import type { ListHints } from './list-reader.js'

const LISTS_MAX = 10_000

/** What was learnt of each list, per credential: how long it was, and whether the upstream pages by a size of its own. */
export class ListHintBook {
  readonly #hints = new LRUCache<string, ListHints>({ max: LISTS_MAX })

  of(scope: RequestScope, list: string): ListHints {
    const key = `${scope.principal.credential}|${list}`
    const hints = this.#hints.get(key) ?? {}
    this.#hints.set(key, hints)
    return hints
  }
}

export function createListHintBook(): ListHintBook {
  return new ListHintBook()
}
