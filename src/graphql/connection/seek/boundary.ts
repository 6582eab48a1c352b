import type { Cursor } from '../cursor.js'
import { hasSortKey, isSorted, ORDERS, type Order, type SortKeys, sortKeysOf } from '../paginator/order.js'
import { EMPTY_PAGES_MAX, PAGES_MAX, type Page, type Row } from '../paginator/page.js'
import type { Paginator } from '../paginator/paginator.js'

/**
 * The boundary between two rows that a cursor points at: after its row for `after`, before it for `before`; where the row was
 * if it is gone. `after` row 7 of a list 9 8 7 6 is `{ position: 3, previousId: '7' }`.
 *
 * A neighbour is named only if it is on the page of the boundary: it finds the boundary again after rows came or went.
 */
export interface Boundary {
  /** Of the first row after the boundary. */
  readonly position: number
  readonly previousId?: string | undefined
  readonly nextId?: string | undefined
}

export type CursorName = 'after' | 'before'

/** Pages searched on either side when the list follows no order that could guide the search. */
const SCANNED_PAGES_MAX = 20

/**
 * Finds where a cursor points now, when its row has moved. The list's order is not documented, so it is inferred from the
 * rows: if they follow one, a galloping and then binary search leads to the row's place. If not, the pages around the old
 * position are searched; a row that is not found there keeps its position.
 */
export async function findBoundary<Node>(
  paginator: Paginator<Node>,
  name: CursorName,
  cursor: Cursor,
): Promise<Boundary> {
  const { position, id } = cursor
  if (id === undefined) return { position: name === 'after' ? position + 1 : position }
  const start = await readStart(paginator, position)
  return (
    findNextToRow(start, name, id) ??
    (await findByOrder(paginator, start, { name, cursor: { ...cursor, id } })) ??
    (await findNearby(paginator, start, { name, id })) ?? { position }
  )
}

/** The boundary next to a row that was found. */
export function nextToRow(name: CursorName, position: number, id: string | undefined): Boundary {
  return name === 'after' ? { position: position + 1, previousId: id } : { position, nextId: id }
}

/** The page where the row was, or the last one if the list has become shorter. */
async function readStart<Node>(paginator: Paginator<Node>, position: number): Promise<Page<Node>> {
  const page = await paginator.pageAt(position)
  return page.end !== undefined && page.end > 0 && page.end <= page.start ? paginator.pageAt(page.end - 1) : page
}

function findNextToRow<Node>(page: Page<Node>, name: CursorName, id: string): Boundary | undefined {
  const index = page.rows.findIndex((row) => row.id === id)
  return index < 0 ? undefined : nextToRow(name, page.start + index, id)
}

interface Target {
  readonly name: CursorName
  readonly cursor: Cursor & { readonly id: string }
}

/** Undefined when the rows follow no order that the cursor's row can be compared by. */
async function findByOrder<Node>(
  paginator: Paginator<Node>,
  start: Page<Node>,
  { name, cursor }: Target,
): Promise<Boundary | undefined> {
  // The rows may be too few to show their order: the one at the time the cursor was issued comes first.
  const candidates = [...ORDERS.slice(cursor.order ?? 0, (cursor.order ?? 0) + 1), ...ORDERS]
  // Every page up to `lower` lies before the boundary, every page from `upperNumber` on lies after it.
  let lower: Page<Node> | undefined
  let upper: Page<Node> | undefined
  let upperNumber: number | undefined
  const seen: SortKeys[][] = []
  for (let { number } = start, step = 1; ; step *= 2) {
    const page = await readComparable(paginator, number, { start, cursor })
    if (!hasSortKey(cursor) && page.rows.some(hasSortKey)) return undefined
    const keys = sortKeysOf(page.rows, hasSortKey(cursor))
    if (keys.length > 0) seen.push(keys)
    const isOrderOpen = cursor.order === undefined && seen.every((rows) => rows.length < 2)
    if (isOrderOpen && keys.length > 0) seen.push(sortKeysOf(await readAdjacent(paginator, page), hasSortKey(cursor)))
    const order = candidates.find((candidate) => seen.every((rows) => isSorted(rows, candidate)))
    if (order === undefined) return undefined
    const side = sideOf(keys, cursor, order)
    if (side === 'inside') return findNextToRow(page, name, cursor.id) ?? insideOf(page, cursor, order)
    if (side === 'before') lower = page
    else [upper, upperNumber] = [page, number]
    if (upper && upperNumber && upperNumber - (lower?.number ?? 0) <= 1) return betweenPages(name, lower, upper)
    number = nextNumber(lower?.number ?? 0, upperNumber, step)
    // Beyond this, numbers are not exact, and the binary search would never end.
    if (number > PAGES_MAX) return undefined
  }
}

