/** What a list may be sorted by. */
export interface RowKey {
  /** Digits and ULIDs alike, padded: as text they sort as they count. */
  readonly id: string
  readonly createdAtMs: number
}

export type Order = (a: RowKey, b: RowKey) => number

/** The orders a list may have, likeliest first; the upstream documents none. A cursor names one by its index. */
export const ORDERS: readonly Order[] = [
  (a, b) => compare(b.id, a.id),
  (a, b) => compare(a.id, b.id),
  (a, b) => compare(b.createdAtMs, a.createdAtMs) || compare(b.id, a.id),
  (a, b) => compare(a.createdAtMs, b.createdAtMs) || compare(a.id, b.id),
  (a, b) => compare(b.createdAtMs, a.createdAtMs) || compare(a.id, b.id),
  (a, b) => compare(a.createdAtMs, b.createdAtMs) || compare(b.id, a.id),
]

/** No id in a cursor is longer. */
const ID_LENGTH_MAX = 64

interface Sortable {
  readonly id: string | undefined
  readonly createdAtMs: number | undefined
}

export function keyOf(row: Sortable): RowKey | undefined {
  return row.id === undefined || row.createdAtMs === undefined
    ? undefined
    : { id: row.id.padStart(ID_LENGTH_MAX, '0'), createdAtMs: row.createdAtMs }
}

export function keysOf(rows: readonly Sortable[]): RowKey[] {
  return rows.map(keyOf).filter((key) => key !== undefined)
}

/** The order that rows show; undefined when they are too few to show one, or follow none. */
export function orderShown(rows: readonly Sortable[]): number | undefined {
  const keys = keysOf(rows)
  if (keys.length < 2) return undefined
  const index = ORDERS.findIndex((order) => isSorted(keys, order))
  return index < 0 ? undefined : index
}

export function isSorted(keys: readonly RowKey[], order: Order): boolean {
  return keys.every((key, index) => {
    const before = keys[index - 1]
    return before === undefined || order(before, key) < 0
  })
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}
