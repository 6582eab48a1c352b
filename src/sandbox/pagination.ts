import type { EngineBehaviour } from './behaviour.js'
import { type SandboxResponse, success } from './response.js'

export interface PageOptions<Row> {
  readonly query: URLSearchParams
  readonly behaviour: EngineBehaviour
  /** URL of the list, for the `own` links. */
  readonly ownUrl: string
  /** Writes a row as JSON. */
  textOf(row: Row): string
}

/** One page of rows. Past the end it is empty and has the true totals, like those of Laravel's paginators. */
export function pageOf<Row>(
  all: readonly Row[],
  { query, behaviour, ownUrl, textOf }: PageOptions<Row>,
): SandboxResponse {
  const perPage = perPageOf(query.get('per_page'), behaviour)
  const currentPage = naturalOf(query.get('page')) ?? 1
  const rows = all.slice((currentPage - 1) * perPage, currentPage * perPage)
  const totalPages = Math.max(1, Math.ceil(all.length / perPage))
  const counts = { total: all.length, count: rows.length, perPage, currentPage, totalPages }
  // The documented sample points at another resource on another host [seed:list]: a trap for clients that follow it.
  const target = behaviour.links === 'own' ? ownUrl : 'http://example.com/api/v1.0/accounts'
  const pagination = PAGINATIONS[behaviour.pagination](counts, linksOf(counts, target, behaviour))
  return success(`[${rows.map((row) => textOf(row)).join(',')}]`, pagination)
}

type Counts = Readonly<Record<'total' | 'count' | 'perPage' | 'currentPage' | 'totalPages', number>>

/** Returns the members of the envelope beside `data`. */
type Paginate = (counts: Counts, links: unknown) => Record<string, unknown>

const PAGINATIONS: Readonly<Record<EngineBehaviour['pagination'], Paginate>> = {
  camel: (counts, links) => ({ pagination: { ...counts, links } }),
  snake: ({ total, count, perPage, currentPage, totalPages }, links) => ({
    pagination: { total, count, per_page: perPage, current_page: currentPage, total_pages: totalPages, links },
  }),
  meta: (counts, links) => ({ meta: { ...counts, links } }),
  text: (counts, links) => ({
    pagination: { ...Object.fromEntries(Object.entries(counts).map(([key, value]) => [key, String(value)])), links },
  }),
  empty: () => ({ pagination: {} }),
  absent: () => ({}),
}

/** PHP writes an empty map as `[]`, so a single page has a list where others have an object [responder]. */
function linksOf({ currentPage, totalPages }: Counts, target: string, { links }: EngineBehaviour): unknown {
  if (links === 'list') return []
  if (links === 'object') return {}
  const entries = [
    ...(currentPage > 1 ? [['previous', `${target}?page=${currentPage - 1}`]] : []),
    ...(currentPage < totalPages ? [['next', `${target}?page=${currentPage + 1}`]] : []),
  ]
  return entries.length === 0 ? [] : Object.fromEntries(entries)
}

function perPageOf(requested: string | null, { ignorePerPage, perPageDefault, perPageMax }: EngineBehaviour): number {
  if (ignorePerPage) return perPageDefault
  return Math.min(naturalOf(requested) ?? perPageDefault, perPageMax)
}

function naturalOf(text: string | null): number | null {
  return text !== null && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null
}
