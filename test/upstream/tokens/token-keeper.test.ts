import { describe, expect, it } from 'vitest'
import type { Upstream } from '../../../src/upstream/send.js'
import {
  type Answering,
  answerToken,
  context,
  failureOf,
  json,
  MovedClock,
  read,
  success,
  withUpstream,
  write,
} from '../../support/with-upstream.js'

const answer: Answering = (_, response) => success(response)
const refusing =
  (status: number, body: unknown = { message: 'no' }): Answering =>
  (_, response) =>
    json(response, status, body)
const UNAUTHENTICATED = { code: 'UPSTREAM_UNAUTHENTICATED', outcome: 'not-sent' }

/** Reads and writes one after the other. */
async function ask(upstream: Upstream, times = 1): Promise<unknown[]> {
  const failures: unknown[] = []
  for (let nth = 0; nth < times; nth += 1) {
    const request = nth % 2 === 0 ? read({ path: ['links', `${nth}`] }) : write()
    failures.push(await failureOf(upstream.send(request, context())))
  }
  return failures
}

describe('a token route that refuses', () => {
  it.each([
    ['401', refusing(401)],
    ['403', refusing(403)],
    [
      '403 by a firewall',
      (_: unknown, response: Parameters<Answering>[1]) => void response.writeHead(403).end('<html>'),
    ],
    ['422', refusing(422)],
    ['a no in a 200', refusing(200, { success: false, error: { code: 'SP002' } })],
    ['a no in a bare 200', refusing(200, { error: 'invalid_client' })],
  ] as const)('does not call the token route again for every query after %s', async (_, token) => {
    await withUpstream({ answer, token }, async ({ client, calls, tokenCalls }) => {
      const failures = await ask(client({ clock: new MovedClock() }), 20)
      for (const failure of failures) expect(failure).toMatchObject(UNAUTHENTICATED)
      for (const { retryAfterMs } of failures as { retryAfterMs: number }[]) {
        expect(retryAfterMs).toBeGreaterThan(0)
        expect(retryAfterMs).toBeLessThanOrEqual(1000)
      }
      expect([calls.length, tokenCalls.length]).toEqual([0, 1])
    })
  })

  it('calls a refusing token route after pauses that grow to ten seconds, fewer than ten times a minute', async () => {
    await withUpstream({ answer, token: refusing(401) }, async ({ client, tokenCalls }) => {
      const clock = new MovedClock()
      const upstream = client({ clock })
      const pauses: number[] = []
      for (let nth = 1; nth <= 9; nth += 1) {
        const [failure] = await ask(upstream, 2)
        expect(tokenCalls).toHaveLength(nth)
        const { retryAfterMs } = failure as { retryAfterMs: number }
        pauses.push(retryAfterMs)
        clock.move(retryAfterMs)
      }
      expect(pauses).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000, 10_000, 10_000, 10_000])
    })
  })

  it('calls the token route after the pause, and begins a later refusal with a short pause again', async () => {
    const isRefused = [true, true, false, true]
    const token: Answering = (call, response, nth) =>
      isRefused[nth - 1] === true ? refusing(401)(call, response, nth) : answerToken(call, response, nth)
    await withUpstream({ answer, token }, async ({ client, tokenCalls }) => {
      const clock = new MovedClock()
      const upstream = client({ clock })
      await ask(upstream, 2)
      clock.move(1000)
      expect(await ask(upstream)).toMatchObject([{ retryAfterMs: 2000 }])
      clock.move(2000)
      await upstream.send(read(), context())
      clock.move(3_600_000)
      expect(await ask(upstream)).toMatchObject([{ ...UNAUTHENTICATED, retryAfterMs: 1000 }])
      expect(tokenCalls).toHaveLength(4)
    })
  })

  it('does not call the token route before the time in its Retry-After', async () => {
    const token: Answering = (_, response) => json(response, 429, {}, { 'retry-after': '30' })
    await withUpstream({ answer, token }, async ({ client, tokenCalls }) => {
      const clock = new MovedClock()
      const upstream = client({ clock })
      for (const failure of await ask(upstream, 6)) {
        expect(failure).toMatchObject({ code: 'RATE_LIMITED', outcome: 'not-sent' })
        expect((failure as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(20_000)
      }
      clock.move(29_000)
      expect(await failureOf(upstream.send(write(), context()))).toMatchObject({ code: 'RATE_LIMITED' })
      expect(tokenCalls).toHaveLength(1)
      clock.move(1000)
      await ask(upstream)
      expect(tokenCalls).toHaveLength(2)
    })
  })

  it('does not call the token route for ten minutes when its Retry-After says a day', async () => {
    const token: Answering = (_, response) => json(response, 429, {}, { 'retry-after': '86400' })
    await withUpstream({ answer, token }, async ({ client, tokenCalls }) => {
      const clock = new MovedClock()
      const upstream = client({ clock })
      expect(await failureOf(upstream.send(write(), context()))).toMatchObject({ retryAfterMs: 600_000 })
      clock.move(600_000)
      await failureOf(upstream.send(write(), context()))
      expect(tokenCalls).toHaveLength(2)
    })
  })

  it('calls the token route for the next query after a server error', async () => {
    const token: Answering = (call, response, nth) =>
      nth === 1 ? json(response, 503, {}, { 'retry-after': '60' }) : answerToken(call, response, nth)
    await withUpstream({ answer, token }, async ({ client, tokenCalls }) => {
      const upstream = client()
      expect(await failureOf(upstream.send(write(), context()))).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
      await upstream.send(write(), context())
      expect(tokenCalls).toHaveLength(2)
    })
  })
})

