import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seekRows } from '../../../src/graphql/connection/seek.js'
import { type ListEntry, NumberedList, type Paging } from '../../support/numbered-list.js'

const PAGINGS: readonly Paging[] = [
  { figures: 'all', order: 'newest-first' },
  { figures: 'all', order: 'oldest-first' },
  { figures: 'all', order: 'newest-first', ownSize: 25 },
  { figures: 'none', order: 'newest-first' },
  { figures: 'none', order: 'oldest-first', ownSize: 10 },
  { figures: 'no-total', order: 'newest-first', sizeMax: 50 },
  { figures: 'echoed-per-page', order: 'newest-first', ownSize: 30 },
]

/** Looks for rows and tells which of them did not come. */
async function seek(list: NumberedList, ids: readonly number[], reader = list.reader()): Promise<number[]> {
  const sought = ids.map((id) => ({ id: String(id), createdAtMs: createdAtMsOf(id) }))
  await seekRows(reader, sought, ({ id }) => !list.seen.has(id))
  return ids.filter((id) => !list.seen.has(String(id)))
}

const createdAtMsOf = (id: number) => (new NumberedList([id], PAGINGS[0] as Paging).entries[0] as ListEntry).createdAtMs
const idsUpTo = (length: number) => Array.from({ length }, (_, index) => index + 1)

describe('looking for rows of a list', () => {
  it('finds each of them wherever it stands, however the upstream pages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 700 }),
        fc.constantFrom(...PAGINGS),
        fc.array(fc.nat(), { minLength: 1, maxLength: 40 }),
        async (length, paging, picks) => {
          const list = new NumberedList(idsUpTo(length), paging)
          expect(await seek(list, [...new Set(picks.map((pick) => (pick % length) + 1))])).toEqual([])
        },
      ),
      { numRuns: 300 },
    )
  })

  it('takes no more than fifteen pages for one row of an ordered list of 3,200', async () => {
    for (const paging of PAGINGS.slice(0, 4)) {
      for (let id = 1; id <= 3_200; id += 83) {
        const list = new NumberedList(idsUpTo(3_200), paging)
        await seek(list, [id])
        expect(list.calls).toBeLessThanOrEqual(15)
      }
    }
  })

  it('takes two such searches for a row that is not there', async () => {
    for (const paging of PAGINGS.slice(0, 4)) {
      const list = new NumberedList(idsUpTo(3_200), paging)
      list.remove(1_700)
      expect(await seek(list, [1_700])).toEqual([1_700])
      expect(list.calls).toBeLessThanOrEqual(30)
    }
  })

  it('takes one page for rows on the first, and none more for one that is found already', async () => {
    const list = new NumberedList(idsUpTo(900), PAGINGS[0] as Paging)
    const reader = list.reader()
    await seek(list, [900, 890, 880], reader)
    await seek(list, [885, 890], reader)
    expect(list.calls).toBe(1)
  })

  it('takes no more than the pages there are for many rows', async () => {
    const list = new NumberedList(idsUpTo(1_000), PAGINGS[0] as Paging)
    await seek(
      list,
      idsUpTo(1_000).filter((id) => id % 40 === 0),
    )
    // The small first page besides.
    expect(list.calls).toBeLessThanOrEqual(11)
  })

  it('finds a row that came after the list was read', async () => {
    const list = new NumberedList(idsUpTo(300), PAGINGS[0] as Paging)
    const reader = list.reader()
    await reader.range(0, 300, 'head')
    list.add(301)
    expect(await seek(list, [301], reader)).toEqual([])
  })

  it('finds a row of a list in no order', async () => {
    const list = new NumberedList(idsUpTo(2_400), PAGINGS[0] as Paging)
    list.shuffle = (id) => (id * 389) % 2_411
    expect(await seek(list, [7, 1_234, 2_400])).toEqual([])
  })

  it('ends for a row that is not there, in a list of any length', async () => {
    for (const length of [0, 1, 30, 200, 5_000, 40_000]) {
      for (const paging of PAGINGS) {
        const list = new NumberedList(idsUpTo(length), paging)
        list.remove(20)
        expect(await seek(list, [20])).toEqual([20])
        expect(list.calls).toBeLessThanOrEqual(100)
      }
    }
  })
})
