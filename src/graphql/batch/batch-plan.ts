import { searchPages } from '../connection/seek.js'

/** What is known when a batch of rows of one list is wanted by id and the upstream has no bulk read. */
export interface BatchState {
  /** Rows asked for. */
  readonly wanted: number
  /** Rows of them that no page read so far has brought. */
  readonly missing: number
  /** Of the missing, those whose row in the list is wanted even when they are read by themselves: none when left out. */
  readonly rows?: number
  /** Pages of the list not read yet; undefined while nothing tells how long the list is. */
  readonly unreadPages: number | undefined
  /** Pages read for this batch without knowing the list's length. */
  readonly probes: number
  /** How often all unread pages were read for this batch: again only where the upstream turned out to page otherwise. */
  readonly sweeps: number
}

export type BatchStep =
  | { readonly kind: 'done' }
  /** Read every unread page, side by side. */
  | { readonly kind: 'all-pages' }
  /** Read one page: it teaches the list's length or, where nothing tells it, brings rows until the list ends. */
  | { readonly kind: 'next-page' }
  /** Read each missing row by itself: the last word on whether it exists. */
  | { readonly kind: 'singles' }

/** Scattered rows are searched on a page after the other, until on most pages of a list of 3,200. */
export const SEARCHES_MAX = 32

/** Below this many rows a page that teaches the list's length costs more than it can save. */
const PROBE_FROM = 3
/** An upstream that pages otherwise every time is asked row by row in the end. */
const SWEEPS_MAX = 3

/**
 * The next step with the fewest calls. With the length known it compares exactly: all unread pages, or a call per row.
 * With it unknown one page is tried; where pages carry no figures the walk goes on while it has cost fewer calls than the
 * rows asked for. So a batch of N rows costs at most N calls and one where the length is known or told by the first page,
 * and at most 2 N where nothing tells it.
 */
export function nextStep({ wanted, missing, rows = 0, unreadPages, probes, sweeps }: BatchState): BatchStep {
  if (missing === 0) return { kind: 'done' }
  if (unreadPages !== undefined) {
    // A row that is wanted from the list is searched there after it was read by itself: scattered ones share few pages. Of one
    // or two the single read is the first word as well: it says whether there is anything to search for.
    const searches = missing >= PROBE_FROM ? Math.min(rows * searchPages(unreadPages), SEARCHES_MAX) : 0
    const singles = missing + searches
    const mayPay = unreadPages > 0 && unreadPages < singles && sweeps < SWEEPS_MAX
    return mayPay ? { kind: 'all-pages' } : { kind: 'singles' }
  }
  const mayProbe = probes === 0 ? missing >= PROBE_FROM : probes < wanted
  return mayProbe ? { kind: 'next-page' } : { kind: 'singles' }
}

/**
 * The most calls that the plan takes for so many rows of one list, whatever its length and whether they exist: pages, as long
 * as those are fewer than the rows where the length is known, as many where it is being looked for, then each row by itself.
 */
export function worstCalls(rows: number): number {
  return rows === 0 ? 0 : rows + (rows < PROBE_FROM ? rows - 1 : rows)
}
