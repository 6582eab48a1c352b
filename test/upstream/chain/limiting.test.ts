import { describe, expect, it } from 'vitest'
import type { CallContext } from '../../../src/upstream/request.js'
import {
  type Answering,
  context,
  failureOf,
  gate,
  json,
  read,
  success,
  until,
  withUpstream,
  write,
} from '../../support/with-upstream.js'

/** One request of a caller who uses the gateway's own credential. */
function of(caller: string, requestId = `${caller}-1`): CallContext {
  const own = context(30_000)
  return { ...own, principal: { ...own.principal, caller }, requestId }
}

const unknown = (id: string) => read({ path: ['links', id] })

/** Responds after 5 ms, so that calls queue. */
const slowly: Answering = (call, response) =>
  void setTimeout(() => (call.method === 'PUT' ? success(response) : json(response, 404, {})), 5)

describe('a heavy caller with hundreds of unknown ids', () => {
  it('sends a read and a write of another caller among the next few calls of a heavy caller', async () => {
    await withUpstream({ answer: slowly }, async ({ client, calls }) => {
      const upstream = client({ maxConcurrency: 8 })
      const crowd = Array.from({ length: 8 }, (_, nth) => of('heavy', `request-${nth}`))
      const heavy = crowd.flatMap((request, nth) =>
        Array.from({ length: 100 }, (_, id) => failureOf(upstream.send(unknown(`${nth}-${id}`), request))),
      )
      await until(() => calls.length >= 20)
      const before = calls.length
      await failureOf(upstream.send(unknown('light'), of('light')))
      await upstream.send(write({ path: ['light'] }), of('light'))
      const after = calls.slice(before).map(({ path }) => path)
      // What was in progress and one round of the slots, for each of the two.
      expect(after.indexOf('/api/links/light')).toBeLessThan(16)
      expect(after.indexOf('/api/light')).toBeLessThan(48)
      await Promise.all(heavy)
    })
  })

  it('refuses a heavy caller before any other, and before its own other requests', async () => {
    const slow = gate()
    const answer: Answering = async (call, response) => {
      await slow.opened
      await slowly(call, response, 0)
    }
    await withUpstream({ answer }, async ({ client, calls }) => {
      const upstream = client({ maxConcurrency: 8 })
      const heavy = Array.from({ length: 800 }, (_, id) => failureOf(upstream.send(unknown(`${id}`), of('heavy'))))
      await until(() => calls.length > 0)
      const others = ['light', 'other'].flatMap((caller) => [
        failureOf(upstream.send(unknown(caller), of(caller))),
        upstream.send(write({ path: [caller] }), of(caller)),
      ])
      const second = failureOf(upstream.send(unknown('second'), of('heavy', 'heavy-2')))
      slow.open()
      expect(await Promise.all(others)).toMatchObject([
        { code: 'NOT_FOUND' },
        { status: 200 },
        { code: 'NOT_FOUND' },
        { status: 200 },
      ])
      expect(await second).toMatchObject({ code: 'NOT_FOUND' })
      const codes = (await Promise.all(heavy)).map((failure) => (failure as { code: string }).code)
      expect(new Set(codes)).toEqual(new Set(['NOT_FOUND', 'UPSTREAM_UNAVAILABLE']))
    })
  })

  it('leaves slots for others when the calls of a heavy caller hang, so that nobody waits for a timeout', async () => {
    const answer: Answering = (call, response) => {
      if (call.path.startsWith('/api/free/')) success(response)
    }
    await withUpstream({ answer }, async ({ client, calls }) => {
      const upstream = client({ maxConcurrency: 16, attemptTimeoutMs: 60_000 })
      const heavy = of('heavy')
      for (let id = 0; id < 100; id += 1) void failureOf(upstream.send(unknown(`${id}`), heavy))
      await until(() => calls.length >= 14)
      await upstream.send(read({ path: ['free', 'read'] }), of('light'))
      await upstream.send(write({ path: ['free', 'write'] }), of('light'))
      await upstream.send(read({ path: ['free', 'second'] }), of('heavy', 'heavy-2'))
      expect(calls.filter(({ path }) => path.startsWith('/api/links/'))).toHaveLength(14)
      await upstream.stop()
    })
  })
})

describe('a shared read', () => {
  it('queues a shared read no longer than for the lightest caller who shares it', async () => {
    const answer: Answering = (call, response) => {
      if (call.path === '/api/links/99') success(response)
    }
    await withUpstream({ answer }, async ({ client, calls }) => {
      const upstream = client({ maxConcurrency: 16, attemptTimeoutMs: 60_000 })
      const heavy = of('heavy')
      const all = Array.from({ length: 100 }, (_, id) => upstream.send(unknown(`${id}`), heavy))
      for (const one of all) one.catch(() => undefined)
      await until(() => calls.length >= 14)
      await upstream.send(unknown('99'), of('light'))
      await all[99]
      expect(calls.filter(({ path }) => path === '/api/links/99')).toHaveLength(1)
      await upstream.stop()
    })
  })

  it('never refuses a shared read because of the load of the caller who began it', async () => {
    const slow = gate()
    const answer: Answering = async (call, response) => {
      await slow.opened
      await slowly(call, response, 0)
    }
    await withUpstream({ answer }, async ({ client }) => {
      const upstream = client({ maxConcurrency: 1 })
      const heavy = of('heavy')
      const first = Array.from({ length: 257 }, (_, id) => failureOf(upstream.send(unknown(`${id}`), heavy)))
      const shared = failureOf(upstream.send(unknown('256'), of('light')))
      // These push out the heavy caller's newest calls, one of which began the shared read.
      const others = Array.from({ length: 10 }, (_, id) => failureOf(upstream.send(unknown(`x${id}`), of(`${id}`))))
      expect(await first[255]).toMatchObject({ kind: 'crowded' })
      slow.open()
      expect(await shared).toMatchObject({ code: 'NOT_FOUND' })
      expect(await first[256]).toMatchObject({ code: 'NOT_FOUND' })
      for (const other of others) expect(await other).toMatchObject({ code: 'NOT_FOUND' })
      await Promise.all(first)
    })
  })

  it('starts a shared read again for a caller who arrives the moment it was refused', async () => {
    await withUpstream({ answer: slowly }, async ({ client }) => {
      const upstream = client({ maxConcurrency: 1 })
      const heavy = of('heavy')
      const first = Array.from({ length: 258 }, (_, id) => failureOf(upstream.send(unknown(`${id}`), heavy)))
      const shared = failureOf(upstream.send(unknown('257'), of('light')))
      expect(await shared).toMatchObject({ code: 'NOT_FOUND' })
      await Promise.all(first)
    })
  })
})
