import type { RequestScope } from '../scope.js'
import { createListHintBook, type ListHints } from './paginator/list-hints.js'
import type { PageSource } from './paginator/page-reader.js'
import { Paginator } from './paginator/paginator.js'

/**
 * A list that the upstream pages by number: everything a connection needs to know about it.
 *
 *     { name: listName('refunds', { status: 'OPEN' }), fetch: (page) => listRefunds(scope, { status: 'OPEN' }, page) }
 */
export interface PagedList<Node> extends PageSource<Node> {
  /**
   * Identifies the list by its account, if any, its route and its filters. Cursors and hints belong to a name, and one request
   * reads a list of one name once.
   */
  readonly name: string
}

type FilterValue = string | number | boolean | null | undefined

/** The name of a list with filters, in any order: `refunds?from=2026-01-01&status=OPEN`. Null is no filter. */
export function listName(route: string, filters: Readonly<Record<string, FilterValue>>): string {
  const given = Object.entries(filters).filter(([, value]) => value != null)
  const query = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]))
  query.sort()
  return given.length === 0 ? route : `${route}?${query}`
}

/** The lists of one request, by name, so that its fields share pages. */
export interface Paginators {
  of<Node>(list: PagedList<Node>): Paginator<Node>
  /** What this request and earlier ones have revealed about the list. */
  hintsOf(name: string): ListHints
  /** Rereads the list from here on, whatever its filters: it was written to. `route` is what `listName` was given. */
  forget(route: string): void
}

export function paginators(scope: RequestScope): Paginators {
  const byName = new Map<string, unknown>()
  const hintsOf = (name: string): ListHints => scope.app.get(createListHintBook).of(scope, name)
  return {
    hintsOf,
    of: <Node>(list: PagedList<Node>) => {
      const paginator = byName.get(list.name) ?? new Paginator(list, hintsOf(list.name))
      byName.set(list.name, paginator)
      // A name identifies one list, and so one type of node.
      return paginator as Paginator<Node>
    },
    forget: (route) => {
      for (const name of byName.keys()) if (name === route || name.startsWith(`${route}?`)) byName.delete(name)
    },
  }
}
