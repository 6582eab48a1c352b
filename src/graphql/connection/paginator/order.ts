import type { Row } from './page.js'

/** What a list may be sorted by. */
export interface SortKeys {
  readonly id: string
  /** Undefined in a list whose rows have none. */
  readonly sortKey?: number | undefined
}

export type Order = (a: SortKeys, b: SortKeys) => number

/**
 * The orders that a list may follow, likeliest first; the upstream documents none. Rows created in the same second may be in
 * either order, and ids may follow an order that creation times break. `[{ id: '9' }, { id: '8' }]` follows the first. Cursors
 * refer to an order by its index here.
 */
export const ORDERS: readonly Order[] = [
  (a, b) => byId(b, a),
  byId,
  (a, b) => bySortKey(b, a) || byId(b, a),
  (a, b) => bySortKey(a, b) || byId(a, b),
  (a, b) => bySortKey(b, a) || byId(a, b),
  (a, b) => bySortKey(a, b) || byId(b, a),
]

type Sortable = Pick<Row<unknown>, 'id' | 'sortKey'>

/** The rows that can be compared. In a list with sort keys, a row without one (an unreadable row) cannot. */
export function sortKeysOf(rows: readonly Sortable[], hasSortKeys = rows.some(hasSortKey)): SortKeys[] {
  return rows.filter((row): row is SortKeys => row.id !== undefined && (!hasSortKeys || hasSortKey(row)))
}

export function hasSortKey({ sortKey }: Pick<Sortable, 'sortKey'>): boolean {
  return sortKey !== undefined
}

/** The order that the rows follow; undefined when they are too few or follow none. */
export function orderShown(rows: readonly Sortable[]): number | undefined {
  const keys = sortKeysOf(rows)
  if (keys.length < 2) return undefined
  const index = ORDERS.findIndex((order) => isSorted(keys, order))
  return index < 0 ? undefined : index
}

export function isSorted(keys: readonly SortKeys[], order: Order): boolean {
  return keys.every((key, index) => {
    const previous = keys[index - 1]
    return previous === undefined || order(previous, key) < 0
  })
}

function bySortKey(a: SortKeys, b: SortKeys): number {
  return (a.sortKey ?? 0) - (b.sortKey ?? 0)
}

/** By length first, so that digits without leading zeros sort as numbers, ULIDs and UUIDs as text. */
function byId(a: SortKeys, b: SortKeys): number {
  return a.id.length - b.id.length || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}
