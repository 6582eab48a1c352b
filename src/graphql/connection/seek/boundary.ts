import type { Cursor } from '../cursor.js'
import { hasSortKey, isSorted, ORDERS, type Order, type SortKeys, sortKeysOf } from '../paginator/order.js'
import { EMPTY_PAGES_MAX, PAGES_MAX, type Page, type Row } from '../paginator/page.js'
import type { Paginator } from '../paginator/paginator.js'

/**
 * The boundary between two rows that a cursor points at: behind its row for `after`, ahead of it for `before`; where the row
 * was if it is gone. `after` row 7 of a list 9 8 7 6 is `{ position: 3, previousId: '7' }`.
 *
 * A neighbour is named only when it was seen on the page of the boundary: it finds the boundary again where rows came or
 * went in between.
 */
export interface Boundary {
  /** Of the first row behind the boundary. */
  readonly position: number
  readonly previousId?: string | undefined
  readonly nextId?: string | undefined
}

export type CursorName = 'after' | 'before'

/** Pages looked through to either side when the list follows no order that could guide the search. */
const SCANNED_PAGES_MAX = 20

/**
 * Finds where a cursor points now, when its row has moved. The list's order is not documented, so it is read off the rows:
 * if they follow one, the search gallops and halves towards the row's place. If not, it looks at the pages around the old
 * position; a row that is not found there keeps its position.
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
    findBesideRow(start, name, id) ??
    (await findByOrder(paginator, start, { name, cursor: { ...cursor, id } })) ??
    (await findNearby(paginator, start, { name, id })) ?? { position }
  )
}

/** The boundary beside a row that is there. */
export function besideRow(name: CursorName, position: number, id: string | undefined): Boundary {
  return name === 'after' ? { position: position + 1, previousId: id } : { position, nextId: id }
}

/** The page where the row was, or the last one if the list has become shorter. */
async function readStart<Node>(paginator: Paginator<Node>, position: number): Promise<Page<Node>> {
  const page = await paginator.pageAt(position)
  return page.end !== undefined && page.end > 0 && page.end <= page.start ? paginator.pageAt(page.end - 1) : page
}

function findBesideRow<Node>(page: Page<Node>, name: CursorName, id: string): Boundary | undefined {
  const index = page.rows.findIndex((row) => row.id === id)
  return index < 0 ? undefined : besideRow(name, page.start + index, id)
}

interface Target {
  readonly name: CursorName
  readonly cursor: Cursor & { readonly id: string }
}

/** Undefined when the rows follow no order by which the cursor's row can be compared with them. */
async function findByOrder<Node>(
  paginator: Paginator<Node>,
  start: Page<Node>,
  { name, cursor }: Target,
): Promise<Boundary | undefined> {
  // Rows may be too few to show their order: the one seen when the cursor was given out comes first.
  const candidates = [...ORDERS.slice(cursor.order ?? 0, (cursor.order ?? 0) + 1), ...ORDERS]
  // Every page up to `ahead` lies ahead of the boundary, every page from number `behindFrom` on lies behind it.
  let ahead: Page<Node> | undefined
  let behind: Page<Node> | undefined
  let behindFrom: number | undefined
  const seen: SortKeys[][] = []
  for (let { number } = start, step = 1; ; step *= 2) {
    const page = await readComparable(paginator, number, { start, cursor })
    if (!hasSortKey(cursor) && page.rows.some(hasSortKey)) return undefined
    const keys = sortKeysOf(page.rows, hasSortKey(cursor))
    if (keys.length > 0) seen.push(keys)
    const isOrderOpen = cursor.order === undefined && seen.every((rows) => rows.length < 2)
    if (isOrderOpen && keys.length > 0) seen.push(sortKeysOf(await readBeside(paginator, page), hasSortKey(cursor)))
    const order = candidates.find((candidate) => seen.every((rows) => isSorted(rows, candidate)))
    if (order === undefined) return undefined
    const side = sideOf(keys, cursor, order)
    if (side === 'inside') return findBesideRow(page, name, cursor.id) ?? insideOf(page, cursor, order)
    if (side === 'ahead') ahead = page
    else [behind, behindFrom] = [page, number]
    if (behind && behindFrom && behindFrom - (ahead?.number ?? 0) <= 1) return betweenPages(name, ahead, behind)
    number = nextNumber(ahead?.number ?? 0, behindFrom, step)
    // Beyond this, numbers are no longer exact, and halving would never end.
    if (number > PAGES_MAX) return undefined
  }
}

/** The first page from here on whose rows can be compared: a page without any does not tell where it lies. */
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

/** A single row shows no order; with the rows of the page beside it, it may. */
async function readBeside<Node>(paginator: Paginator<Node>, page: Page<Node>): Promise<Row<Node>[]> {
  const isFirst = page.number === 1
  const beside = await paginator.page(isFirst ? 2 : page.number - 1, page.requestedSize)
  return isFirst ? [...page.rows, ...beside.rows] : [...beside.rows, ...page.rows]
}

/** Gallops until the boundary lies between two pages, then halves. */
function nextNumber(ahead: number, behind: number | undefined, step: number): number {
  if (behind === undefined) return ahead + step
  return ahead > 0 ? Math.floor((ahead + behind) / 2) : Math.max(1, behind - step)
}

/** Where a page lies as seen from the boundary; an empty page is past the end. */
function sideOf(keys: readonly SortKeys[], target: SortKeys, order: Order): 'ahead' | 'inside' | 'behind' {
  const [first, last] = [keys[0], keys.at(-1)]
  if (first === undefined || last === undefined || order(target, first) < 0) return 'behind'
  return order(target, last) > 0 ? 'ahead' : 'inside'
}

function insideOf<Node>({ start, rows }: Page<Node>, target: SortKeys, order: Order): Boundary {
  const next = sortKeysOf(rows, hasSortKey(target)).find((keys) => order(keys, target) > 0)
  const index = rows.findIndex(({ id }) => id === next?.id)
  return { position: start + index, previousId: rows[index - 1]?.id, nextId: next?.id }
}

/** Names one neighbour only: the other page may be of another moment. */
function betweenPages<Node>(name: CursorName, ahead: Page<Node> | undefined, behind: Page<Node>): Boundary {
  if (name === 'after' && ahead) return { position: ahead.start + ahead.rows.length, previousId: ahead.rows.at(-1)?.id }
  const position = behind.rows.length > 0 ? behind.start : (behind.end ?? behind.start)
  return { position, nextId: behind.rows[0]?.id }
}

/** Looks at the pages beside the one where the row was, then at those beside them. */
async function findNearby<Node>(
  paginator: Paginator<Node>,
  start: Page<Node>,
  { name, id }: { readonly name: CursorName; readonly id: string },
): Promise<Boundary | undefined> {
  let hasMoreBehind = start.hasMore !== false
  for (let distance = 1; distance <= SCANNED_PAGES_MAX; distance += 1) {
    const numbers = [start.number - distance, ...(hasMoreBehind ? [start.number + distance] : [])]
    const pages = await Promise.all(numbers.filter((n) => n >= 1).map((n) => paginator.page(n, start.requestedSize)))
    const found = pages.map((page) => findBesideRow(page, name, id)).find((boundary) => boundary !== undefined)
    if (found) return found
    hasMoreBehind = hasMoreBehind && pages.at(-1)?.hasMore !== false
    if (!hasMoreBehind && start.number - distance <= 1) return undefined
  }
  return undefined
}
