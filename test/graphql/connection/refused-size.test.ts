import { describe, expect, it } from 'vitest'
import { ListReader } from '../../../src/graphql/connection/list-reader.js'
import { readSlice } from '../../../src/graphql/connection/slice.js'
import { GatewayError } from '../../../src/kernel/errors.js'
import { TransportError } from '../../../src/upstream/http.js'
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

  const failures: [string, () => GatewayError, boolean][] = [
    ['500', () => new GatewayError('UPSTREAM_UNAVAILABLE', 'no', { upstreamStatus: 500 }), true],
    ['504', () => new GatewayError('UPSTREAM_UNAVAILABLE', 'no', { upstreamStatus: 504 }), true],
    ['no answer in time', () => new GatewayError('UPSTREAM_TIMEOUT', 'no'), true],
    ['an answer too large to read', () => tooLarge(), true],
    ['a refusal', () => new GatewayError('UPSTREAM_REJECTED', 'no', { upstreamStatus: 400 }), true],
    ['no connection', () => new GatewayError('UPSTREAM_UNAVAILABLE', 'no'), false],
    ['too many calls', () => new GatewayError('RATE_LIMITED', 'no', { upstreamStatus: 429 }), false],
    ['what cannot be read', () => new GatewayError('UPSTREAM_MALFORMED', 'no', { upstreamStatus: 200 }), false],
    ['an account of another', () => new GatewayError('FORBIDDEN', 'no', { upstreamStatus: 403 }), false],
  ]

  it.each(failures)(
    'or meets %s over a large page is asked for small ones where that may help',
    async (_name, make, helps) => {
      const asked: string[] = []
      const source = {
        fetch: async (page: { number: number; size: number }) => {
          asked.push(`${page.number}/${page.size}`)
          if (page.size > 25) throw make()
          return list.fetch(page)
        },
        onPage: () => {},
      }
      const hints = {}
      const read = (count: number, offset: number) =>
        readSlice(new ListReader(source, hints), { kind: 'offset', count, offset }, noCursor)
      if (!helps) {
        await expect(read(100, 0)).rejects.toMatchObject({ code: make().code })
        expect(asked).toEqual(['1/100'])
        return
      }
      const slice = await read(100, 20)
      expect(slice.rows.map(({ row }) => Number(row.id))).toEqual(list.ids.slice(20, 120))
      expect(asked.filter((page) => page.endsWith('/25'))).toEqual(['1/25', '2/25', '3/25', '4/25', '5/25'])
      asked.length = 0
      await read(100, 0)
      expect(asked).toEqual(['1/25', '2/25', '3/25', '4/25'])
    },
  )

  it.each(failures.filter(([, , helps]) => helps))(
    'or meets %s over every page is tried with one small page, and is not remembered for it',
    async (_name, make) => {
      const asked: string[] = []
      let isDown = true
      const source = {
        fetch: async (page: { number: number; size: number }) => {
          asked.push(`${page.number}/${page.size}`)
          if (isDown) throw make()
          return list.fetch(page)
        },
        onPage: () => {},
      }
      const hints = { total: 130 }
      const reader = new ListReader(source, hints)
      await expect(readSlice(reader, { kind: 'offset', count: 100, offset: 20 }, noCursor)).rejects.toBeInstanceOf(
        GatewayError,
      )
      expect(asked).toEqual(['1/100', '2/100', '1/25'])
      isDown = false
      asked.length = 0
      await readSlice(new ListReader(source, hints), { kind: 'forward', count: 100 }, noCursor)
      expect(asked).toEqual(['1/100'])
    },
  )
})

function tooLarge(): GatewayError {
  const cause = new TransportError('too-large', true)
  return new GatewayError('UPSTREAM_MALFORMED', 'no', { cause })
}
