import { searchPages } from '../connection/seek/seek.js'

/** What is known when rows of one list are read by id and the upstream has no bulk read. */
export interface BatchState {
  /** Rows requested. */
  readonly requested: number
  /** Those of them that have not been read yet. */
  readonly missing: number
  /** Missing rows that must be found in the list even after a single read. */
  readonly neededFromList: number
  /** Pages of the list that have not been read yet; undefined while its length is unknown. */
  readonly unreadPages: number | undefined
  /** Pages read for this batch without knowing the list's length. */
  readonly probes: number
  /** How often all unread pages were read for this batch: more than once only if pages turn out to have another size. */
  readonly sweeps: number
}

export type BatchStep =
  | { readonly kind: 'done' }
  /** Read every unread page, in parallel. */
  | { readonly kind: 'all-pages' }
  /** Read one page: it reveals the list's length or, without pagination, yields rows until the list ends. */
  | { readonly kind: 'next-page' }
  /** Read each missing row singly, which decides whether it exists. */
  | { readonly kind: 'singles' }

/** Searches for several rows share pages: together they read at most every page of a list of 3,200. */
export const SEARCHES_MAX = 32

/** For fewer rows, a page that reveals the list's length costs more than it can save. */
const PROBE_FROM = 3
/** After this many, an upstream whose page size keeps changing is read row by row. */
const SWEEPS_MAX = 3

/**
 * The next step, with the fewest calls. If the list's length is known, all unread pages are weighed against a call per row.
 * If not, one page is tried; if that does not reveal it, reading continues page by page while it has cost fewer calls than
 * there are rows requested. So N rows cost at most N + 1 calls if the length is known or revealed by the first page, and at
 * most 2 N otherwise.
 *
 * 50 rows of a list with two unread pages: `all-pages`. Two rows of a list never read before: `singles`.
 */
export function nextStep({ requested, missing, neededFromList, unreadPages, probes, sweeps }: BatchState): BatchStep {
  if (missing === 0) return { kind: 'done' }
  if (unreadPages === undefined) {
    const mayProbe = probes === 0 ? missing >= PROBE_FROM : probes < requested
    return mayProbe ? { kind: 'next-page' } : { kind: 'singles' }
  }
  // A row needed from the list is searched for there after its single read. One or two are read singly in any case: that
  // tells whether there is anything to search for.
  const searches = missing >= PROBE_FROM ? Math.min(neededFromList * searchPages(unreadPages), SEARCHES_MAX) : 0
  const isCheaper = unreadPages > 0 && unreadPages < missing + searches
  return isCheaper && sweeps < SWEEPS_MAX ? { kind: 'all-pages' } : { kind: 'singles' }
}

/**
 * The most calls that the plan takes for this many rows of one list, whatever its length and whether they exist or not: fewer
 * pages than rows if the length is known, as many if it is not, then each row singly.
 */
export function worstCalls(rows: number): number {
  return rows === 0 ? 0 : rows + (rows < PROBE_FROM ? rows - 1 : rows)
}
