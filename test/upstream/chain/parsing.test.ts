import { describe, expect, it } from 'vitest'
import { MalformedResponse } from '../../../src/upstream/malformed-response.js'
import {
  type Answering,
  context,
  failureOf,
  json,
  read,
  success,
  until,
  withUpstream,
  write,
} from '../../support/with-upstream.js'

const counting: Answering = (_, response, nth) => success(response, nth)

/** A parser that counts its runs. */
function countingParser() {
  const bodies: unknown[] = []
  const parse = (body: unknown) => {
    bodies.push(body)
    return { parsed: bodies.length }
  }
  return { bodies, parse }
}

function refuse(): never {
  throw new MalformedResponse('$.data', new Error('Expected a link'))
}

describe('a response', () => {
  it('parses a response once for all who share it in flight or from the cache', async () => {
    await withUpstream({ answer: counting }, async ({ client, calls }) => {
      const { send, findCached } = client({ cacheTtlMs: 60_000 })
      const { bodies, parse } = countingParser()
      const request = read({ parse })
      const [first, second] = await Promise.all([send(request, context()), send(request, context())])
      expect(await send(request, context())).toBe(first)
      expect(second).toBe(first)
      expect(await findCached?.(request, context())).toMatchObject({ value: { parsed: 1 } })
      expect([calls.length, bodies]).toEqual([1, [{ status: 200, success: true, data: 1 }]])
    })
  })

  it('parses a response once after retries and a renewed token', async () => {
    const answer: Answering = (_, response, nth) =>
      nth === 1 ? json(response, 503, {}) : nth === 2 ? json(response, 401, {}) : success(response, nth)
    await withUpstream({ answer }, async ({ client }) => {
      const { bodies, parse } = countingParser()
      await client().send(read({ parse }), context())
      expect(bodies).toMatchObject([{ data: 3 }])
    })
  })

  it('parses a response for each operation on the same route', async () => {
    await withUpstream({ answer: counting }, async ({ client }) => {
      const { send } = client({ cacheTtlMs: 60_000 })
      await send(read({ operation: 'link.raw' }), context())
      expect(await send(read({ operation: 'link.name', parse: () => 'name' }), context())).toBe('name')
    })
  })
})

describe('a malformed response', () => {
  it.each([0, 60_000])(
    'logs a malformed response as a failure and does not cache it, with a TTL of %i ms',
    async (cacheTtlMs) => {
      await withUpstream({ answer: counting }, async ({ client, calls, log }) => {
        const { send, findCached } = client({ cacheTtlMs })
        const request = read({ parse: refuse })
        for (let nth = 1; nth <= 2; nth += 1) {
          expect(await failureOf(send(request, context()))).toBeInstanceOf(MalformedResponse)
        }
        expect(await findCached?.(request, context())).toBeUndefined()
        expect(calls).toHaveLength(2)
        const line = { level: 'warn', fields: { code: 'UPSTREAM_MALFORMED', source: 'upstream', attempts: 1 } }
        expect(log).toMatchObject([line, line])
      })
    },
  )

  it('fails everyone who waits for a malformed response, and nobody who comes later', async () => {
    await withUpstream({ answer: counting }, async ({ client, calls }) => {
      const { send } = client()
      const request = read({ parse: refuse })
      const failures = await Promise.all([1, 2, 3].map(() => failureOf(send(request, context()))))
      expect(new Set(failures).size).toBe(1)
      expect(await send(read(), context())).toMatchObject({ data: 2 })
      expect(calls).toHaveLength(2)
    })
  })

  it('fails a write whose response is malformed, drops what was cached and does not send again', async () => {
    await withUpstream({ answer: counting }, async ({ client, calls }) => {
      const { send } = client({ cacheTtlMs: 60_000 })
      await send(read(), context())
      expect(await failureOf(send(write({ parse: refuse }), context()))).toBeInstanceOf(MalformedResponse)
      await send(read(), context())
      expect(calls.map(({ method }) => method)).toEqual(['GET', 'PUT', 'GET'])
    })
  })

  it('frees the slot of a malformed response for the next call', async () => {
    await withUpstream({ answer: counting }, async ({ client, calls }) => {
      const { send } = client({ maxConcurrency: 1 })
      const failing = failureOf(send(read({ parse: refuse }), context()))
      const waiting = send(read({ path: ['other'] }), context())
      await failing
      await waiting
      await until(() => calls.length === 2)
    })
  })
})
