import type { RequestScope } from '../scope.js'
import { createListHintBook, type ListHints } from './paginator/list-hints.js'
import type { PageSource } from './paginator/page-reader.js'
import { Paginator } from './paginator/paginator.js'

/**
 * A list that the upstream pages by number: all that a resource has to say about one.
 *
 *     { name: listName('refunds', { status: 'OPEN' }), fetch: (page) => listRefunds(scope, { status: 'OPEN' }, page) }
 */
export interface PagedList<Node> extends PageSource<Node> {
  /**
   * What the list is: its account, if any, its route and its filters. Cursors and hints are of one name, and one request
   * reads a list of one name once.
   */
  readonly name: string
}

type FilterValue = string | number | boolean | null | undefined

/** Names a list with filters: `refunds?from=2026-01-01&status=OPEN`, in whatever order they are given. Null is no filter. */
export function listName(route: string, filters: Readonly<Record<string, FilterValue>>): string {
  const given = Object.entries(filters).filter(([, value]) => value != null)
  const query = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]))
  query.sort()
  return given.length === 0 ? route : `${route}?${query}`
}

/** The lists of one request, by name, so that its fields share what was read. */
export interface Paginators {
  of<Node>(list: PagedList<Node>): Paginator<Node>
  /** What the list has taught so far, in this request and in earlier ones. */
  hintsOf(name: string): ListHints
  /** Reads the list anew from here on, whatever its filters: it was written to. `route` is what `listName` was given. */
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
      // A name stands for one list, and so for one type of node.
      return paginator as Paginator<Node>
    },
    forget: (route) => {
      for (const name of byName.keys()) if (name === route || name.startsWith(`${route}?`)) byName.delete(name)
    },
  }
}
