import { describe, expect, it } from 'vitest'
import { type BehaviourChanges, gatewayOfFile } from '../../support/gateway.js'
import { EMPTY, MAIN, MIDDLE, pageOf, storedIds, type Way, walk } from './walking.js'

const gateway = gatewayOfFile()

const VARIANTS: readonly [string, BehaviourChanges][] = [
  ['as documented', {}],
  ['in snake_case', { pagination: 'snake', links: 'own' }],
  ['in meta', { pagination: 'meta', links: 'list' }],
  ['as text', { pagination: 'text', links: 'object' }],
  ['empty', { pagination: 'empty' }],
  ['absent', { pagination: 'absent' }],
  ['as documented, per_page ignored', { ignorePerPage: true }],
  ['absent, per_page ignored', { ignorePerPage: true, pagination: 'absent' }],
  ['as documented, at most 10 rows', { perPageMax: 10 }],
  ['as documented, oldest first', { order: 'oldest' }],
]

describe('a walk through a list', () => {
  const sizes = [7, 100]

  it.each(VARIANTS)(
    'returns every row once and in order, whichever way it walks, with pagination %s',
    async (_name, behaviour) => {
      gateway.sandbox.behaviour.change(behaviour)
      const inOrder = (ids: string[]) => (behaviour.order === 'oldest' ? ids.toReversed() : ids)
      for (const way of ['forward', 'backward', 'offset'] as const) {
        for (const size of sizes) {
          expect(await walk(gateway, { accountId: MIDDLE, way, size }), `${way} by ${size}`).toEqual(
            inOrder(storedIds(gateway, MIDDLE)),
          )
        }
        expect(await walk(gateway, { accountId: MAIN, way, size: 100 }), `${way} by 100 of 200`).toEqual(
          inOrder(storedIds(gateway, MAIN)),
        )
      }
    },
  )

  it.each<[Way, number]>([
    ['forward', 1],
    ['backward', 1],
    ['offset', 1],
    ['forward', 7],
    ['backward', 7],
    ['forward', 25],
    ['backward', 25],
  ])('returns every row of 200 (of 47 one by one) once and in order: %s by %i', async (way, size) => {
    const accountId = size === 1 ? MIDDLE : MAIN
    expect(await walk(gateway, { accountId, way, size })).toEqual(storedIds(gateway, accountId))
  })

  it('returns an empty list as one page without cursors', async () => {
    const page = await pageOf(gateway, { accountId: EMPTY })
    expect(page).toMatchObject({
      edges: [],
      totalCount: 0,
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    })
  })

  it('says whether rows precede and follow a page', async () => {
    const middle = await pageOf(gateway, { accountId: MIDDLE, first: 10, offset: 20 })
    expect(middle.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true })
    expect(middle.pageInfo.startCursor).toBe(middle.edges[0]?.cursor)
    expect(middle.pageInfo.endCursor).toBe(middle.edges.at(-1)?.cursor)
    const between = await pageOf(gateway, {
      accountId: MIDDLE,
      first: 100,
      after: middle.edges[2]?.cursor,
      before: middle.edges[7]?.cursor,
    })
    expect(between.ids).toEqual(middle.ids.slice(3, 7))
    const tail = await pageOf(gateway, {
      accountId: MIDDLE,
      last: 2,
      after: middle.edges[2]?.cursor,
      before: middle.edges[7]?.cursor,
    })
    expect(tail.ids).toEqual(middle.ids.slice(5, 7))
  })

  it('takes totalCount from the pagination, and returns null without one', async () => {
    expect((await pageOf(gateway, { accountId: MAIN, first: 3 })).totalCount).toBe(200)
    gateway.sandbox.behaviour.change({ pagination: 'absent' })
    expect((await pageOf(gateway, { accountId: MAIN, first: 3 })).totalCount).toBeNull()
  })
})
