import type { ListRow, Page } from './pages.js'

/** Rows that certainly stood one after another, and whether the pages given were joined to the last. */
export interface Joined<Node> {
  readonly start: number
  readonly rows: readonly ListRow<Node>[]
  readonly isWhole: boolean
}

/**
 * Joins pages that were read one after another of a list that may have changed in between. A seam holds when both pages
 * speak of an equally long list and meet without doubles, or when the later page still shows the row the earlier one ended
 * with. At a seam that does not hold a row may have slipped through: rows are kept from the asked side only.
 */
export function joinPages<Node>(pages: readonly Page<Node>[], keep: 'head' | 'tail'): Joined<Node> {
  const segments = pages.reduce<Page<Node>[][]>((joined, page) => {
    const segment = joined.at(-1)
    const before = segment?.at(-1)
    if (segment && before && meets(before, page)) segment.push(page)
    else joined.push([page])
    return joined
  }, [])
  const kept = (keep === 'head' ? segments.at(0) : segments.at(-1)) ?? []
  return { start: kept[0]?.start ?? 0, rows: withoutDoubles(kept), isWhole: segments.length <= 1 }
}

function meets<Node>(before: Page<Node>, page: Page<Node>): boolean {
  const ids = new Set(page.rows.map((row) => row.id).filter((id) => id !== undefined))
  const lastId = before.rows.at(-1)?.id
  if (lastId !== undefined && ids.has(lastId)) return true
  const isEmpty = page.rows.length === 0
  const touches = isEmpty || before.start + before.rows.length === page.start
  const hasDoubles = before.rows.some((row) => row.id !== undefined && ids.has(row.id))
  return touches && !hasDoubles && before.total === page.total
}

function withoutDoubles<Node>(pages: readonly Page<Node>[]): ListRow<Node>[] {
  const seen = new Set<string>()
  return pages
    .flatMap((page) => page.rows)
    .filter((row) => row.id === undefined || (!seen.has(row.id) && seen.add(row.id)))
}
