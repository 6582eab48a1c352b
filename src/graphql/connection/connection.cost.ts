import type { FieldCost, KnownArguments } from '../../admission/field-cost.js'
import { ROWS_DEFAULT, ROWS_MAX } from './arguments.js'
import { SMALL_PAGE } from './paginator/page-reader.js'

/**
 * Pages it takes to find one row in an ordered list of 3,200: a galloping, then binary search over 128 pages of 25. A longer
 * list, or one without an order, may take more, up to the limit on a request's calls.
 */
export const LIST_SEARCH_CALLS = 15

/**
 * The most pages that a connection reads, of any list that pages as documented. Rows are counted in pages of 25, because
 * once another field has read a page of that size, the rest is read in it too. A list that changes while it is read is reread
 * up to three times, which only the limit on a request's calls bounds.
 */
export function connectionCost({ first, last, after, before, offset }: KnownArguments): FieldCost {
  const isBackward = last != null
  const rows = rowsOf(isBackward ? last : first)
  const cursors = [after, before].filter((cursor) => cursor != null).length
  if (cursors === 0) return { calls: isBackward ? fromEnd(rows) : fromStart(rows, offset), rows }
  // A cursor's row is looked up where it was, then searched for; the rows requested are read from there.
  const found = cursors * (unaligned(rows + 1) + LIST_SEARCH_CALLS)
  return { calls: found + (isBackward ? fromEnd(rows) : unaligned(2 * rows + 1)), rows }
}

function fromStart(rows: number, offset: unknown): number {
  return offset == null ? Math.ceil(rows / SMALL_PAGE) : unaligned(rows)
}

/** The first page shows where the list ends. If an earlier response has said so and it has changed, the end is reread. */
function fromEnd(rows: number): number {
  return 1 + 2 * unaligned(rows + 1)
}

/** The most pages that this many rows may spread over. */
function unaligned(rows: number): number {
  return Math.ceil(rows / SMALL_PAGE) + 1
}

/** A value out of range is refused before anything is read. */
function rowsOf(argument: unknown): number {
  if (argument == null) return ROWS_DEFAULT
  return typeof argument === 'number' ? Math.min(Math.max(argument, 1), ROWS_MAX) : ROWS_MAX
}
