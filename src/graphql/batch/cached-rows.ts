import type { Cached } from '../../upstream/request.js'
import { paginators } from '../connection/list.js'
import type { PageKey, PageResponse } from '../connection/paginator/page.js'
import type { RequestScope } from '../scope.js'

/** Where rows of one list may be cached. Finding them makes no call. */
export interface CachedRowSource<Node> {
  readonly list: { readonly name: string }
  findCachedPage(page: PageKey): Promise<Cached<PageResponse<Node>> | undefined>
  /** A row that was read singly; undefined if it is unreadable. */
  findCachedSingle(id: string): Promise<Cached<Node> | undefined>
}

/** What cached responses say about one row. */
export interface CachedRow<Node> {
  /** From the most recent page that lists it; an Error if it is unreadable there. */
  readonly listed?: Node | Error
  readonly single?: Node
  /** From the most recent response in which it is readable. */
  readonly latest?: Node
}

export interface CachedRows<Node> {
  /** The cached pages. */
  readonly pages: readonly PageKey[]
  readonly rows: ReadonlyMap<string, CachedRow<Node>>
}

/**
 * Looks rows up on cached pages of the list and among cached single reads. Errors, such as a missing grant, are left to the
 * read that follows.
 */
export async function findCachedRows<Node>(
  scope: RequestScope,
  source: CachedRowSource<Node>,
  ids: readonly string[],
): Promise<CachedRows<Node>> {
  if (scope.services.findCached === undefined || ids.length === 0) return { pages: [], rows: new Map() }
  const [pages, singles] = await Promise.all([findPages(scope, source), findSingles(source, ids)])
  const wanted = new Set(ids)
  const listed = pages.flatMap(({ value, startedAtMs }) =>
    value.rows.flatMap(({ id, node }) =>
      id !== undefined && wanted.has(id) ? [{ id, startedAtMs, row: { listed: node, ...latestOf(node) } }] : [],
    ),
  )
  const rows = new Map<string, CachedRow<Node>>()
  for (const { id, row } of [...singles, ...listed].sort((a, b) => a.startedAtMs - b.startedAtMs)) {
    rows.set(id, { ...rows.get(id), ...row })
  }
  return { pages: pages.map(({ page }) => page), rows }
}

function findPages<Node>(scope: RequestScope, source: CachedRowSource<Node>) {
  const { readPages } = scope.get(paginators).hintsOf(source.list.name)
  return findEach(readPages ?? [], async ([name, page]) => {
    const cached = await source.findCachedPage(page)
    if (cached === undefined) readPages?.delete(name)
    return cached && { ...cached, page }
  })
}

function findSingles<Node>(source: CachedRowSource<Node>, ids: readonly string[]) {
  return findEach(ids, async (id) => {
    const cached = await source.findCachedSingle(id)
    return cached && { id, startedAtMs: cached.startedAtMs, row: { single: cached.value, latest: cached.value } }
  })
}

function latestOf<Node>(node: Node | Error): { readonly latest?: Node } {
  return node instanceof Error ? {} : { latest: node }
}

async function findEach<Key, T>(keys: Iterable<Key>, find: (key: Key) => Promise<T | undefined>): Promise<T[]> {
  const results = await Promise.allSettled(Array.from(keys, find))
  return results.flatMap((result) =>
    result.status === 'fulfilled' && result.value !== undefined ? [result.value] : [],
  )
}
