import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RowPlace } from '../../../src/graphql/connection/cursor.js'
import { locate } from '../../../src/graphql/connection/locate.js'
import { NumberedList, type Paging } from '../../support/numbered-list.js'

const newestFirst: Paging = { figures: 'all', order: 'newest-first' }
const ids = (length: number) => Array.from({ length }, (_, index) => index + 1)

/** Where a row was read; every other cursor was given out when the list had not shown its order. */
function placeOf(list: NumberedList, id: number, position = list.ids.indexOf(id)): RowPlace {
  const order = list.paging.order === 'oldest-first' ? 1 : 0
  const createdAtMs = 1_700_000_000_000 + Math.floor(id / 3) * 1000
  return { position, id: String(id), createdAtMs, order: id % 2 === 0 ? order : undefined }
}

describe('finding a row that moved', () => {
  it('finds a row that is still there, wherever it was and went, in both orders', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 400 }),
        fc.nat(),
        fc.nat(600),
        fc.constantFrom<Paging['order']>('newest-first', 'oldest-first'),
        async (length, pick, was, order) => {
          const list = new NumberedList(ids(length), { ...newestFirst, order })
          const id = list.ids[pick % length] as number
          const gap = await locate(list.reader(), 'after', placeOf(list, id, was))
          expect(gap).toEqual({ position: list.ids.indexOf(id) + 1, aheadId: String(id) })
          expect(list.calls).toBeLessThanOrEqual(25)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('finds the place of a row that is gone between its neighbours', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 300 }),
        fc.nat(),
        fc.nat(400),
        fc.constantFrom<'after' | 'before'>('after', 'before'),
        async (length, pick, was, name) => {
          const list = new NumberedList(ids(length), newestFirst)
          const gone = (pick % length) + 1
          list.remove(gone)
          const gap = await locate(list.reader(), name, placeOf(list, gone, was))
          const behind = list.ids.filter((id) => id > gone).length
          expect(gap.position).toBe(behind)
          if (gap.aheadId !== undefined) expect(Number(gap.aheadId)).toBe(list.ids[behind - 1])
          if (gap.behindId !== undefined) expect(Number(gap.behindId)).toBe(list.ids[behind])
        },
      ),
      { numRuns: 500 },
    )
  })

  it('looks through the pages around where the list follows no order', async () => {
    const list = new NumberedList(ids(300), newestFirst)
    const shuffled = list.ids.map((_, index, all) => all[(index * 77) % 300] as number)
    Object.defineProperty(list, 'ids', { get: () => shuffled })
    const id = shuffled[210] as number
    const gap = await locate(list.reader(), 'before', placeOf(list, id, 40))
    expect(gap).toEqual({ position: 210, behindId: String(id) })
  })

  it('looks at the page beside one that has a single row, which shows no order', async () => {
    for (const length of [26, 51]) {
      const list = new NumberedList(ids(length), { ...newestFirst, order: 'oldest-first' })
      const place = { ...placeOf(list, 1, length - 1), order: undefined }
      expect(await locate(list.reader(), 'after', place)).toEqual({ position: 1, aheadId: '1' })
    }
  })

  it('keeps the position of a row without an id, and asks nothing', async () => {
    const list = new NumberedList(ids(50), newestFirst)
    const place = { position: 30, id: undefined, createdAtMs: undefined, order: undefined }
    expect(await locate(list.reader(), 'after', place)).toEqual({ position: 31 })
    expect(await locate(list.reader(), 'before', place)).toEqual({ position: 30 })
    expect(list.calls).toBe(0)
  })

  it('is at the start of an empty list', async () => {
    const list = new NumberedList([], newestFirst)
    expect((await locate(list.reader(), 'after', placeOf(list, 9, 5))).position).toBe(0)
  })
})