describe('a new token that the API refuses like the old one', () => {
  const unauthorised = refusing(401, { success: false, error: { code: 401 } })

  it('keeps a refused new token for a while: each query is sent once, and no token is fetched', async () => {
    await withUpstream({ answer: unauthorised }, async ({ client, calls, tokenCalls }) => {
      const clock = new MovedClock()
      const upstream = client({ clock })
      for (const failure of await ask(upstream, 10)) {
        expect(failure).toMatchObject({ code: 'UPSTREAM_UNAUTHENTICATED', outcome: 'refused' })
      }
      expect([calls.length, tokenCalls.length]).toEqual([11, 2])
      clock.move(1000)
      await ask(upstream, 10)
      expect([calls.length, tokenCalls.length]).toEqual([22, 3])
      clock.move(1000)
      await ask(upstream, 10)
      expect(tokenCalls).toHaveLength(3)
    })
  })

  it('counts a refused new token once, however many calls it fails', async () => {
    await withUpstream({ answer: unauthorised }, async ({ client, tokenCalls }) => {
      const clock = new MovedClock()
      const upstream = client({ clock })
      const burst = () =>
        Promise.all(
          Array.from({ length: 30 }, (_, id) => failureOf(upstream.send(read({ path: [`${id}`] }), context()))),
        )
      await burst()
      expect(tokenCalls).toHaveLength(2)
      clock.move(1000)
      await burst()
      expect(tokenCalls).toHaveLength(3)
    })
  })

  it('still serves the other routes when one refuses the new token', async () => {
    const odd: Answering = (call, response, nth) =>
      call.path.endsWith('/odd') ? unauthorised(call, response, nth) : success(response)
    await withUpstream({ answer: odd }, async ({ client, tokenCalls }) => {
      const upstream = client({ clock: new MovedClock() })
      for (let nth = 0; nth < 10; nth += 1) {
        await failureOf(upstream.send(read({ path: ['odd'] }), context()))
        await upstream.send(read({ path: ['even'] }), context())
      }
      expect(tokenCalls).toHaveLength(2)
    })
  })

  it.each([
    ['a success', success],
    ['another refusal', (response: Parameters<Answering>[1]) => json(response, 404, {})],
  ] as const)('ends the pause once a newer token gets %s', async (_, give) => {
    let good = 'token-3'
    const guarded: Answering = (call, response, nth) =>
      call.headers.authorization === `Bearer ${good}` ? give(response) : unauthorised(call, response, nth)
    await withUpstream({ answer: guarded }, async ({ client, tokenCalls }) => {
      const clock = new MovedClock()
      const upstream = client({ clock })
      await ask(upstream)
      clock.move(1000)
      await upstream.send(read(), context()).catch(() => undefined)
      expect(tokenCalls).toHaveLength(3)
      // Revoked at once: no pause delays the next one.
      good = 'token-4'
      await upstream.send(read(), context()).catch(() => undefined)
      expect(tokenCalls).toHaveLength(4)
    })
  })
})
