import { describe, expect, it } from 'vitest'
import { Paginator } from '../../../../src/graphql/connection/paginator/paginator.js'
import { readSlice } from '../../../../src/graphql/connection/slice.js'
import { GatewayError } from '../../../../src/kernel/errors.js'
import { TransportError } from '../../../../src/upstream/http/http.js'
import { NumberedList } from '../../../support/numbered-list.js'

describe('an upstream that refuses a page size', () => {
  const ids = Array.from({ length: 130 }, (_, index) => index + 1)
  const list = new NumberedList(ids, { pagination: 'all', order: 'newest-first' })
  const strict = {
    fetch: async (page: { number: number; size: number }) => {
      if (page.size > 50) throw new GatewayError('UPSTREAM_REJECTED', 'per_page is at most 50')
      return list.fetch(page)
    },
  }

  it('requests the documented page size once another was refused, and remembers it', async () => {
    const hints = {}
    const slice = await readSlice(new Paginator(strict, hints), { kind: 'forward', count: 100 })
    expect(slice.rows.map(({ id }) => Number(id))).toEqual(list.ids.slice(0, 100))
    expect(slice).toMatchObject({ hasNextPage: true, hasPreviousPage: false, total: 130 })
    expect(hints).toMatchObject({ pageSize: 25 })
  })

  it('passes on a refusal of the documented page size', async () => {
    const source = {
      fetch: () => Promise.reject(new GatewayError('UPSTREAM_REJECTED', 'no')),
    }
    const reading = readSlice(new Paginator(source, {}), { kind: 'forward', count: 100 })
    await expect(reading).rejects.toMatchObject({ code: 'UPSTREAM_REJECTED' })
  })

  const failures: [string, () => GatewayError, boolean][] = [
    ['500', () => new GatewayError('UPSTREAM_UNAVAILABLE', 'no', { upstreamStatus: 500 }), true],
    ['504', () => new GatewayError('UPSTREAM_UNAVAILABLE', 'no', { upstreamStatus: 504 }), true],
    ['no response in time', () => new GatewayError('UPSTREAM_TIMEOUT', 'no'), true],
    ['a response too large to read', () => tooLarge(), true],
    ['a refusal', () => new GatewayError('UPSTREAM_REJECTED', 'no', { upstreamStatus: 400 }), true],
    ['no connection', () => new GatewayError('UPSTREAM_UNAVAILABLE', 'no'), false],
    ['too many calls', () => new GatewayError('RATE_LIMITED', 'no', { upstreamStatus: 429 }), false],
    [
      'a response that cannot be read',
      () => new GatewayError('UPSTREAM_MALFORMED', 'no', { upstreamStatus: 200 }),
      false,
    ],
    ['a foreign account', () => new GatewayError('FORBIDDEN', 'no', { upstreamStatus: 403 }), false],
  ]

  it.each(failures)(
    'requests small pages after a large page fails (%s), only if that may help',
    async (_name, make, helps) => {
      const requested: string[] = []
      const source = {
        fetch: async (page: { number: number; size: number }) => {
          requested.push(`${page.number}/${page.size}`)
          if (page.size > 25) throw make()
          return list.fetch(page)
        },
      }
      const hints = {}
      const read = (count: number, offset: number) =>
        readSlice(new Paginator(source, hints), { kind: 'offset', count, offset })
      if (!helps) {
        await expect(read(100, 0)).rejects.toMatchObject({ code: make().code })
        expect(requested).toEqual(['1/100'])
        return
      }
      const slice = await read(100, 20)
      expect(slice.rows.map(({ id }) => Number(id))).toEqual(list.ids.slice(20, 120))
      expect(requested.filter((page) => page.endsWith('/25'))).toEqual(['1/25', '2/25', '3/25', '4/25', '5/25'])
      requested.length = 0
      await read(100, 0)
      expect(requested).toEqual(['1/25', '2/25', '3/25', '4/25'])
    },
  )

  it.each(failures.filter(([, , helps]) => helps))(
    'requests a small page once, and does not remember it, when every page fails (%s)',
    async (_name, make) => {
      const requested: string[] = []
      let isDown = true
      const source = {
        fetch: async (page: { number: number; size: number }) => {
          requested.push(`${page.number}/${page.size}`)
          if (isDown) throw make()
          return list.fetch(page)
        },
      }
      const hints = { total: 130 }
      const paginator = new Paginator(source, hints)
      await expect(readSlice(paginator, { kind: 'offset', count: 100, offset: 20 })).rejects.toBeInstanceOf(
        GatewayError,
      )
      expect(requested).toEqual(['1/100', '2/100', '1/25'])
      isDown = false
      requested.length = 0
      await readSlice(new Paginator(source, hints), { kind: 'forward', count: 100 })
      expect(requested).toEqual(['1/100'])
    },
  )
})

function tooLarge(): GatewayError {
  const cause = new TransportError('too-large', true)
  return new GatewayError('UPSTREAM_MALFORMED', 'no', { cause })
}
