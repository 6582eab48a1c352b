import type { RowPlace } from './cursor.js'
import type { ListReader } from './list-reader.js'
import type { ListRow, Page } from './pages.js'

/** Where a cursor's row stands now; or, when it is gone, where the first row behind its place stands. */
export interface Located {
  readonly position: number
  readonly isThere: boolean
}

/** Pages looked through one by one when the list follows no order that could guide the search. */
const SCAN_PAGES_MAX = 20

/**
 * Finds a row that moved because rows came or went. The list's order is not documented, so it is read off the rows: where
 * they follow one, the search gallops and halves towards the row's place; where not, it looks outwards from where the row
 * was, and a row found nowhere keeps its position.
 */
export async function locate<Node>(reader: ListReader<Node>, place: RowPlace): Promise<Located> {
  if (place.id === undefined) return { position: place.position, isThere: true }
  const start = await reader.pageAt(place.position)
  const found = find(start, place)
  if (found) return found
  return (await searchByOrder(reader, start, place)) ?? (await scan(reader, start, place))
}

type Order = (a: RowKey, b: RowKey) => number
interface RowKey {
  readonly id: bigint
  readonly createdAtMs: number
}

/** Orders a list may have, likeliest first. */
const ORDERS: readonly Order[] = [
  (a, b) => compare(b.id, a.id),
  (a, b) => compare(a.id, b.id),
  (a, b) => compare(b.createdAtMs, a.createdAtMs) || compare(b.id, a.id),
  (a, b) => compare(a.createdAtMs, b.createdAtMs) || compare(a.id, b.id),
  (a, b) => compare(b.createdAtMs, a.createdAtMs) || compare(a.id, b.id),
  (a, b) => compare(a.createdAtMs, b.createdAtMs) || compare(b.id, a.id),
]

async function searchByOrder<Node>(
  reader: ListReader<Node>,
  start: Page<Node>,
  place: RowPlace,
): Promise<Located | undefined> {
  const target = keyOf(place)
  if (target === undefined) return undefined
  // Every page up to `before` lies before the place, every page from `behind` on lies behind it.
  let before = 0
  let behind = Number.POSITIVE_INFINITY
  let behindStart = start.end ?? place.position
  const seen: RowKey[][] = []
  for (let page = start, step = 1; ; step *= 2) {
    const keys = keysOf(page.rows)
    if (keys.length > 0) seen.push(keys)
    const order = ORDERS.find((candidate) => seen.every((rows) => isSorted(rows, candidate)))
    if (order === undefined) return undefined
    const side = sideOf(keys, target, order)
    if (side === 'inside') return find(page, place) ?? firstBehind(page, target, order)
    if (side === 'behind') before = Math.max(before, page.number)
    else {
      behind = Math.min(behind, page.number)
      behindStart = page.rows.length > 0 ? page.start : (page.end ?? page.start)
    }
    if (behind - before <= 1) return { position: behindStart, isThere: false }
    const next = Number.isFinite(behind)
      ? before > 0
        ? Math.floor((before + behind) / 2)
        : Math.max(1, behind - step)
      : before + step
    page = await reader.page(next, page.size)
  }
}

/** Whether the place lies before, inside or behind a page; an empty page is past the end. */
function sideOf(keys: readonly RowKey[], target: RowKey, order: Order): 'before' | 'inside' | 'behind' {
  const [first, last] = [keys[0], keys.at(-1)]
  if (first === undefined || last === undefined || order(target, first) < 0) return 'before'
  return order(target, last) > 0 ? 'behind' : 'inside'
}

function firstBehind<Node>(page: Page<Node>, target: RowKey, order: Order): Located {
  const index = page.rows.findIndex((row) => {
    const key = keyOf(row)
    return key !== undefined && order(key, target) > 0
  })
  return { position: page.start + (index < 0 ? page.rows.length : index), isThere: false }
}

/** Looks at the pages beside the one where the row was, then at those beside them. */
async function scan<Node>(reader: ListReader<Node>, start: Page<Node>, place: RowPlace): Promise<Located> {
  let hasMoreBehind = start.rows.length > 0
  for (let distance = 1; distance <= SCAN_PAGES_MAX; distance += 1) {
    const numbers = [start.number - distance, ...(hasMoreBehind ? [start.number + distance] : [])]
    const pages = await Promise.all(numbers.filter((n) => n >= 1).map((n) => reader.page(n, start.size)))
    const found = pages.map((page) => find(page, place)).find((located) => located !== undefined)
    if (found) return found
    hasMoreBehind = hasMoreBehind && pages.at(-1)?.rows.length === start.size
    if (!hasMoreBehind && start.number - distance <= 1) break
  }
  return { position: place.position, isThere: false }
}

function find<Node>(page: Page<Node>, place: RowPlace): Located | undefined {
  const index = page.rows.findIndex((row) => row.id === place.id)
  return index < 0 ? undefined : { position: page.start + index, isThere: true }
}

function isSorted(keys: readonly RowKey[], order: Order): boolean {
  return keys.every((key, index) => {
    const before = keys[index - 1]
    return before === undefined || order(before, key) < 0
  })
}

function keysOf<Node>(rows: readonly ListRow<Node>[]): RowKey[] {
  return rows.map(keyOf).filter((key) => key !== undefined)
}

function keyOf(row: { readonly id: string | undefined; readonly createdAtMs: number | undefined }): RowKey | undefined {
  return row.id === undefined || row.createdAtMs === undefined
    ? undefined
    : { id: BigInt(row.id), createdAtMs: row.createdAtMs }
}

function compare<T extends bigint | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}