/** The first page from here on with rows that can be compared: one without them does not tell where it lies. */
async function readComparable<Node>(
  paginator: Paginator<Node>,
  from: number,
  { start, cursor }: { readonly start: Page<Node>; readonly cursor: Cursor },
): Promise<Page<Node>> {
  for (let number = from; ; number += 1) {
    const page = await paginator.page(number, start.requestedSize)
    const isBlank = sortKeysOf(page.rows, hasSortKey(cursor)).length === 0 && page.hasMore !== false
    if (!isBlank || number - from >= EMPTY_PAGES_MAX) return page
  }
}

/** A single row shows no order; together with the rows of an adjacent page, it may. */
async function readAdjacent<Node>(paginator: Paginator<Node>, page: Page<Node>): Promise<Row<Node>[]> {
  const isFirst = page.number === 1
  const adjacent = await paginator.page(isFirst ? 2 : page.number - 1, page.requestedSize)
  return isFirst ? [...page.rows, ...adjacent.rows] : [...adjacent.rows, ...page.rows]
}

/** Gallops until the boundary lies between two pages, then bisects. */
function nextNumber(lower: number, upper: number | undefined, step: number): number {
  if (upper === undefined) return lower + step
  return lower > 0 ? Math.floor((lower + upper) / 2) : Math.max(1, upper - step)
}

/** Where a page lies relative to the boundary; an empty page is past the end. */
function sideOf(keys: readonly SortKeys[], target: SortKeys, order: Order): 'before' | 'inside' | 'after' {
  const [first, last] = [keys[0], keys.at(-1)]
  if (first === undefined || last === undefined || order(target, first) < 0) return 'after'
  return order(target, last) > 0 ? 'before' : 'inside'
}

function insideOf<Node>({ start, rows }: Page<Node>, target: SortKeys, order: Order): Boundary {
  const next = sortKeysOf(rows, hasSortKey(target)).find((keys) => order(keys, target) > 0)
  const index = rows.findIndex(({ id }) => id === next?.id)
  return { position: start + index, previousId: rows[index - 1]?.id, nextId: next?.id }
}

/** Names one neighbour only: the other page may show the list at another moment. */
function betweenPages<Node>(name: CursorName, lower: Page<Node> | undefined, upper: Page<Node>): Boundary {
  if (name === 'after' && lower) return { position: lower.start + lower.rows.length, previousId: lower.rows.at(-1)?.id }
  const position = upper.rows.length > 0 ? upper.start : (upper.end ?? upper.start)
  return { position, nextId: upper.rows[0]?.id }
}

/** Searches outwards from the page where the row was. */
async function findNearby<Node>(
  paginator: Paginator<Node>,
  start: Page<Node>,
  { name, id }: { readonly name: CursorName; readonly id: string },
): Promise<Boundary | undefined> {
  let hasMoreAfter = start.hasMore !== false
  for (let distance = 1; distance <= SCANNED_PAGES_MAX; distance += 1) {
    const numbers = [start.number - distance, ...(hasMoreAfter ? [start.number + distance] : [])]
    const pages = await Promise.all(numbers.filter((n) => n >= 1).map((n) => paginator.page(n, start.requestedSize)))
    const found = pages.map((page) => findNextToRow(page, name, id)).find((boundary) => boundary !== undefined)
    if (found) return found
    hasMoreAfter = hasMoreAfter && pages.at(-1)?.hasMore !== false
    if (!hasMoreAfter && start.number - distance <= 1) return undefined
  }
  return undefined
}
