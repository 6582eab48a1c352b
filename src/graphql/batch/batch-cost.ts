import type { Batches } from '../../admission/field-cost.js'
import { worstCalls } from './batch-plan.js'

/** Pages of 100 of a list of 3,200 rows. */
const LIST_PAGES = 32

/**
 * The most calls that reading rows by id takes. An id comes from a row, so rows are assumed to exist, in lists of at most
 * 3,200, where reading every page is the upper bound. Beyond that, the limit on a request's calls applies.
 */
export function batchCalls(batches: Batches): number {
  const lists = new Map<string, { readonly rows: number; readonly extraPages: number }>()
  for (const [rowsByList, extraPages] of batches) {
    for (const [list, rows] of rowsByList) {
      const known = lists.get(list) ?? { rows: 0, extraPages: 0 }
      lists.set(list, { rows: known.rows + rows, extraPages: Math.max(known.extraPages, extraPages) })
    }
  }
  return [...lists.values()].reduce((sum, list) => sum + callsOf(list.rows, list.extraPages), 0)
}

/** Extra pages cost calls of their own only if every row is read singly: otherwise they are among the pages read. */
function callsOf(rows: number, extraPages: number): number {
  return Math.min(Math.max(worstCalls(rows), rows + extraPages), LIST_PAGES + extraPages)
}
