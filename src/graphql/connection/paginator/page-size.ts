import type { Pagination } from '../../../upstream/envelope/pagination.js'
import { countPages, type FetchedPage } from './page.js'

/*
 * How large the pages of a list really are. The upstream may ignore `per_page` and still echo it, and a page may leave rows
 * out, so its length alone proves nothing.
 */

/** The page size that a page proves on its own; undefined if other pages are needed. */
export function findProvenSize(page: FetchedPage<unknown>): number | undefined {
  const { number, requestedSize, pagination } = page
  if (!hasLength(pagination)) return undefined
  const { perPage, total } = pagination
  const size = perPage ?? requestedSize
  const length = lengthOf(page)
  if (length > size || !fits(size, pagination)) return undefined
  // A size that was not requested is the upstream's own.
  if (perPage !== undefined && perPage !== requestedSize) return size
  const pages = countPages(pagination, size) ?? 0
  if (number < pages) return length === size ? size : undefined
  // Without a total, pages may be longer than they claim, and the one past the end is empty either way.
  if (number > pages) return length === 0 && total !== undefined ? size : undefined
  const isProven = total === undefined ? perPage !== undefined || number === 1 : (number - 1) * size + length === total
  return isProven ? size : undefined
}

/** Whether a page may belong to a list whose pages have this size. */
export function agreesWith(size: number, page: FetchedPage<unknown>): boolean {
  const { requestedSize, pagination } = page
  if (lengthOf(page) > size) return false
  return (
    pagination === undefined ||
    (fits(size, pagination) && [undefined, requestedSize, size].includes(pagination.perPage))
  )
}

/** The page that tells whether a short first page is full: the last, or the second if the last is unknown. */
export function findDecidingPage(first: FetchedPage<unknown>): number | undefined {
  const { requestedSize, pagination } = first
  const length = lengthOf(first)
  const { perPage = requestedSize, total, totalPages } = pagination ?? {}
  if (length === 0 || length >= perPage || total === undefined || total <= length) return undefined
  if (totalPages === undefined) return 2
  return pagination && fits(length, pagination) ? totalPages : undefined
}

/**
 * The size that follows from the first page and the deciding one. When in doubt, the larger size: empty positions cost
 * nothing, but rows of a page that is not read are lost.
 */
export function toPageSize(first: FetchedPage<unknown>, deciding: FetchedPage<unknown> | undefined): number {
  const { requestedSize, pagination } = first
  const length = lengthOf(first)
  if (!hasLength(pagination)) return length || requestedSize
  const { perPage, total, totalPages } = pagination
  const claimed = Math.max(perPage ?? requestedSize, length)
  if (total === undefined) return perPage === undefined ? length || requestedSize : claimed
  if (deciding === undefined) return claimed
  const other = lengthOf(deciding)
  const isFull = totalPages === undefined ? other > 0 && other <= length : (totalPages - 1) * length + other === total
  return isFull ? length : claimed
}

/** A page may have fewer rows than it counts [seed:list]. */
export function lengthOf({ rows, pagination }: FetchedPage<unknown>): number {
  const { count, perPage = 0 } = pagination ?? {}
  return count !== undefined && count <= perPage ? Math.max(count, rows.length) : rows.length
}

const SIZE_MAX = 1_000_000

/** Drops a `perPage` that no page can have. */
export function withoutNonsense(pagination: Pagination | undefined): Pagination | undefined {
  return (pagination?.perPage ?? 0) > SIZE_MAX ? pagination && { ...pagination, perPage: undefined } : pagination
}

function hasLength(pagination: Pagination | undefined): pagination is Pagination {
  return pagination !== undefined && (pagination.total !== undefined || pagination.totalPages !== undefined)
}

/** Whether the number of pages follows from the size; true if a number is missing. */
function fits(size: number, { total, totalPages }: Pagination): boolean {
  if (total === undefined || totalPages === undefined) return true
  return Math.max(1, Math.ceil(total / size)) === Math.max(1, totalPages)
}
