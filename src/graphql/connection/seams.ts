import type { ListRow, Page } from './pages.js'

export interface PlacedRow<Node> {
  /** Counted from 0, in the view of the page that brought the row. */
  readonly position: number
  readonly row: ListRow<Node>
}

/** So many pages in a row that bring nothing although the figures say more, and nobody reads on. */
export const EMPTY_PAGES_MAX = 10

/** Consecutive rows as they stood together, and what lies around them. */
export interface Range<Node> {
  readonly rows: readonly PlacedRow<Node>[]
  readonly hasRowsAhead: boolean
  /** Undefined when only pages behind these can tell. */
  readonly hasRowsBehind: boolean | undefined
  /** Rows of the whole list by the upstream's figures. */
  readonly total: number | undefined
  /** Places of the whole list, at the most, by the same. */
  readonly end: number | undefined
  /** The places that its pages take, from the first up to and without the last. */
  readonly from: number
  readonly to: number
  /** Pages without a row at either edge. */
  readonly emptyAhead: number
  readonly emptyBehind: number
  /** False when the list changed between two page reads, so that rows of the asked side only are here. */
  readonly isWhole: boolean
}

/**
 * Joins pages that were read one after another of a list that may have changed in between. A seam holds when no change of
 * the list's length was seen between the two reads and the pages meet without doubles, or when the later page still shows the row the earlier one ended
 * with. At a seam that does not hold a row may have slipped through: rows are kept from the asked side only, unless
 * `trust` takes every seam for one that holds.
 */
export function joinPages<Node>(
  pages: readonly Page<Node>[],
  { keep, trust }: { readonly keep: 'head' | 'tail'; readonly trust: boolean },
): Range<Node> {
  const segments = pages.reduce<Page<Node>[][]>((joined, page) => {
    const segment = joined.at(-1)
    const before = segment?.at(-1)
    if (segment && before && (trust || meets(before, page))) segment.push(page)
    else joined.push([page])
    return joined
  }, [])
  const kept = (keep === 'head' ? segments.at(0) : segments.at(-1)) ?? []
  const rows = withoutDoubles(kept)
  const around = surroundings(kept)
  // The last page may count fewer rows than the pages ahead of it brought.
  const total = around.total !== undefined && around.total < rows.length ? undefined : around.total
  return { ...around, total, rows, isWhole: segments.length <= 1 }
}

function meets<Node>(before: Page<Node>, page: Page<Node>): boolean {
  const ids = new Set(page.rows.map((row) => row.id).filter((id) => id !== undefined))
  const lastId = before.rows.at(-1)?.id
  if (lastId !== undefined && ids.has(lastId)) return true
  const touches = page.rows.length === 0 || before.start + before.size === page.start
  const hasDoubles = before.rows.some((row) => row.id !== undefined && ids.has(row.id))
  return touches && !hasDoubles && before.view === page.view
}

function surroundings<Node>(pages: readonly Page<Node>[]): Omit<Range<Node>, 'rows' | 'isWhole'> {
  const [first, last] = [pages[0] as Page<Node>, pages.at(-1) as Page<Node>]
  const isFull = ({ rows }: Page<Node>) => rows.length > 0
  const firstFull = pages.findIndex(isFull)
  const emptyBehind = pages.length - 1 - pages.findLastIndex(isFull)
  const ahead = first.rows.length > 0 ? first.start : Math.min(first.start, first.end ?? first.start)
  // The figures disagree, and so many empty pages stand with the one that says that the list is over.
  const isOver = emptyBehind >= EMPTY_PAGES_MAX && last.total !== undefined && last.start >= last.total
  return {
    hasRowsAhead: ahead > 0,
    hasRowsBehind: isOver ? false : last.hasMore,
    total: last.total,
    end: last.end,
    from: first.start,
    to: last.start + last.size,
    emptyAhead: firstFull < 0 ? pages.length : firstFull,
    emptyBehind,
  }
}

function withoutDoubles<Node>(pages: readonly Page<Node>[]): PlacedRow<Node>[] {
  const seen = new Set<string>()
  return pages
    .flatMap((page) => page.rows.map((row, index) => ({ position: page.start + index, row })))
    .filter(({ row: { id } }) => id === undefined || (!seen.has(id) && seen.add(id)))
}
