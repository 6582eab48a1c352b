import type { Pagination } from '../../../upstream/envelope/pagination.js'

/** One page of a list, as the upstream numbers them. */
export interface PageKey {
  /** From 1. */
  readonly number: number
  /** The `per_page` to send, which the upstream may ignore: `Page.size` is the real one. */
  readonly size: number
}

export interface PageRequest extends PageKey {
  /** `fresh`: past every cache and every call in flight. */
  readonly freshness: 'shared' | 'fresh'
}

/** One element of a page. An unreadable row still takes its position. */
export interface Row<Node> {
  /** Identifies the row within its list: digits, a ULID, any text. Undefined when unreadable. */
  readonly id: string | undefined
  /** What the list may be sorted by before the id, as a number, such as epoch ms. Absent when the rows have nothing like it. */
  readonly sortKey?: number | undefined
  readonly node: Node | Error
  /** For a row without an id: a fingerprint, the same wherever and whenever an equal row is read. */
  readonly content?: string | undefined
}

export interface PageResponse<Node> {
  readonly rows: readonly Row<Node>[]
  readonly pagination: Pagination | undefined
}

/** A response with what was requested. */
export interface FetchedPage<Node> extends PageResponse<Node> {
  readonly number: number
  readonly requestedSize: number
  /** How many changes of the list's length came before it: pages of one revision fit together. */
  readonly revision: number
}

/**
 * A page whose place in the list is known. Page 2 of 47 rows in pages of 25, with the pagination
 * `{ total: 47, perPage: 25, currentPage: 2, totalPages: 2 }`:
 *
 *     { number: 2, requestedSize: 25, size: 25, start: 25, total: 47, end: 47, hasMore: false, isSparse: false, … }
 */
export interface Page<Node> extends Omit<FetchedPage<Node>, 'pagination'> {
  /** Positions that each page of this list takes, whatever was requested; a page may leave some empty. */
  readonly size: number
  /** Position of its first row. */
  readonly start: number
  /** Rows of the whole list as the upstream says, unless the rows prove it wrong. */
  readonly total: number | undefined
  /** Whether the pagination says how long the list is. */
  readonly isLengthKnown: boolean
  /** Positions of the whole list, at most; undefined when unknown. */
  readonly end: number | undefined
  /** Whether more pages follow; undefined if only the next page can tell. */
  readonly hasMore: boolean | undefined
  /** Whether it has fewer rows than its pagination promises: some are missing, here or on an earlier page. */
  readonly isSparse: boolean
}

/** What only the other pages of the list reveal about a page. */
export interface Surroundings {
  readonly size: number
  /** More rows were read than the page's total counts. */
  readonly isTotalRefuted: boolean
  /** Its rows are those of an earlier page, sent again. */
  readonly isRepeat: boolean
}

/**
 * Works out where a page lies. Its number is the one requested. A page that is empty or repeats an earlier one ends the
 * list only if no pagination says that more follows; a total lower than the rows seen does not count.
 */
export function placePage<Node>(
  fetched: FetchedPage<Node>,
  { size, isTotalRefuted, isRepeat }: Surroundings,
): Page<Node> {
  const { number, requestedSize, revision, pagination } = fetched
  const rows = isRepeat ? [] : fetched.rows
  const start = (number - 1) * size
  const total = isTotalRefuted ? undefined : pagination?.total
  const pages = countPages({ total, totalPages: pagination?.totalPages }, size)
  const place = { number, requestedSize, revision, size, start, rows, total, isLengthKnown: pages !== undefined }
  if (pages === undefined) {
    // Any page but an empty one may be followed by another.
    const isEmpty = rows.length === 0
    return {
      ...place,
      end: isEmpty && number === 1 ? 0 : undefined,
      hasMore: isEmpty ? false : undefined,
      isSparse: false,
    }
  }
  // A total that does not fit the number of pages counts rows, not positions.
  const positions = total !== undefined && Math.ceil(total / size) === pages ? total : undefined
  const end = positions ?? pages * size
  const due = number < pages ? size : (positions ?? start + rows.length) - start
  const isSparse = !isRepeat && number <= pages && (total !== positions || rows.length !== due)
  if (number < pages) return { ...place, end, hasMore: true, isSparse }
  if (rows.length === 0)
    return { ...place, end: number === pages ? (positions ?? start) : end, hasMore: false, isSparse }
  const isLast = number === pages && !isTotalRefuted && start + rows.length <= end
  return { ...place, end: isLast ? start + rows.length : undefined, hasMore: isLast ? false : undefined, isSparse }
}

/** Reading stops after this many consecutive empty pages, even if the pagination says that more rows follow. */
export const EMPTY_PAGES_MAX = 10

/** More than any list has; up to here, page numbers and positions are exact. */
export const PAGES_MAX = 1_000_000_000

/** The pages that the pagination claims. Of two numbers the larger: rows of a page that is not read are lost. */
export function countPages(
  { total, totalPages }: Pick<Pagination, 'total' | 'totalPages'>,
  size: number,
): number | undefined {
  if (total === undefined && totalPages === undefined) return undefined
  return Math.min(Math.max(Math.ceil((total ?? 0) / size), totalPages ?? 0), PAGES_MAX)
}

/** A page's key as text. */
export function toPageName({ number, size }: PageKey): string {
  return `${size}/${number}`
}
