import type { ListHints } from './list-reader.js'
import { LARGE_PAGE, SMALL_PAGE } from './page-reader.js'

/** Pages of one size that are looked for: 4,000 rows at the largest. Looking for more would take longer than it can save. */
export const PAGES_KEPT_MAX = 40

/** Pages by which a list may have been read before, in every size that is asked for; none of a list never read. */
export function likelyPages(hints: ListHints): { readonly number: number; readonly size: number }[] {
  if (Object.keys(hints).length === 0) return []
  const { total = Number.POSITIVE_INFINITY, pageSize, askedSize = pageSize } = hints
  const sizes = new Set([SMALL_PAGE, LARGE_PAGE, ...(askedSize === undefined ? [] : [askedSize])])
  return [...sizes].flatMap((size) => {
    const pages = Math.ceil(total / Math.min(size, pageSize ?? size))
    return Array.from({ length: Math.min(pages, PAGES_KEPT_MAX) }, (_, index) => ({ number: index + 1, size }))
  })
}
