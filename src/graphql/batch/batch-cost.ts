import type { Batches } from '../../admission/field-cost.js'
import { worstCalls } from './batch-plan.js'

/** Pages of 100 of a list of 3,200 rows. */
const LIST_PAGES = 32

/**
 * The calls that reading rows by id may take. Who asks by id knows of a row, so rows are taken to exist, in lists of at most
 * 3,200: there, reading every page is the most. If that is wrong, the limit on a request's calls ends it.
 */
export function batchCalls(batches: Batches): number {
  const lists = new Map<string, { readonly rows: number; readonly besides: number }>()
  for (const [rowsByList, besides] of batches) {
    for (const [list, rows] of rowsByList) {
      const known = lists.get(list) ?? { rows: 0, besides: 0 }
      lists.set(list, { rows: known.rows + rows, besides: Math.max(known.besides, besides) })
    }
  }
  return [...lists.values()].reduce((sum, list) => sum + callsOf(list.rows, list.besides), 0)
}

/** Pages bring what is looked for besides: that costs calls of its own only if every row is read singly. */
function callsOf(rows: number, besides: number): number {
  return Math.min(Math.max(worstCalls(rows), rows + besides), LIST_PAGES + besides)
}
