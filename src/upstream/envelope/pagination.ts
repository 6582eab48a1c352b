import { isJsonObject } from '../json/json.js'
import { listOf, read, type WireObject, wireObject } from '../json/reader.js'

/** What a response says about where its page lies; the upstream may leave out any of it. */
export interface Pagination {
  readonly total: number | undefined
  readonly perPage: number | undefined
  readonly currentPage: number | undefined
  readonly totalPages: number | undefined
  /** Rows of this page, even if fewer of them came. */
  readonly count?: number | undefined
}

/** One page of a list. Its rows are not parsed yet: one malformed row must not lose the others. */
export interface RawPage {
  readonly rows: readonly unknown[]
  /** Undefined when the response has no usable pagination. */
  readonly pagination: Pagination | undefined
}

/** The most that an SDK documents [sdk]; an upstream that ignores `per_page` may send more rows. */
const PER_PAGE_MAX = 100

/** The query parameters of a page, counted from 1. */
export function pageQuery({ number, size }: { readonly number: number; readonly size: number }): {
  readonly page: string
  readonly per_page: string
} {
  return { page: String(number), per_page: String(Math.min(size, PER_PAGE_MAX)) }
}

/**
 * Reads a whole list response: rows from `data`, pagination from `pagination` [seed:list], `meta` [new:payment-link/list]
 * or `meta.pagination`, in camelCase or snake_case [ledger:singapay/client.go]. `links` is ignored: it points at foreign
 * hosts.
 *
 * `data: {}` is an empty list. `data: null` is one only if the pagination places this page past the end; otherwise the
 * rows are missing.
 * @param pageNumber the page requested, from 1
 * @throws MalformedResponse when `data` is not a list
 */
export function parsePage(body: unknown, pageNumber: number): RawPage {
  const envelope = wireObject(body, '$')
  const pagination = parsePagination(envelope)
  const isEmpty = envelope.fields['data'] === null && isPastEnd(pageNumber, pagination)
  return { rows: isEmpty ? [] : read(envelope, 'data', readRows), pagination }
}

const readRows = listOf((row) => row)

/** Whether the pagination of the first page says that there are rows on another one. */
export function hasRowsOn(pageNumber: number, { rows, pagination }: RawPage): boolean {
  const { perPage = rows.length } = pagination ?? {}
  const votes = votesForEnd(pageNumber, pagination && { ...pagination, perPage: Math.max(perPage, rows.length, 1) })
  return votes.includes(false) && !votes.includes(true)
}

/** At least one number must say so, and none the opposite. */
function isPastEnd(pageNumber: number, pagination: Pagination | undefined): boolean {
  if (pagination?.total === 0) return true
  const votes = votesForEnd(pageNumber, pagination)
  return votes.includes(true) && !votes.includes(false)
}

/** Whether a page lies past the end, according to each number that can tell. */
function votesForEnd(pageNumber: number, { total, perPage, totalPages }: Partial<Pagination> = {}): boolean[] {
  const byPages = totalPages === undefined ? [] : [pageNumber > totalPages]
  const byRows = total === undefined || perPage === undefined ? [] : [(pageNumber - 1) * perPage >= total]
  return [...byPages, ...byRows]
}

function parsePagination({ fields }: WireObject): Pagination | undefined {
  const { pagination, meta } = fields
  const { pagination: nested } = isJsonObject(meta) ? meta : {}
  const sources = [pagination, nested, meta].filter(isJsonObject)
  const parsed: Pagination = {
    total: findNumber(sources, ['total'], 0),
    perPage: findNumber(sources, ['perPage', 'per_page'], 1),
    currentPage: findNumber(sources, ['currentPage', 'current_page'], 1),
    totalPages: findNumber(sources, ['totalPages', 'total_pages', 'lastPage', 'last_page'], 0),
    count: findNumber(sources, ['count'], 0),
  }
  return Object.values(parsed).every((number) => number === undefined) ? undefined : parsed
}

/** The first usable value. A nonsensical one counts as absent and never makes the page malformed. */
function findNumber(
  sources: readonly Record<string, unknown>[],
  names: readonly string[],
  min: number,
): number | undefined {
  return sources
    .flatMap((source) => names.map((name) => source[name]))
    .map((value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value))
    .find((value): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= min)
}
