import { describe, expect, it } from 'vitest'
import type { PageRequest, PageResponse } from '../../../src/graphql/connection/paginator/page.js'
import { readPage } from '../../../src/graphql/connection/read-page.js'
import { GatewayError } from '../../../src/kernel/errors.js'
import type { Pagination } from '../../../src/upstream/envelope/pagination.js'

const FIRST: PageRequest = { number: 1, size: 25, freshness: 'shared' }
const THIRD: PageRequest = { number: 3, size: 25, freshness: 'shared' }
const notFound = () => new GatewayError('NOT_FOUND', 'There is no such page.')
const pagination = (total: number): Pagination => ({
  total,
  perPage: 25,
  currentPage: 1,
  totalPages: Math.ceil(total / 25),
})

/** A route whose first page counts so many rows by freshness, or is not found; every other page is not found. */
function routeOf(totals: Partial<Record<PageRequest['freshness'], number>>) {
  const calls: string[] = []
  const read = async ({ number, freshness }: PageRequest): Promise<PageResponse<string>> => {
    calls.push(`${number} ${freshness}`)
    const total = totals[freshness]
    if (number > 1 || total === undefined) throw notFound()
    return { rows: [{ id: 'a', node: 'a' }], pagination: pagination(total) }
  }
  return { calls, read }
}

describe('readPage', () => {
  it('reads a page that is there in one call', async () => {
    const { calls, read } = routeOf({ shared: 30 })
    expect((await readPage(FIRST, read)).rows).toHaveLength(1)
    expect(calls).toEqual(['1 shared'])
  })

  it('returns an empty page for a 404 past the end', async () => {
    const { calls, read } = routeOf({ shared: 30 })
    expect(await readPage(THIRD, read)).toEqual({
      rows: [],
      pagination: { ...pagination(30), currentPage: 3, count: 0 },
    })
    expect(calls).toEqual(['3 shared', '1 shared'])
  })

  it('asks for a fresh first page when the shared one counts rows on the missing page', async () => {
    const { calls, read } = routeOf({ shared: 70, fresh: 30 })
    expect((await readPage(THIRD, read)).rows).toEqual([])
    expect(calls).toEqual(['3 shared', '1 shared', '1 fresh'])
  })

  it.each<[string, PageRequest, Parameters<typeof routeOf>[0], string]>([
    ['the list does not exist', THIRD, {}, 'NOT_FOUND'],
    ['the first page is missing', FIRST, {}, 'NOT_FOUND'],
    ['even a fresh first page counts rows on it', THIRD, { shared: 70, fresh: 70 }, 'UPSTREAM_MALFORMED'],
  ])('rejects a missing page when %s', async (_why, page, totals, code) => {
    await expect(readPage(page, routeOf(totals).read)).rejects.toMatchObject({ code })
  })
})
