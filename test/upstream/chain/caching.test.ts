import { describe, expect, it } from 'vitest'
import {
  type Answering,
  context,
  failureOf,
  gate,
  json,
  MovedClock,
  read,
  success,
  until,
  withUpstream,
  write,
} from '../../support/with-upstream.js'

const counting: Answering = (_, response, nth) => success(response, nth)
const TTL_MS = 60_000

describe('the cache', () => {
  it('serves a response until its TTL, counted from the request', async () => {
    const clock = new MovedClock()
    const answer: Answering = (_, response, nth) => {
      if (nth === 1) clock.move(20_000)
      success(response, nth)
    }
    await withUpstream({ answer }, async ({ client, calls }) => {
      const upstream = client({ clock, cacheTtlMs: TTL_MS })
      const first = await upstream.send(read(), context())
      clock.move(39_000)
      expect(await upstream.send(read(), context())).toBe(first)
      clock.move(1_000)
      expect(await upstream.send(read(), context())).toMatchObject({ data: 2 })
      expect(calls).toHaveLength(2)
    })
  })

  it('serves a response only to its own credential and call', async () => {
    await withUpstream({ answer: counting }, async ({ client, calls }) => {
      const upstream = client({ cacheTtlMs: TTL_MS })
      await upstream.send(read(), context(5000, 'one'))
      await upstream.send(read(), context(5000, 'two'))
      await upstream.send(read({ query: { page: '2' } }), context(5000, 'one'))
      await upstream.send(read({ path: ['other'] }), context(5000, 'one'))
      expect(calls).toHaveLength(4)
      await upstream.send(read(), context(5000, 'one'))
      expect(calls).toHaveLength(4)
    })
  })

  it('keeps apart credentials and paths whose characters join to the same text', async () => {
    await withUpstream({ answer: counting }, async ({ client, calls }) => {
      const upstream = client({ cacheTtlMs: TTL_MS })
      await upstream.send(read({ path: ['b'] }), context(5000, 'x","/api/a'))
      await upstream.send(read({ path: ['a'] }), context(5000, 'x'))
      expect(calls).toHaveLength(2)
    })
  })

  it('sends a fresh read and caches its response instead of the older one', async () => {
    await withUpstream({ answer: counting }, async ({ client }) => {
      const upstream = client({ cacheTtlMs: TTL_MS })
      await upstream.send(read(), context())
      const fresh = await upstream.send(read({ freshness: 'fresh' }), context())
      expect(fresh).toMatchObject({ data: 2 })
      expect(await upstream.send(read(), context())).toBe(fresh)
    })
  })

  it('does not let an earlier request replace a later response', async () => {
    const slow = gate()
    const answer: Answering = (_, response, nth) =>
      nth === 1 ? void slow.opened.then(() => success(response, 'older')) : success(response, 'newer')
    await withUpstream({ answer }, async ({ client, calls }) => {
      const upstream = client({ cacheTtlMs: TTL_MS })
      const older = upstream.send(read(), context())
      await until(() => calls.length === 1)
      await upstream.send(read({ freshness: 'fresh' }), context())
      slow.open()
      await older
      expect(await upstream.send(read(), context())).toMatchObject({ data: 'newer' })
    })
  })

  it('serves a value only while it is valid by itself', async () => {
    await withUpstream({ answer: counting }, async ({ client }) => {
      const clock = new MovedClock()
      const upstream = client({ clock, cacheTtlMs: TTL_MS })
      const expiresAt = clock.now() + 10_000
      const expiring = read({ validUntil: () => expiresAt })
      await upstream.send(expiring, context())
      clock.move(9_000)
      expect(await upstream.send(expiring, context())).toMatchObject({ data: 1 })
      clock.move(1_001)
      expect(await upstream.send(expiring, context())).toMatchObject({ data: 2 })
      expect(await upstream.send(expiring, context())).toMatchObject({ data: 3 })
    })
  })

  it.each(['applied', 'refused', 'lost'])('drops what a write touches when the write is %s', async (how) => {
    const answer: Answering = (call, response, nth) => {
      if (call.method === 'GET') return success(response, nth)
      if (how === 'applied') return success(response)
      if (how === 'refused') return json(response, 422, {})
      response.socket?.destroy()
    }
    await withUpstream({ answer }, async ({ client }) => {
      const upstream = client({ cacheTtlMs: TTL_MS })
      await upstream.send(read(), context())
      await upstream.send(write(), context()).catch(() => undefined)
      expect(await upstream.send(read(), context())).toMatchObject({ data: 3 })
    })
  })

  it('still serves what a write does not touch', async () => {
    await withUpstream({ answer: counting }, async ({ client, calls }) => {
      const upstream = client({ cacheTtlMs: TTL_MS })
      await upstream.send(read(), context())
      await upstream.send(write({ tags: ['link:8'] }), context())
      await upstream.send(read(), context())
      expect(calls.map(({ method }) => method)).toEqual(['GET', 'PUT'])
    })
  })
})

