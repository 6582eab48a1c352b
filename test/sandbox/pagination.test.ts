import { describe, expect, it } from 'vitest'
import { at, type Client, LINKS, MAIN_ACCOUNT, signIn, withSandbox, worldOf } from './sandbox-client.js'

const idsOf = (body: unknown): number[] => (at(body, 'data') as { id: number }[]).map(({ id }) => id)
const seed = worldOf(
  {},
  Array.from({ length: 60 }, (_, index) => ({ id: index + 1 })),
)

async function page(client: Client, query = ''): Promise<unknown> {
  return (await client.get(`${LINKS}/${MAIN_ACCOUNT}${query}`)).body
}

describe('a page', () => {
  it('sends pages of 25 links, newest first, and no link on two of them', async () => {
    const client = await signIn(await withSandbox({ seed }))
    const pages = [await page(client), await page(client, '?page=2'), await page(client, '?page=3')]
    expect(pages.map((body) => idsOf(body).length)).toEqual([25, 25, 10])
    expect(pages.flatMap(idsOf)).toEqual(Array.from({ length: 60 }, (_, index) => 60 - index))
  })

  it('sends per_page rows up to the maximum, unless per_page is ignored', async () => {
    const sandbox = await withSandbox({ seed })
    const client = await signIn(sandbox)
    sandbox.behaviour.change({ perPageMax: 40 })
    expect(at(await page(client, '?per_page=500'), 'pagination', 'perPage')).toBe(40)
    expect(at(await page(client, '?per_page=0'), 'pagination', 'perPage')).toBe(25)
    sandbox.behaviour.change({ ignorePerPage: true })
    expect(idsOf(await page(client, '?per_page=10'))).toHaveLength(25)
  })

  it('sends a page past the end without rows, but with the true totals', async () => {
    const body = await page(await signIn(await withSandbox({ seed })), '?page=9')
    expect(idsOf(body)).toEqual([])
    expect(at(body, 'pagination')).toMatchObject({ total: 60, count: 0, currentPage: 9, totalPages: 3 })
  })
})

describe('the pagination of a page', () => {
  it.each([
    ['snake', 'pagination', { total: 60, count: 25, per_page: 25, current_page: 1, total_pages: 3 }],
    ['meta', 'meta', { total: 60, count: 25, perPage: 25, currentPage: 1, totalPages: 3 }],
    ['text', 'pagination', { total: '60', count: '25', perPage: '25', currentPage: '1', totalPages: '3' }],
  ] as const)('writes the pagination in the %s form', async (pagination, key, figures) => {
    const sandbox = await withSandbox({ seed })
    sandbox.behaviour.change({ pagination })
    const body = (await page(await signIn(sandbox))) as Record<string, unknown>
    expect(Object.keys(body)).toEqual(['status', 'success', 'data', key])
    expect(body[key]).toEqual({ ...figures, links: { next: 'http://example.com/api/v1.0/accounts?page=2' } })
  })

  it('can leave the pagination empty or out', async () => {
    const sandbox = await withSandbox({ seed })
    const client = await signIn(sandbox)
    sandbox.behaviour.change({ pagination: 'empty' })
    expect(at(await page(client), 'pagination')).toEqual({})
    sandbox.behaviour.change({ pagination: 'absent' })
    expect(Object.keys((await page(client)) as object)).toEqual(['status', 'success', 'data'])
  })

  it('links to the next and previous page, or sends an empty list of links when there is neither', async () => {
    const sandbox = await withSandbox({ seed })
    const client = await signIn(sandbox)
    const links = async (query: string): Promise<unknown> => at(await page(client, query), 'pagination', 'links')
    expect(Object.keys((await links('?page=1')) as object)).toEqual(['next'])
    expect(Object.keys((await links('?page=2')) as object)).toEqual(['previous', 'next'])
    expect(Object.keys((await links('?page=3')) as object)).toEqual(['previous'])
    expect(await links('?per_page=60')).toEqual([])
    sandbox.behaviour.change({ links: 'own' })
    expect(await links('?page=1')).toEqual({ next: `${sandbox.url}${LINKS}/${MAIN_ACCOUNT}?page=2` })
    sandbox.behaviour.change({ links: 'list' })
    expect(await links('?page=2')).toEqual([])
    sandbox.behaviour.change({ links: 'object' })
    expect(await links('?page=2')).toEqual({})
  })
})
