import type { SortKeys } from '../paginator/order.js'
import { EMPTY_PAGES_MAX } from '../paginator/page.js'
import type { Paginator } from '../paginator/paginator.js'
import { findBoundary } from './boundary.js'

export interface SeekOptions {
  /** Walks the list to its end before a row counts as missing. */
  readonly isExhaustive?: boolean
}

/** Pages to search for a row of a list without order. */
const WALKED_PAGES_MAX = 32

/**
 * Reads the pages with these rows, so that `paginator.findRow` has them; rows read before cost nothing. Pages read before may be
 * older than a row, so what is missing is searched for once more, past every cache. In a list without order, that search
 * continues page by page.
 */
export async function seekRows<Node>(
  paginator: Paginator<Node>,
  sought: readonly SortKeys[],
  { isExhaustive = false }: SeekOptions = {},
): Promise<void> {
  const missing: Missing = () => sought.filter(({ id }) => paginator.findRow(id) === undefined)
  await search(paginator, missing, isExhaustive)
  if (isExhaustive) await walk(paginator, missing)
  if (missing().length === 0) return
  paginator.forget()
  await search(paginator, missing, isExhaustive)
  if (isExhaustive) await walk(paginator, missing)
  else if (paginator.order === undefined) await walk(paginator, missing, WALKED_PAGES_MAX)
}

/** Pages it takes to find one row by the list's order among this many unread pages, by binary search. */
export function searchPages(unreadPages: number): number {
  return Math.ceil(Math.log2(unreadPages + 1))
}

type Missing = () => readonly SortKeys[]

/**
 * Searches the first page, which most requests read anyway; then every page if they are few, else by the list's order. An
 * exhaustive search reads one page at a time, and small ones: a first large page would bring nothing new if the upstream caps
 * `per_page`. What it misses, the walk after it still finds.
 */
async function search<Node>(paginator: Paginator<Node>, missing: Missing, isExhaustive: boolean): Promise<void> {
  if (missing().length > 0) await paginator.pageAt(0)
  const rows = missing()
  if (rows.length === 0) return
  if (!isExhaustive && (await searchLargePages(paginator, rows.length)) === 'complete') return
  const cursors = rows.map(({ id, sortKey }) => ({ id, sortKey, position: 0, order: paginator.order }))
  await Promise.all(cursors.map((cursor) => findBoundary(paginator, 'before', cursor)))
}

/** Reads every large page if they are few, else the first: a search by order continues in the size that was read last. */
async function searchLargePages<Node>(paginator: Paginator<Node>, rows: number): Promise<'complete' | 'first'> {
  const size = paginator.largePageSize
  const unread = paginator.unreadPages(WALKED_PAGES_MAX + 1)
  const few = Math.min(WALKED_PAGES_MAX, rows * searchPages(unread?.length ?? 0))
  const isComplete = unread !== undefined && unread.length <= few
  await Promise.all((isComplete ? unread : [1]).map((number) => paginator.page(number, size)))
  return isComplete ? 'complete' : 'first'
}

/** Continues past empty pages, within limits. */
async function walk<Node>(
  paginator: Paginator<Node>,
  missing: Missing,
  pagesMax = Number.POSITIVE_INFINITY,
): Promise<void> {
  for (let number = 1, empty = 0; number <= pagesMax && empty < EMPTY_PAGES_MAX && missing().length > 0; number += 1) {
    const page = await paginator.page(number, paginator.largePageSize)
    if (page.hasMore === false) return
    empty = page.rows.length > 0 ? 0 : empty + 1
  }
}
