import { EMPTY_PAGES_MAX, type Page, type Row } from './paginator/page.js'
import type { Side } from './paginator/paginator.js'

export interface PositionedRow<Node> extends Row<Node> {
  /** Counted from 0, as of the page that the row was read from. */
  readonly position: number
}

/**
 * Consecutive rows of a list, and what surrounds them. The first page of 25 of a list of 47:
 *
 *     { rows: [25 rows from position 0], hasPreviousPage: false, hasNextPage: true, total: 47, end: 47, from: 0, to: 25, … }
 */
export interface Slice<Node> {
  readonly rows: readonly PositionedRow<Node>[]
  readonly hasPreviousPage: boolean
  /** Undefined if only the next page can tell. */
  readonly hasNextPage: boolean | undefined
  /** Rows of the whole list; undefined when the upstream does not say, or counts fewer than it sent. */
  readonly total: number | undefined
  /** Positions of the whole list, at most; undefined when unknown. */
  readonly end: number | undefined
  /** The positions that its pages span, `to` excluded. */
  readonly from: number
  readonly to: number
  /** Pages without rows at either end. */
  readonly emptyPagesBefore: number
  readonly emptyPagesAfter: number
  /** Index into `ORDERS` of the order that the rows follow; undefined when they follow none. */
  readonly order: number | undefined
  /** False when fewer rows are certain to be consecutive than were requested. */
  readonly isWhole: boolean
}

/**
 * Joins pages of a list that may have changed between two reads. Newest first, pages of 3, and row 10 is created between
 * the reads of page 1 and page 2:
 *
 *     page 1: 9 8 7      page 2: 7 6 5
 *
 * Page 2 still has row 7, the last of page 1, so the two meet: the slice holds 9 8 7 6 5. Had row 8 been deleted instead,
 * page 2 would be 5 4 3: row 6 is missed, which only the new total reveals. Then the slice holds the rows of one side only,
 * `keep`, and is not whole. With `ignoreChanges`, all pages are joined.
 */
export function joinPages<Node>(
  pages: readonly Page<Node>[],
  { keep, ignoreChanges }: { readonly keep: Side; readonly ignoreChanges: boolean },
): Omit<Slice<Node>, 'order'> {
  const runs = pages.reduce<Page<Node>[][]>((joined, page) => {
    const current = joined.at(-1)
    const previous = current?.at(-1)
    if (current && previous && (ignoreChanges || doMeet(previous, page))) current.push(page)
    else joined.push([page])
    return joined
  }, [])
  const run = (keep === 'head' ? runs.at(0) : runs.at(-1)) ?? []
  const rows = withoutDuplicates(run)
  const [first, last] = [run[0] as Page<Node>, run.at(-1) as Page<Node>]
  const firstFull = run.findIndex(hasRows)
  const emptyPagesAfter = run.length - 1 - run.findLastIndex(hasRows)
  const startOfList = hasRows(first) ? first.start : Math.min(first.start, first.end ?? first.start)
  // The total and the number of pages disagree, and enough empty pages agree with the total: the list has ended.
  const isOver = emptyPagesAfter >= EMPTY_PAGES_MAX && last.total !== undefined && last.start >= last.total
  return {
    rows,
    hasPreviousPage: startOfList > 0,
    hasNextPage: isOver ? false : last.hasMore,
    // The last page may count fewer rows than the pages before it had.
    total: last.total !== undefined && last.total < rows.length ? undefined : last.total,
    end: last.end,
    from: first.start,
    to: last.start + last.size,
    emptyPagesBefore: firstFull < 0 ? run.length : firstFull,
    emptyPagesAfter,
    isWhole: runs.length <= 1,
  }
}

/**
 * Whether no row can be missing between two pages: the later one still has the last row of the earlier one, or the list had
 * the same length for both and they share no row.
 */
function doMeet<Node>(earlier: Page<Node>, later: Page<Node>): boolean {
  const ids = new Set(later.rows.map((row) => row.id).filter((id) => id !== undefined))
  const lastId = earlier.rows.at(-1)?.id
  if (lastId !== undefined && ids.has(lastId)) return true
  const isNext = later.rows.length === 0 || earlier.start + earlier.size === later.start
  const hasDuplicates = earlier.rows.some(({ id }) => id !== undefined && ids.has(id))
  return isNext && !hasDuplicates && earlier.revision === later.revision
}

function hasRows({ rows }: Page<unknown>): boolean {
  return rows.length > 0
}

function withoutDuplicates<Node>(pages: readonly Page<Node>[]): PositionedRow<Node>[] {
  const seen = new Set<string>()
  return pages
    .flatMap(({ start, rows }) =>
      // A spread would make a page half as slow again to join and write.
      rows.map(({ id, sortKey, node, content }, index) => ({ id, sortKey, node, content, position: start + index })),
    )
    .filter(({ id }) => id === undefined || (!seen.has(id) && seen.add(id)))
}
