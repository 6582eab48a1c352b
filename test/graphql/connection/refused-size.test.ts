import { describe, expect, it } from 'vitest'
import { ListReader } from '../../../src/graphql/connection/list-reader.js'
import { readSlice } from '../../../src/graphql/connection/slice.js'
import { GatewayError } from '../../../src/kernel/errors.js'
import { NumberedList } from '../../support/numbered-list.js'

const noCursor = () => {
  throw new Error('no cursor was given out')
}

describe('an upstream that refuses a page size', () => {
  const ids = Array.from({ length: 130 }, (_, index) => index + 1)
  const list = new NumberedList(ids, { figures: 'all', order: 'newest-first' })
  const strict = {
    fetch: async (page: { number: number; size: number }) => {
      if (page.size > 50) throw new GatewayError('UPSTREAM_REJECTED', 'per_page is at most 50')
      return list.fetch(page)
    },
    onPage: () => {},
  }

  it('is asked in the documented size instead, and remembered for it', async () => {
    const hints = {}
    const slice = await readSlice(new ListReader(strict, hints), { kind: 'forward', count: 100 }, noCursor)
    expect(slice.rows.map(({ row }) => Number(row.id))).toEqual(list.ids.slice(0, 100))
    expect(slice).toMatchObject({ hasNextPage: true, hasPreviousPage: false, total: 130 })
    expect(hints).toMatchObject({ pageSize: 25 })
  })

  it('is believed when it refuses the documented size, too', async () => {
    const source = {
      fetch: () => Promise.reject(new GatewayError('UPSTREAM_REJECTED', 'no')),
      onPage: () => {},
    }
    const reading = readSlice(new ListReader(source, {}), { kind: 'forward', count: 100 }, noCursor)
    await expect(reading).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED' })
  })
})
