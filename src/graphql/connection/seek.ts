import type { ListReader } from './list-reader.js'
import { locate } from './locate.js'

/** A row that is looked for in a list, wherever it stands there. */
export interface SoughtRow {
  readonly id: string
  /** Epoch ms: what the list may be sorted by. */
  readonly createdAtMs: number
}

/** A row that no order leads to is looked for on so many pages. */
const WALK_PAGES_MAX = 32

/**
 * Reads pages of a list until `isMissing` holds for none of the rows, or until they are not in it. What was read earlier may
 * be older than the row, so a row that is not there is looked for once more past every cache. Where the list shows no order
 * that could guide the search, it goes on page by page.
 */
export async function seekRows<Node>(
  list: ListReader<Node>,
  rows: readonly SoughtRow[],
  isMissing: (row: SoughtRow) => boolean,
): Promise<void> {
  const missing = (): readonly SoughtRow[] => rows.filter(isMissing)
  await search(list, missing)
  if (missing().length === 0) return
  list.forget()
  await search(list, missing)
  if (list.order === undefined) await walk(list, missing)
}

/** Pages that finding one row by the order of the list may take, of so many unread ones; halving them is the least. */
export function searchPages(unreadPages: number): number {
  return Math.ceil(Math.log2(unreadPages + 1))
}

type Missing = () => readonly SoughtRow[]

/** On the first page, which everybody reads; then on all pages at once where those are few, else by the list's order. */
async function search<Node>(list: ListReader<Node>, missing: Missing): Promise<void> {
  if (missing().length > 0) await list.pageAt(0)
  const rows = missing()
  if (rows.length === 0) return
  const unread = list.unreadPages(WALK_PAGES_MAX + 1)
  const few = Math.min(WALK_PAGES_MAX, rows.length * searchPages(unread?.length ?? 0))
  if (unread !== undefined && unread.length <= few) await readAll(list, unread)
  else await searchByOrder(list, rows)
}

async function readAll<Node>(list: ListReader<Node>, numbers: readonly number[]): Promise<void> {
  const size = list.largePageSize
  await Promise.all(numbers.map((number) => list.page(number, size)))
}

async function searchByOrder<Node>(list: ListReader<Node>, rows: readonly SoughtRow[]): Promise<void> {
  // The search begins there, and goes on in the page size that was read last.
  await list.page(1, list.largePageSize)
  await Promise.all(rows.map((row) => locate(list, 'before', { ...row, position: 0, order: list.order })))
}

async function walk<Node>(list: ListReader<Node>, missing: Missing): Promise<void> {
  for (let number = 1; number <= WALK_PAGES_MAX && missing().length > 0; number += 1) {
    const page = await list.page(number, list.largePageSize)
    if (page.hasMore === false) return
  }
}
