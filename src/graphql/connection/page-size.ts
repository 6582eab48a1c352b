import type { Pagination } from '../../upstream/pagination.js'
import { hasExtent, pagesCounted, type ReadPage } from './pages.js'

/*
 * How long the pages of a list are. The upstream may ignore `per_page`, and may echo it all the same. An inner page may be
 * short because rows of it are left out, so its length alone says nothing.
 */

/** The size that an answer proves by itself; undefined when it takes other pages to know. */
export function sizeTold(page: ReadPage<unknown>): number | undefined {
  const { number, asked, figures } = page
  if (!hasExtent(figures)) return undefined
  const { perPage, total } = figures
  const size = perPage ?? asked
  const length = lengthOf(page)
  if (length > size || !fits(size, figures)) return undefined
  // A size that nobody asked for is the upstream's own word.
  if (perPage !== undefined && perPage !== asked) return size
  const pages = pagesCounted(figures, size) ?? 0
  if (number < pages) return length === size ? size : undefined
  // Without a total the pages may be longer than they are called, and the one past the end empty all the same.
  if (number > pages) return length === 0 && total !== undefined ? size : undefined
  const isProven = total === undefined ? perPage !== undefined || number === 1 : (number - 1) * size + length === total
  return isProven ? size : undefined
}

/** Whether an answer may be of a list whose pages have this size. */
export function agreesWith(size: number, page: ReadPage<unknown>): boolean {
  const { asked, figures } = page
  if (lengthOf(page) > size) return false
  return figures === undefined || (fits(size, figures) && [undefined, asked, size].includes(figures.perPage))
}

/** The page that tells whether a short first page is full: the last one, or the next where nothing tells which is the last. */
export function pageBeside(first: ReadPage<unknown>): number | undefined {
  const { asked, figures } = first
  const length = lengthOf(first)
  const { perPage = asked, total, totalPages } = figures ?? {}
  if (length === 0 || length >= perPage || total === undefined || total <= length) return undefined
  if (totalPages === undefined) return 2
  return figures && fits(length, figures) ? totalPages : undefined
}

/**
 * The size that the first page of the list shows with that other one beside it. What is left open is decided for the
 * larger size: places that stay empty cost nothing, rows on a page that nobody asks for are lost.
 */
export function sizeShown(first: ReadPage<unknown>, beside: ReadPage<unknown> | undefined): number {
  const { asked, figures } = first
  const length = lengthOf(first)
  if (!hasExtent(figures)) return length || asked
  const { perPage, total, totalPages } = figures
  const said = Math.max(perPage ?? asked, length)
  if (total === undefined) return perPage === undefined ? length || asked : said
  if (beside === undefined) return said
  const other = lengthOf(beside)
  const isFull = totalPages === undefined ? other > 0 && other <= length : (totalPages - 1) * length + other === total
  return isFull ? length : said
}

/** A page may show fewer rows than it counts [seed:list]. */
export function lengthOf({ rows, figures }: ReadPage<unknown>): number {
  const { count, perPage = 0 } = figures ?? {}
  return count !== undefined && count <= perPage ? Math.max(count, rows.length) : rows.length
}

/** Whether the figures follow from a size; where one of them is missing, nothing speaks against it. */
function fits(size: number, { total, totalPages }: Pagination): boolean {
  if (total === undefined || totalPages === undefined) return true
  return Math.max(1, Math.ceil(total / size)) === Math.max(1, totalPages)
}