describe('findCached', () => {
  it('finds the value and when it was requested, but nothing of another credential or call', async () => {
    await withUpstream({ answer: counting }, async ({ client, calls }) => {
      const clock = new MovedClock()
      const { send, findCached } = client({ clock, cacheTtlMs: TTL_MS })
      const one = context(5000, 'one')
      expect(await findCached?.(read(), one)).toBeUndefined()
      await send(read(), one)
      const [cached, nowMs] = [await findCached?.(read(), one), clock.monotonicMs()]
      expect(cached).toMatchObject({ value: { data: 1 } })
      expect(cached?.startedAtMs).toBeLessThanOrEqual(nowMs)
      expect(await findCached?.(read(), context(5000, 'two'))).toBeUndefined()
      expect(await findCached?.(read({ path: ['other'] }), one)).toBeUndefined()
      expect(calls).toHaveLength(1)
    })
  })

  it('finds nothing that is too old, no longer valid by itself or written to', async () => {
    await withUpstream({ answer: counting }, async ({ client, calls }) => {
      const clock = new MovedClock()
      const { send, findCached } = client({ clock, cacheTtlMs: TTL_MS })
      const expiresAt = clock.now() + 10_000
      const [plain, expiring, written] = [
        read({ path: ['a'] }),
        read({ path: ['b'], validUntil: () => expiresAt }),
        read({ path: ['c'], tags: ['link:c'] }),
      ]
      for (const request of [plain, expiring, written]) await send(request, context())
      const isCached = async () =>
        (await Promise.all([plain, expiring, written].map((request) => findCached?.(request, context())))).map(
          (cached) => cached !== undefined,
        )
      expect(await isCached()).toEqual([true, true, true])
      await send(write({ tags: ['link:c'] }), context())
      expect(await isCached()).toEqual([true, true, false])
      clock.move(10_000)
      expect(await isCached()).toEqual([true, false, false])
      clock.move(TTL_MS)
      expect(await isCached()).toEqual([false, false, false])
      expect(calls).toHaveLength(4)
    })
  })

  it('offers no findCached with a TTL of 0', async () => {
    await withUpstream({ answer: counting }, async ({ client }) => {
      expect(client({ cacheTtlMs: 0 }).findCached).toBeUndefined()
    })
  })
})

describe('what is not cached', () => {
  it('caches no failure', async () => {
    const answer: Answering = (_, response, nth) => (nth === 1 ? json(response, 404, {}) : success(response))
    await withUpstream({ answer }, async ({ client }) => {
      const upstream = client({ cacheTtlMs: TTL_MS })
      await failureOf(upstream.send(read(), context()))
      await upstream.send(read(), context())
    })
  })

  it('caches nothing with a TTL of 0', async () => {
    await withUpstream({ answer: counting }, async ({ client, calls }) => {
      const upstream = client({ cacheTtlMs: 0 })
      await upstream.send(read(), context())
      await upstream.send(read(), context())
      expect(calls).toHaveLength(2)
    })
  })

  it('caches no response to a write', async () => {
    await withUpstream({ answer: counting }, async ({ client, calls }) => {
      const upstream = client({ cacheTtlMs: TTL_MS })
      await upstream.send(write(), context())
      await upstream.send(read(), context())
      expect(calls).toHaveLength(2)
    })
  })
})
