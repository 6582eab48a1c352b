import { describe, expect, it } from 'vitest'
import { UpstreamFailure } from '../../src/upstream/failures.js'
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
} from '../support/with-upstream.js'

const hang: Answering = () => undefined

describe("a caller's time", () => {
  it.each(['GET', 'PUT'] as const)('sends no %s and fetches no token when the time is over', async (method) => {
    await withUpstream({ answer: (_, response) => success(response) }, async ({ client, calls, tokenCalls }) => {
      const late = context()
      late.leave()
      const failure = await failureOf(client().send(method === 'GET' ? read() : write(), late))
      expect(failure).toMatchObject({ code: 'REQUEST_TIMEOUT' })
      expect(failure).not.toBeInstanceOf(UpstreamFailure)
      expect([calls.length, tokenCalls.length]).toEqual([0, 0])
    })
  })

  it.each(['shared', 'fresh'] as const)('closes the connection of a %s read when its time ends', async (freshness) => {
    await withUpstream({ answer: hang }, async ({ client, calls }) => {
      const failure = await failureOf(client().send(read({ freshness }), context(80)))
      expect(failure).toMatchObject({ code: 'REQUEST_TIMEOUT' })
      await calls[0]?.closed
    })
  })

  it('lets a write that was sent run on when its time ends', async () => {
    const slow = gate()
    await withUpstream(
      { answer: (_, response) => void slow.opened.then(() => success(response)) },
      async ({ client, calls }) => {
        const caller = context()
        const writing = client().send(write(), caller)
        await until(() => calls.length === 1)
        caller.leave()
        slow.open()
        await expect(writing).resolves.toMatchObject({ status: 200 })
      },
    )
  })

  it('leaves a queued write unsent when its time ends', async () => {
    const slow = gate()
    await withUpstream(
      { answer: (_, response) => void slow.opened.then(() => success(response)) },
      async ({ client, calls }) => {
        const upstream = client({ maxConcurrency: 1 })
        const first = upstream.send(write(), context())
        await until(() => calls.length === 1)
        expect(await failureOf(upstream.send(write(), context(50)))).toMatchObject({ code: 'REQUEST_TIMEOUT' })
        slow.open()
        await first
        expect(calls).toHaveLength(1)
      },
    )
  })

  it('bounds many calls under one deadline without a warning', async () => {
    const warnings: string[] = []
    const listen = (warning: Error) => void warnings.push(warning.name)
    process.on('warning', listen)
    await withUpstream({ answer: (_, response) => success(response) }, async ({ client }) => {
      const upstream = client({ maxConcurrency: 4 })
      const caller = context()
      await Promise.all(Array.from({ length: 40 }, (_, id) => upstream.send(read({ path: [`${id}`] }), caller)))
    })
    process.off('warning', listen)
    expect(warnings).toEqual([])
  })
})

describe('the limit of concurrent calls', () => {
  it('lets three of thirty calls through at once and the others in order', async () => {
    const held: (() => void)[] = []
    const answer: Answering = (_, response) => void held.push(() => success(response))
    await withUpstream({ answer }, async ({ client, calls }) => {
      const upstream = client({ maxConcurrency: 3 })
      const paths = Array.from({ length: 30 }, (_, id) => `${id}`)
      const sending = Promise.all(paths.map((id) => upstream.send(read({ path: [id] }), context(60_000))))
      // One leaves at a time, so that one comes at a time.
      for (let left = 0; left < paths.length; left += 1) {
        await until(() => calls.length === Math.min(left + 3, paths.length))
        held[left]?.()
      }
      await sending
      const arrived = calls.map(({ path }) => Number(path.slice(5)))
      expect([sorted(arrived.slice(0, 3)), ...arrived.slice(3)]).toEqual([[0, 1, 2], ...paths.slice(3).map(Number)])
    })
  })

  it('refuses a call at once and unsent when the queue is full', async () => {
    const slow = gate()
    await withUpstream(
      { answer: (_, response) => void slow.opened.then(() => success(response)) },
      async ({ client, calls }) => {
        const upstream = client({ maxConcurrency: 2 })
        const taken = 2 + 256
        const paths = Array.from({ length: taken + 3 }, (_, id) => `${id}`)
        const results = paths.map((id) =>
          upstream.send(write({ path: [id] }), context(60_000)).then(
            () => 'sent',
            (error: unknown) => error,
          ),
        )
        for (const refused of results.slice(-3)) {
          expect(await refused).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', outcome: 'not-sent', kind: 'crowded' })
        }
        slow.open()
        expect(await Promise.all(results.slice(0, taken))).toEqual(Array(taken).fill('sent'))
        expect(calls).toHaveLength(taken)
      },
    )
  })

  it('takes no slot for a read that waits for its retry', async () => {
    const answer: Answering = (call, response) =>
      call.path.endsWith('/busy') ? json(response, 429, {}, { 'retry-after': '15' }) : success(response)
    await withUpstream({ answer }, async ({ client, calls }) => {
      const upstream = client({ maxConcurrency: 1 })
      const waiting = context(60_000)
      const busy = failureOf(upstream.send(read({ path: ['busy'] }), waiting))
      await until(() => calls.length === 1)
      await upstream.send(read({ path: ['free'] }), context(60_000))
      expect(calls.map(({ path }) => path)).toEqual(['/api/busy', '/api/free'])
      waiting.leave()
      expect(await busy).toMatchObject({ code: 'RATE_LIMITED' })
    })
  })
})

