import { searchPages } from '../connection/seek/seek.js'

/** What is known when rows of one list are wanted by id and the upstream has no bulk read. */
export interface BatchState {
  /** Rows wanted. */
  readonly wanted: number
  /** Rows of them that were not read yet. */
  readonly missing: number
  /** Missing rows that have to be read from the list even when they are read singly. */
  readonly neededFromList: number
  /** Pages of the list that were not read yet; undefined while its length is unknown. */
  readonly unreadPages: number | undefined
  /** Pages read for this batch without knowing the list's length. */
  readonly probes: number
  /** How often all unread pages were read for this batch: again only where pages turned out to have another size. */
  readonly sweeps: number
}

export type BatchStep =
  | { readonly kind: 'done' }
  /** Read every unread page, side by side. */
  | { readonly kind: 'all-pages' }
  /** Read one page: it tells the list's length or, where nothing does, brings rows until the list ends. */
  | { readonly kind: 'next-page' }
  /** Read each missing row singly, which decides whether it exists. */
  | { readonly kind: 'singles' }

/** Searches for scattered rows share pages: together they read no more than most of a list of 3,200. */
export const SEARCHES_MAX = 32

/** For fewer rows, a page that tells the list's length costs more than it can save. */
const PROBE_FROM = 3
/** An upstream whose pages have another size every time is read row by row in the end. */
const SWEEPS_MAX = 3

/**
 * The next step, with the fewest calls. If the list's length is known, all unread pages are weighed against a call per row.
 * If not, one page is tried; where that does not tell, reading goes on page by page while it has cost fewer calls than there
 * are rows wanted. So N rows cost at most N + 1 calls where the length is known or told by the first page, and at most 2 N
 * where nothing tells it.
 *
 * 50 rows of a list with two unread pages: `all-pages`. Two rows of a list never read before: `singles`.
 */
export function nextStep({ wanted, missing, neededFromList, unreadPages, probes, sweeps }: BatchState): BatchStep {
  if (missing === 0) return { kind: 'done' }
  if (unreadPages === undefined) {
    const mayProbe = probes === 0 ? missing >= PROBE_FROM : probes < wanted
    return mayProbe ? { kind: 'next-page' } : { kind: 'singles' }
  }
  // A row needed from the list is searched for there after it was read singly. One or two are read singly all the same:
  // that tells whether there is anything to search for.
  const searches = missing >= PROBE_FROM ? Math.min(neededFromList * searchPages(unreadPages), SEARCHES_MAX) : 0
  const isCheaper = unreadPages > 0 && unreadPages < missing + searches
  return isCheaper && sweeps < SWEEPS_MAX ? { kind: 'all-pages' } : { kind: 'singles' }
}

/**
 * The most calls that the plan takes for so many rows of one list, however long it is and whether they exist or not: pages,
 * as long as they are fewer than the rows where the length is known, as many where it is not, then each row singly.
 */
export function worstCalls(rows: number): number {
  return rows === 0 ? 0 : rows + (rows < PROBE_FROM ? rows - 1 : rows)
}
