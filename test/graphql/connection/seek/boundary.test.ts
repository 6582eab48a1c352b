import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Cursor } from '../../../../src/graphql/connection/cursor.js'
import { findBoundary } from '../../../../src/graphql/connection/seek/boundary.js'
import { NumberedList, type Paging, sortKeyOf } from '../../../support/numbered-list.js'

const newestFirst: Paging = { pagination: 'all', order: 'newest-first' }
const ids = (length: number) => Array.from({ length }, (_, index) => index + 1)

/** Where a row was read; every other cursor was issued before the list had shown its order. */
function cursorOf(list: NumberedList, id: number, position = list.ids.indexOf(id)): Cursor {
  const order = list.paging.order === 'oldest-first' ? 1 : 0
  return { position, id: String(id), sortKey: sortKeyOf(id), order: id % 2 === 0 ? order : undefined }
}

describe('the search for a boundary', () => {
  it('finds a row that still exists, wherever it was and has moved, in both orders', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 400 }),
        fc.nat(),
        fc.nat(600),
        fc.constantFrom<Paging['order']>('newest-first', 'oldest-first'),
        async (length, pick, was, order) => {
          const list = new NumberedList(ids(length), { ...newestFirst, order })
          const id = list.ids[pick % length] as number
          const boundary = await findBoundary(list.paginator(), 'after', cursorOf(list, id, was))
          expect(boundary).toEqual({ position: list.ids.indexOf(id) + 1, previousId: String(id) })
          expect(list.calls).toBeLessThanOrEqual(25)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('finds the place of a deleted row between its neighbours', async () => {
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
          const boundary = await findBoundary(list.paginator(), name, cursorOf(list, gone, was))
          const ahead = list.ids.filter((id) => id > gone).length
          expect(boundary.position).toBe(ahead)
          if (boundary.previousId !== undefined) expect(Number(boundary.previousId)).toBe(list.ids[ahead - 1])
          if (boundary.nextId !== undefined) expect(Number(boundary.nextId)).toBe(list.ids[ahead])
        },
      ),
      { numRuns: 500 },
    )
  })

  it.each<[string, { readonly sortedBy?: (id: number) => number; readonly sortKeyOf?: (id: number) => number }]>([
    ['by sort key and then by id', {}],
    ['by id, whatever the sort keys are', { sortKeyOf: (id) => (id * 77) % 1_009 }],
    ['by sort key, and the other way round by id', { sortedBy: (id) => Math.floor(id / 3) * 3 + (2 - (id % 3)) }],
    [
      'by sort key, whatever the ids are',
      { sortedBy: (id) => (id * 77) % 1_009, sortKeyOf: (id) => (id * 77) % 1_009 },
    ],
  ])('finds the place of a deleted row in a list sorted %s', async (_name, ways) => {
    for (const order of ['newest-first', 'oldest-first'] as const) {
      for (const position of [0, 1, 24, 130, 298, 299]) {
        const list = Object.assign(new NumberedList(ids(300), { ...newestFirst, order }), ways)
        const gone = list.ids[position] as number
        const cursor = { position: 60, id: String(gone), sortKey: list.sortKeyOf(gone), order: undefined }
        list.remove(gone)
        expect((await findBoundary(list.paginator(), 'after', cursor)).position).toBe(position)
      }
    }
  })

  it('searches the pages around the old position of an unsorted list', async () => {
    const list = new NumberedList(ids(300), newestFirst)
    list.sortedBy = (id) => (id * 77) % 301
    const id = list.ids[210] as number
    const boundary = await findBoundary(list.paginator(), 'before', cursorOf(list, id, 40))
    expect(boundary).toEqual({ position: 210, nextId: String(id) })
  })

  it('reads the page next to one with a single row, which shows no order', async () => {
    for (const length of [26, 51]) {
      const list = new NumberedList(ids(length), { ...newestFirst, order: 'oldest-first' })
      const cursor = { ...cursorOf(list, 1, length - 1), order: undefined }
      expect(await findBoundary(list.paginator(), 'after', cursor)).toEqual({ position: 1, previousId: '1' })
    }
  })

  it('reads past pages without rows, which do not show where they are', async () => {
    const list = new NumberedList(ids(200), { ...newestFirst, ownSize: 25 })
    list.hidden = new Set(list.ids.slice(50, 100))
    const boundary = await findBoundary(list.paginator(), 'after', cursorOf(list, 20, 30))
    expect(boundary).toEqual({ position: 181, previousId: '20' })
  })

  it('keeps the position of a row without an id, without a call', async () => {
    const list = new NumberedList(ids(50), newestFirst)
    const cursor = { position: 30, id: undefined, sortKey: undefined, order: undefined }
    expect(await findBoundary(list.paginator(), 'after', cursor)).toEqual({ position: 31 })
    expect(await findBoundary(list.paginator(), 'before', cursor)).toEqual({ position: 30 })
    expect(list.calls).toBe(0)
  })

  it('returns the start of an empty list', async () => {
    const list = new NumberedList([], newestFirst)
    expect((await findBoundary(list.paginator(), 'after', cursorOf(list, 9, 5))).position).toBe(0)
  })
})
