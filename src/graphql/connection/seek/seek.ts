import type { Cursor } from '../cursor.js'
import { EMPTY_PAGES_MAX, type Row } from '../paginator/page.js'
import type { Paginator } from '../paginator/paginator.js'
import { findBoundary } from './boundary.js'

/** A row to look for, wherever it stands in its list. */
export interface SoughtRow extends Pick<Cursor, 'sortKey'> {
  readonly id: string
}

export interface SeekOptions {
  /** Goes through the list page by page, to its end, before it takes a row for missing. */
  readonly isExhaustive?: boolean
}

/** A row that no order leads to is looked for on so many pages. */
const WALKED_PAGES_MAX = 32

/**
 * Finds rows by id. Those found, by id; one that was read before costs nothing. Pages read before may be older than a row,
 * so what is missing is looked for once more past every cache. In a list without order that goes on page by page.
 */
export async function seekRows<Node>(
  paginator: Paginator<Node>,
  sought: readonly SoughtRow[],
  { isExhaustive = false }: SeekOptions = {},
): Promise<ReadonlyMap<string, Row<Node>>> {
  const missing: Missing = () => sought.filter(({ id }) => paginator.findRow(id) === undefined)
  await search(paginator, missing, isExhaustive)
  if (isExhaustive) await walk(paginator, missing, Number.POSITIVE_INFINITY)
  if (missing().length > 0) {
    paginator.forget()
    await search(paginator, missing, isExhaustive)
    if (isExhaustive) await walk(paginator, missing, Number.POSITIVE_INFINITY)
    else if (paginator.order === undefined) await walk(paginator, missing, WALKED_PAGES_MAX)
  }
  return new Map(sought.map(({ id }) => [id, paginator.findRow(id)] as const).filter(isFound))
}

/** Pages that finding one row by the list's order may take, of so many unread ones; halving them is the least. */
export function searchPages(unreadPages: number): number {
  return Math.ceil(Math.log2(unreadPages + 1))
}

type Missing = () => readonly SoughtRow[]

/**
 * On the first page, which most requests read anyway; then on all pages if those are few, else by the list's order. An
 * exhaustive search reads one page at a time: what it misses, the walk after it still finds.
 */
async function search<Node>(paginator: Paginator<Node>, missing: Missing, isExhaustive: boolean): Promise<void> {
  if (missing().length > 0) await paginator.pageAt(0)
  const rows = missing()
  if (rows.length === 0) return
  const size = paginator.largePageSize
  const unread = paginator.unreadPages(WALKED_PAGES_MAX + 1)
  const few = Math.min(WALKED_PAGES_MAX, rows.length * searchPages(unread?.length ?? 0))
  if (!isExhaustive && unread !== undefined && unread.length <= few) {
    await Promise.all(unread.map((number) => paginator.page(number, size)))
    return
  }
  // The search goes on in the size that was read last.
  await paginator.page(1, size)
  const cursors = rows.map((row) => ({ ...row, position: 0, order: paginator.order }))
  await Promise.all(cursors.map((cursor) => findBoundary(paginator, 'before', cursor)))
}

/** Reads on behind empty pages, but not for ever. */
async function walk<Node>(paginator: Paginator<Node>, missing: Missing, pagesMax: number): Promise<void> {
  for (let number = 1, empty = 0; number <= pagesMax && empty < EMPTY_PAGES_MAX && missing().length > 0; number += 1) {
    const page = await paginator.page(number, paginator.largePageSize)
    if (page.hasMore === false) return
    empty = page.rows.length > 0 ? 0 : empty + 1
  }
}

function isFound<Node>(entry: readonly [string, Row<Node> | undefined]): entry is readonly [string, Row<Node>] {
  return entry[1] !== undefined
}