describe('stopping', () => {
  it('stops reads in flight or waiting for a retry, and refuses new calls', async () => {
    const answer: Answering = (call, response) => {
      if (call.path.endsWith('/busy')) json(response, 429, {}, { 'retry-after': '3' })
    }
    await withUpstream({ answer }, async ({ client, calls, connections }) => {
      const upstream = client()
      const hanging = failureOf(upstream.send(read(), context()))
      const sleeping = failureOf(upstream.send(read({ path: ['busy'] }), context()))
      await until(() => calls.length === 2)
      await upstream.stop()
      expect(await hanging).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
      expect(['RATE_LIMITED', 'UPSTREAM_UNAVAILABLE']).toContain(((await sleeping) as { code: string }).code)
      expect(await failureOf(upstream.send(read(), context()))).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
      await until(async () => (await connections()) === 0)
      expect(calls).toHaveLength(2)
    })
  })

  it('waits for a write that was sent before it stops', async () => {
    const slow = gate()
    await withUpstream(
      { answer: (_, response) => void slow.opened.then(() => success(response)) },
      async ({ client, calls }) => {
        const upstream = client()
        const writing = upstream.send(write(), context())
        await until(() => calls.length === 1)
        let isStopped = false
        const stopping = upstream.stop().then(() => {
          isStopped = true
        })
        await new Promise((resolve) => setImmediate(resolve))
        expect(isStopped).toBe(false)
        slow.open()
        await expect(writing).resolves.toMatchObject({ status: 200 })
        await stopping
      },
    )
  })
})

describe('the log of calls', () => {
  const SECRETS = /127\.0\.0\.1|localhost|\/api|ACCOUNT|token-1|partner-key|client-secret|client-id|KOPI|status":"open/

  it('logs one line per call, with the source of its response', async () => {
    await withUpstream({ answer: (_, response) => success(response, 'KOPI') }, async ({ client, log }) => {
      const upstream = client({ cacheTtlMs: 60_000 })
      await Promise.all([upstream.send(read(), context()), upstream.send(read(), context())])
      await upstream.send(read(), context())
      await upstream.send(write(), context())
      const common = {
        operation: 'link.show',
        method: 'GET',
        requestId: 'request-1',
        status: 200,
        durationMs: expect.any(Number),
      }
      expect(log).toEqual([
        { level: 'debug', fields: { ...common, source: 'upstream', attempts: 1 } },
        { level: 'debug', fields: { ...common, source: 'flight', attempts: 0 } },
        { level: 'debug', fields: { ...common, source: 'cache', attempts: 0 } },
        {
          level: 'debug',
          fields: { ...common, operation: 'link.update', method: 'PUT', source: 'upstream', attempts: 1 },
        },
      ])
      expect(JSON.stringify(log)).not.toMatch(SECRETS)
    })
  })

  it('logs a warning for a failure, with what helps to find its cause', async () => {
    const answer: Answering = (call, response) =>
      call.method === 'GET' ? json(response, 503, { message: 'KOPI' }) : void response.socket?.resetAndDestroy()
    await withUpstream({ answer }, async ({ client, log }) => {
      const upstream = client()
      await failureOf(upstream.send(read(), context()))
      await failureOf(upstream.send(write(), context()))
      expect(log).toMatchObject([
        { level: 'warn', fields: { code: 'UPSTREAM_UNAVAILABLE', status: 503, attempts: 3, kind: 'answered' } },
        { level: 'warn', fields: { code: 'UPSTREAM_UNAVAILABLE', outcome: 'lost', systemCode: 'ECONNRESET' } },
      ])
      expect(JSON.stringify(log)).not.toMatch(SECRETS)
    })
  })

  it('logs no warning for a link that does not exist', async () => {
    await withUpstream({ answer: (_, response) => json(response, 404, {}) }, async ({ client, log }) => {
      await failureOf(client().send(read(), context()))
      expect(log).toMatchObject([{ level: 'debug', fields: { code: 'NOT_FOUND', status: 404 } }])
    })
  })
})

function sorted(numbers: readonly number[]): number[] {
  return [...numbers].sort((one, other) => one - other)
}
