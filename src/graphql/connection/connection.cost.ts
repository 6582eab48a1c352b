import type { FieldCost, KnownArguments } from '../../admission/field-cost.js'
import { SMALL_PAGE } from './page-reader.js'
import { ROWS_DEFAULT, ROWS_MAX } from './window.js'

/**
 * Pages read to find one row of a list that follows an order: galloping and halving over 128 pages of 25, which is 3,200
 * rows. A longer list, or one without an order, may take more; the running count of a request's calls ends that.
 */
export const LIST_SEARCH_CALLS = 15

/**
 * The pages a slice may take of a list that pages as documented: rows are counted in pages of 25 because a page of that
 * size, read elsewhere in the request, makes the reader go on in it. A list that changes while it is read is read anew, up
 * to three times: the running count bounds that, too.
 */
export function connectionCost({ first, last, after, before, offset }: KnownArguments): FieldCost {
  const isBackward = last != null
  const rows = rowsOf(isBackward ? last : first)
  const cursors = [after, before].filter((cursor) => cursor != null).length
  if (cursors === 0) return { calls: isBackward ? fromEnd(rows) : forward(rows, offset), rows }
  // Each cursor is looked for where it was, then wherever it went; what is wanted is read from there.
  const found = cursors * (unaligned(rows + 1) + LIST_SEARCH_CALLS)
  return { calls: found + (isBackward ? fromEnd(rows) : unaligned(2 * rows + 1)), rows }
}

function forward(rows: number, offset: unknown): number {
  return offset == null ? Math.ceil(rows / SMALL_PAGE) : unaligned(rows)
}

/** The first page tells where the list ends; what was learnt of that earlier may be old, and is then read anew. */
function fromEnd(rows: number): number {
  return 1 + 2 * unaligned(rows + 1)
}

/** Pages over which so many rows may lie. */
function unaligned(rows: number): number {
  return Math.ceil(rows / SMALL_PAGE) + 1
}

/** What is out of range is refused before anything is read. */
function rowsOf(argument: unknown): number {
  if (argument == null) return ROWS_DEFAULT
  return typeof argument === 'number' ? Math.min(Math.max(argument, 1), ROWS_MAX) : ROWS_MAX
}
