import { hasCode } from '../../kernel/errors.js'
import { MalformedResponse } from '../../upstream/malformed-response.js'
import { hasRowsOn } from '../../upstream/pagination.js'
import type { PageRequest, PageResponse } from './paginator/page.js'

/**
 * Reads a page with `read`. Some routes say 404 for a page behind the end, and 404 for a list that does not exist: the first
 * page tells which. Behind the end it gives an empty page.
 * @throws UpstreamFailure NOT_FOUND when there is no such list
 * @throws MalformedResponse when even a fresh first page counts rows on the page that was not found
 */
export async function readPage<Result extends PageResponse<unknown>>(
  page: PageRequest,
  read: (page: PageRequest) => Promise<Result>,
): Promise<Result> {
  try {
    return await read(page)
  } catch (error) {
    if (page.number === 1 || !hasCode(error, 'NOT_FOUND')) throw error
    const first = await readFirstPage(page, read)
    const pagination = first.pagination && { ...first.pagination, currentPage: page.number, count: 0 }
    return { ...first, rows: [], pagination }
  }
}

async function readFirstPage<Result extends PageResponse<unknown>>(
  notFound: PageRequest,
  read: (page: PageRequest) => Promise<Result>,
): Promise<Result> {
  const attempts = notFound.freshness === 'fresh' ? (['fresh'] as const) : (['shared', 'fresh'] as const)
  for (const freshness of attempts) {
    const first = await read({ ...notFound, number: 1, freshness })
    if (!hasRowsOn(notFound.number, first)) return first
  }
  throw new MalformedResponse('$.data', 'a page that is counted and not found')
}
