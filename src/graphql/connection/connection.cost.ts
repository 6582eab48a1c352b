import type { FieldCost, KnownArguments } from '../../admission/field-cost.js'
import { ROWS_DEFAULT, ROWS_MAX } from './arguments.js'
import { SMALL_PAGE } from './paginator/page-reader.js'

/**
 * Pages that finding one row takes in an ordered list of 3,200 rows: galloping and halving over 128 pages of 25. A longer
 * list, or one without an order, may take more; the limit on a request's calls ends that.
 */
export const LIST_SEARCH_CALLS = 15

/**
 * The pages that a connection over any list may take, if the list pages as documented. Rows are counted in pages of 25: once
 * a page of that size was read for another field, reading goes on in it. A list that changes while it is read is read anew
 * up to three times, which the limit on a request's calls bounds, too.
 */
export function connectionCost({ first, last, after, before, offset }: KnownArguments): FieldCost {
  const isBackward = last != null
  const rows = rowsOf(isBackward ? last : first)
  const cursors = [after, before].filter((cursor) => cursor != null).length
  if (cursors === 0) return { calls: isBackward ? fromEnd(rows) : fromStart(rows, offset), rows }
  // A cursor's row is looked for where it was, then wherever it went; the rows wanted are read from there.
  const found = cursors * (unaligned(rows + 1) + LIST_SEARCH_CALLS)
  return { calls: found + (isBackward ? fromEnd(rows) : unaligned(2 * rows + 1)), rows }
}

function fromStart(rows: number, offset: unknown): number {
  return offset == null ? Math.ceil(rows / SMALL_PAGE) : unaligned(rows)
}

/** The first page tells where the list ends; if that was known from earlier and is no longer true, it is read anew. */
function fromEnd(rows: number): number {
  return 1 + 2 * unaligned(rows + 1)
}

/** Pages over which so many rows may spread. */
function unaligned(rows: number): number {
  return Math.ceil(rows / SMALL_PAGE) + 1
}

/** A value out of range is refused before anything is read. */
function rowsOf(argument: unknown): number {
  if (argument == null) return ROWS_DEFAULT
  return typeof argument === 'number' ? Math.min(Math.max(argument, 1), ROWS_MAX) : ROWS_MAX
}
