import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Paginator } from '../../../../src/graphql/connection/paginator/paginator.js'
import { type SeekOptions, seekRows } from '../../../../src/graphql/connection/seek/seek.js'
import { NumberedList, type Paging } from '../../../support/numbered-list.js'

const PAGINGS: readonly Paging[] = [
  { pagination: 'all', order: 'newest-first' },
  { pagination: 'all', order: 'oldest-first' },
  { pagination: 'all', order: 'newest-first', ownSize: 25 },
  { pagination: 'none', order: 'newest-first' },
  { pagination: 'none', order: 'oldest-first', ownSize: 10 },
  { pagination: 'no-total', order: 'newest-first', sizeMax: 50 },
  { pagination: 'echoed-per-page', order: 'newest-first', ownSize: 30 },
]

/** Seeks rows and returns the ids of those that were not found. */
async function seekMissing(
  list: NumberedList,
  ids: readonly number[],
  { paginator = list.paginator(), ...options }: SeekOptions & { readonly paginator?: Paginator<number> } = {},
): Promise<number[]> {
  const sought = ids.map((id) => ({ id: String(id), sortKey: list.sortKeyOf(id) }))
  await seekRows(paginator, sought, options)
  const missing = ids.filter((id) => paginator.findRow(String(id)) === undefined)
  for (const id of ids) if (!missing.includes(id)) expect(paginator.findRow(String(id))?.node).toBe(id)
  return missing
}

const idsUpTo = (length: number) => Array.from({ length }, (_, index) => index + 1)

describe('seeking rows of a list', () => {
  it('finds each row wherever it is in the list, however the upstream pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 700 }),
        fc.constantFrom(...PAGINGS),
        fc.array(fc.nat(), { minLength: 1, maxLength: 40 }),
        async (length, paging, picks) => {
          const list = new NumberedList(idsUpTo(length), paging)
          expect(await seekMissing(list, [...new Set(picks.map((pick) => (pick % length) + 1))])).toEqual([])
        },
      ),
      { numRuns: 300 },
    )
  })

  it('takes at most fifteen pages for one row of an ordered list of 3,200', async () => {
    for (const paging of PAGINGS.slice(0, 4)) {
      for (let id = 1; id <= 3_200; id += 83) {
        const list = new NumberedList(idsUpTo(3_200), paging)
        await seekMissing(list, [id])
        expect(list.calls).toBeLessThanOrEqual(15)
      }
    }
  })

  it('takes at most thirty pages for a missing row of an ordered list of 3,200', async () => {
    for (const paging of PAGINGS.slice(0, 4)) {
      const list = new NumberedList(idsUpTo(3_200), paging)
      list.remove(1_700)
      expect(await seekMissing(list, [1_700])).toEqual([1_700])
      expect(list.calls).toBeLessThanOrEqual(30)
    }
  })

  it('takes one page for rows on the first, and none for rows that were read before', async () => {
    const list = new NumberedList(idsUpTo(900), PAGINGS[0] as Paging)
    const paginator = list.paginator()
    await seekMissing(list, [900, 890, 880], { paginator })
    await seekMissing(list, [885, 890], { paginator })
    expect(list.calls).toBe(1)
  })

  it('takes no more pages for many rows than the list has, and the small first page', async () => {
    const list = new NumberedList(idsUpTo(1_000), PAGINGS[0] as Paging)
    await seekMissing(
      list,
      idsUpTo(1_000).filter((id) => id % 40 === 0),
    )
    // And the small first page.
    expect(list.calls).toBeLessThanOrEqual(11)
  })

  it('finds a row that was created after the list was read', async () => {
    const list = new NumberedList(idsUpTo(300), PAGINGS[0] as Paging)
    const paginator = list.paginator()
    await paginator.pages(0, 300, 'head')
    list.add(301)
    expect(await seekMissing(list, [301], { paginator })).toEqual([])
  })

  it('finds rows of an unsorted list', async () => {
    const list = new NumberedList(idsUpTo(2_400), PAGINGS[0] as Paging)
    list.sortedBy = (id) => (id * 389) % 2_411
    expect(await seekMissing(list, [7, 1_234, 2_400])).toEqual([])
  })

  it('finds a row at the end of a long list sorted by id, whatever its sort keys are', async () => {
    const list = new NumberedList(idsUpTo(6_000), PAGINGS[0] as Paging)
    list.sortKeyOf = (id) => (id * 389) % 6_007
    expect(await seekMissing(list, [2])).toEqual([])
    expect(list.calls).toBeLessThanOrEqual(15)
  })

  it('takes two pages for a row on the second small page, however large pages may be, when the search is exhaustive', async () => {
    for (const paging of [PAGINGS[0], { ...PAGINGS[0], ownSize: 25 }, { ...PAGINGS[0], sizeMax: 30 }] as Paging[]) {
      const list = new NumberedList(idsUpTo(200), paging)
      expect(await seekMissing(list, [200 - 30], { isExhaustive: true })).toEqual([])
      expect(list.calls).toBe(2)
    }
  })

  it('ends its search for a row that does not exist, in a list of any length', async () => {
    for (const length of [0, 1, 30, 200, 5_000, 40_000]) {
      for (const paging of PAGINGS) {
        const list = new NumberedList(idsUpTo(length), paging)
        list.remove(20)
        expect(await seekMissing(list, [20])).toEqual([20])
        expect(list.calls).toBeLessThanOrEqual(100)
      }
    }
  })

  it('finds a row anywhere in an unsorted list of any length when the search is exhaustive', async () => {
    const list = new NumberedList(idsUpTo(6_000), PAGINGS[0] as Paging)
    list.sortedBy = (id) => (id * 389) % 6_007
    const last = list.ids.at(-1) as number
    expect(await seekMissing(list, [last])).toEqual([last])
    expect(await seekMissing(list, [last], { isExhaustive: true })).toEqual([])
  })
})
