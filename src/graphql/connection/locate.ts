import type { RowPlace } from './cursor.js'
import type { ListReader } from './list-reader.js'
import { isSorted, keyOf, keysOf, ORDERS, type Order, type RowKey } from './order.js'
import { PAGES_MAX, type Page } from './pages.js'
import { EMPTY_PAGES_MAX } from './seams.js'

/**
 * The place between two rows where a cursor points now: behind its row for `after`, ahead of it for `before`, where the row
 * was when it is gone. A neighbour is named only when it was seen on the same page as the place: it finds the place again
 * in another view of the list.
 */
export interface Gap {
  /** Of the first row behind the gap. */
  readonly position: number
  readonly aheadId?: string | undefined
  readonly behindId?: string | undefined
}

export type CursorName = 'after' | 'before'

/** Pages looked through one by one when the list follows no order that could guide the search. */
const SCAN_PAGES_MAX = 20

/**
 * Finds a row that moved because rows came or went. The list's order is not documented, so it is read off the rows: where
 * they follow one, the search gallops and halves towards the row's place; where not, it looks outwards from where the row
 * was, and a row found nowhere keeps its position.
 */
export async function locate<Node>(reader: ListReader<Node>, name: CursorName, place: RowPlace): Promise<Gap> {
  const own = name === 'after' ? 1 : 0
  if (place.id === undefined) return { position: place.position + own }
  const start = await startFor(reader, place.position)
  return (
    gapAtRow(start, name, place) ??
    (await searchByOrder(reader, start, { name, place })) ??
    (await scan(reader, start, { name, place })) ?? { position: place.position }
  )
}

/** The page where the row was, or the last one where the list has become shorter than that. */
async function startFor<Node>(reader: ListReader<Node>, position: number): Promise<Page<Node>> {
  const page = await reader.pageAt(position)
  return page.end !== undefined && page.end > 0 && page.end <= page.start ? reader.pageAt(page.end - 1) : page
}

/** The gap beside a row that is there. */
export function gapBeside(name: CursorName, position: number, id: string | undefined): Gap {
  return name === 'after' ? { position: position + 1, aheadId: id } : { position, behindId: id }
}

interface Wanted {
  readonly name: CursorName
  readonly place: RowPlace
}

async function searchByOrder<Node>(
  reader: ListReader<Node>,
  start: Page<Node>,
  { name, place }: Wanted,
): Promise<Gap | undefined> {
  const target = keyOf(place)
  if (target === undefined) return undefined
  // Rows may be too few to show their order: the one that showed when the cursor was given out goes first.
  const candidates = [...ORDERS.slice(place.order ?? 0, (place.order ?? 0) + 1), ...ORDERS]
  // Every page up to `ahead` lies ahead of the place, every page from number `behindFrom` on lies behind it.
  let ahead: Page<Node> | undefined
  let behind: Page<Node> | undefined
  let behindFrom: number | undefined
  const seen: RowKey[][] = []
  for (let { number } = start, step = 1; ; step *= 2) {
    const page = await pageWithKeys(reader, number, start.asked)
    const keys = keysOf(page.rows)
    if (keys.length > 0) seen.push(keys)
    const isOrderOpen = place.order === undefined && seen.every((rows) => rows.length < 2)
    if (isOrderOpen && keys.length > 0) seen.push(await keysBeside(reader, page))
    const order = candidates.find((candidate) => seen.every((rows) => isSorted(rows, candidate)))
    if (order === undefined) return undefined
    const side = sideOf(keys, target, order)
    if (side === 'inside') return gapAtRow(page, name, place) ?? gapInside(page, target, order)
    if (side === 'ahead') ahead = page
    else {
      behind = page
      behindFrom = number
    }
    if (behind && behindFrom && behindFrom - (ahead?.number ?? 0) <= 1) return gapBetween(name, ahead, behind)
    number = nextNumber(ahead?.number ?? 0, behindFrom, step)
    // Beyond what numbers tell apart, halving would go on for ever over pages that were read.
    if (number > PAGES_MAX) return undefined
  }
}

/** The first page from here on whose rows can be compared: one without any says nothing of where it lies. */
async function pageWithKeys<Node>(reader: ListReader<Node>, from: number, asked: number): Promise<Page<Node>> {
  for (let number = from; ; number += 1) {
    const page = await reader.page(number, asked)
    const isBlank = keysOf(page.rows).length === 0 && page.hasMore !== false
    if (!isBlank || number - from >= EMPTY_PAGES_MAX) return page
  }
}

/** One row alone shows no order; with the rows of the page beside it it may. */
async function keysBeside<Node>(reader: ListReader<Node>, page: Page<Node>): Promise<RowKey[]> {
  if (page.number === 1) return keysOf([...page.rows, ...(await reader.page(2, page.asked)).rows])
  return keysOf([...(await reader.page(page.number - 1, page.asked)).rows, ...page.rows])
}

/** Gallops until the place lies between two pages, then halves. */
function nextNumber(ahead: number, behind: number | undefined, step: number): number {
  if (behind === undefined) return ahead + step
  return ahead > 0 ? Math.floor((ahead + behind) / 2) : Math.max(1, behind - step)
}

/** Where a page lies as seen from the place; an empty page is past the end. */
function sideOf(keys: readonly RowKey[], target: RowKey, order: Order): 'ahead' | 'inside' | 'behind' {
  const [first, last] = [keys[0], keys.at(-1)]
  if (first === undefined || last === undefined || order(target, first) < 0) return 'behind'
  return order(target, last) > 0 ? 'ahead' : 'inside'
}

function gapInside<Node>(page: Page<Node>, target: RowKey, order: Order): Gap {
  const index = page.rows.findIndex((row) => {
    const key = keyOf(row)
    return key !== undefined && order(key, target) > 0
  })
  return { position: page.start + index, aheadId: page.rows[index - 1]?.id, behindId: page.rows[index]?.id }
}

/** Between two pages, as seen from the one whose rows are not wanted: the other may be of another view. */
function gapBetween<Node>(name: CursorName, ahead: Page<Node> | undefined, behind: Page<Node>): Gap {
  if (name === 'after' && ahead) return { position: ahead.start + ahead.rows.length, aheadId: ahead.rows.at(-1)?.id }
  const position = behind.rows.length > 0 ? behind.start : (behind.end ?? behind.start)
  return { position, behindId: behind.rows[0]?.id }
}

/** Looks at the pages beside the one where the row was, then at those beside them. */
async function scan<Node>(
  reader: ListReader<Node>,
  start: Page<Node>,
  { name, place }: Wanted,
): Promise<Gap | undefined> {
  let hasMoreBehind = start.hasMore !== false
  for (let distance = 1; distance <= SCAN_PAGES_MAX; distance += 1) {
    const numbers = [start.number - distance, ...(hasMoreBehind ? [start.number + distance] : [])]
    const pages = await Promise.all(numbers.filter((n) => n >= 1).map((n) => reader.page(n, start.asked)))
    const found = pages.map((page) => gapAtRow(page, name, place)).find((gap) => gap !== undefined)
    if (found) return found
    hasMoreBehind = hasMoreBehind && pages.at(-1)?.hasMore !== false
    if (!hasMoreBehind && start.number - distance <= 1) return undefined
  }
  return undefined
}

function gapAtRow<Node>(page: Page<Node>, name: CursorName, place: RowPlace): Gap | undefined {
  const index = page.rows.findIndex((row) => row.id === place.id)
  return index < 0 ? undefined : gapBeside(name, page.start + index, place.id)
}
