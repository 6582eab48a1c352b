import type { Pagination } from '../../upstream/pagination.js'

/** A row of a numbered list, readable or not; what cannot be read still holds its place. */
export interface ListRow<Node> {
  readonly id: string | undefined
  readonly createdAtMs: number | undefined
  readonly node: Node | Error
  /** Of a row without an id: the same for the same row, wherever and whenever it is read. */
  readonly content?: string | undefined
}

export interface PageAnswer<Node> {
  readonly rows: readonly ListRow<Node>[]
  readonly figures: Pagination | undefined
}

/** An answer beside the question that it came to. */
export interface ReadPage<Node> extends PageAnswer<Node> {
  readonly number: number
  /** The `per_page` asked for, which the upstream may ignore. */
  readonly asked: number
  /** How often the list was seen to change its length before this: pages of one view stood beside one another. */
  readonly view: number
}

/** A page whose place in the list is known. */
export interface Page<Node> {
  readonly number: number
  /** The `per_page` under which it has its number. */
  readonly asked: number
  /** Places of a page in this list, which need not be what was asked for; a page may leave some of them empty. */
  readonly size: number
  /** Position of its first row, counted from 0 in places. */
  readonly start: number
  readonly rows: readonly ListRow<Node>[]
  /** As of the answer. */
  readonly view: number
  /** The same, where the rows do not show that it is wrong. */
  readonly total: number | undefined
  /** Whether figures tell how long the list is. */
  readonly hasFigures: boolean
  /** Places of the whole list, at the most; undefined when no figure tells it. */
  readonly end: number | undefined
  /** Whether pages follow; undefined when only the next page can tell. */
  readonly hasMore: boolean | undefined
  /** Whether it has not as many rows as the figures place on it: rows are left out, here or on a page ahead. */
  readonly isHoled: boolean
}

/** What only the other pages of the list tell of an answer. */
export interface Surroundings {
  readonly size: number
  /** More rows were seen than the answer's total counts. */
  readonly isRefuted: boolean
  /** Its rows are those of an earlier page, given again. */
  readonly isRepeat: boolean
}

/**
 * Where an answer stands. Its number is the one that was asked for. An empty page, or one that brings an earlier page
 * again, ends the list only where no figure says that more follows; a total that the rows exceed is no figure.
 */
export function placePage<Node>(answer: ReadPage<Node>, { size, isRefuted, isRepeat }: Surroundings): Page<Node> {
  const { number, asked, view, figures } = answer
  const rows = isRepeat ? [] : answer.rows
  const start = (number - 1) * size
  const total = isRefuted ? undefined : figures?.total
  const pages = pagesCounted({ total, totalPages: figures?.totalPages }, size)
  const place = { number, asked, view, size, start, rows, total, hasFigures: pages !== undefined, isHoled: false }
  if (pages === undefined) {
    return { ...place, end: rows.length === 0 && number === 1 ? 0 : undefined, hasMore: maybe(rows) }
  }
  // A total that the number of pages does not follow from counts rows, not places.
  const places = total !== undefined && Math.ceil(total / size) === pages ? total : undefined
  const end = places ?? pages * size
  const due = number < pages ? size : (places ?? start + rows.length) - start
  const isHoled = !isRepeat && number <= pages && (total !== places || rows.length !== due)
  if (number < pages) return { ...place, end, hasMore: true, isHoled }
  if (rows.length === 0) return { ...place, end: number === pages ? (places ?? start) : end, hasMore: false, isHoled }
  const isLast = number === pages && !isRefuted && start + rows.length <= end
  return { ...place, end: isLast ? start + rows.length : undefined, hasMore: isLast ? false : undefined, isHoled }
}

/** No list has as many; numbers and positions stay exact. */
export const PAGES_MAX = 1_000_000_000
const SIZE_MAX = 1_000_000

/** Without a size that no page has. */
export function withoutNonsense(figures: Pagination | undefined): Pagination | undefined {
  return (figures?.perPage ?? 0) > SIZE_MAX ? figures && { ...figures, perPage: undefined } : figures
}

/** How many pages the figures speak of; where they disagree, the more: a row that is not read is lost. */
export function pagesCounted(
  { total, totalPages }: Pick<Pagination, 'total' | 'totalPages'>,
  size: number,
): number | undefined {
  if (total === undefined && totalPages === undefined) return undefined
  return Math.min(Math.max(Math.ceil((total ?? 0) / size), totalPages ?? 0), PAGES_MAX)
}

export function hasExtent(figures: Pagination | undefined): figures is Pagination {
  return figures !== undefined && (figures.total !== undefined || figures.totalPages !== undefined)
}

/** Without figures every page may be followed by another, but an empty one. */
function maybe(rows: readonly unknown[]): false | undefined {
  return rows.length === 0 ? false : undefined
}
