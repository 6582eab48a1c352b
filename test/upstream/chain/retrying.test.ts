import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDeadline } from '../../../src/kernel/deadline.js'
import { type Attempt, decideRetry } from '../../../src/upstream/chain/retrying.js'
import { type FailureCode, type FailureKind, UpstreamFailure } from '../../../src/upstream/failures.js'
import {
  type Answering,
  context,
  failureOf,
  json,
  MovedClock,
  read,
  success,
  until,
  withUpstream,
  write,
} from '../../support/with-upstream.js'

const PASSING = ['UPSTREAM_TIMEOUT', 'UPSTREAM_UNAVAILABLE', 'RATE_LIMITED'] as const
const DEFINITE = [
  'FORBIDDEN',
  'NOT_FOUND',
  'UPSTREAM_UNAUTHENTICATED',
  'UPSTREAM_REJECTED',
  'UPSTREAM_MALFORMED',
] as const

const duration = fc.integer({ min: 0, max: 20_000 })
const attempts = fc.record({
  method: fc.constantFrom<Attempt['method'][]>('GET', 'PUT'),
  number: fc.integer({ min: 1, max: 4 }),
  tookMs: duration,
  remainingMs: duration,
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  failure: fc
    .record({
      code: fc.constantFrom<FailureCode[]>(...PASSING, ...DEFINITE),
      kind: fc.constantFrom<FailureKind[]>('answered', 'unreadable', 'timed-out', 'broken', 'crowded'),
      retryAfterMs: fc.option(duration, { nil: undefined }),
    })
    .map(({ code, kind, retryAfterMs }) => new UpstreamFailure(code, { kind, outcome: 'lost', retryAfterMs })),
})

describe('decideRetry', () => {
  it('never retries a write, a definite failure, a full queue or after three attempts', () => {
    fc.assert(
      fc.property(attempts, (attempt) => {
        if (!decideRetry(attempt).retry) return
        expect(attempt.method).toBe('GET')
        expect(PASSING).toContain(attempt.failure.code)
        expect(attempt.failure.kind).not.toBe('crowded')
        expect(attempt.number).toBeLessThan(3)
      }),
      { numRuns: 2000 },
    )
  })

  it('retries only what can finish in time, after the delay the upstream asked for or one below the ceiling', () => {
    fc.assert(
      fc.property(attempts, (attempt) => {
        const decision = decideRetry(attempt)
        if (!decision.retry) return
        expect(decision.delayMs + attempt.tookMs).toBeLessThanOrEqual(attempt.remainingMs)
        const askedMs = attempt.failure.retryAfterMs ?? 0
        expect(decision.delayMs).toBeGreaterThanOrEqual(askedMs)
        expect(decision.delayMs).toBeLessThanOrEqual(Math.max(askedMs, attempt.number === 1 ? 100 : 200))
      }),
      { numRuns: 2000 },
    )
  })

  it('retries every read with enough time whose failure may pass', () => {
    fc.assert(
      fc.property(attempts, fc.constantFrom(...PASSING), (attempt, code) => {
        const failure = new UpstreamFailure(code, { kind: 'answered', outcome: 'lost' })
        const ample = { ...attempt, method: 'GET' as const, failure, remainingMs: attempt.tookMs + 200 }
        expect(decideRetry(ample).retry).toBe(attempt.number < 3)
      }),
    )
  })
})

describe('a read', () => {
  it.each([408, 429, 500, 502, 503, 504])(
    'serves a read in the third attempt after two responses of %i',
    async (status) => {
      const answer: Answering = (_, response, nth) => (nth < 3 ? json(response, status, {}) : success(response))
      await withUpstream({ answer }, async ({ client, calls }) => {
        await client().send(read(), context())
        expect(calls).toHaveLength(3)
      })
    },
  )

  it('retries a read after a broken connection and after a timeout', async () => {
    const answer: Answering = (_, response, nth) => {
      if (nth === 1) return void response.socket?.resetAndDestroy()
      if (nth === 3) success(response)
    }
    await withUpstream({ answer }, async ({ client, calls }) => {
      await client({ attemptTimeoutMs: 1000 }).send(read(), context(60_000))
      expect(calls).toHaveLength(3)
    })
  })

  it('waits before a retry as long as the upstream asked', async () => {
    const moments: number[] = []
    const answer: Answering = (_, response, nth) => {
      moments.push(performance.now())
      if (nth === 1) json(response, 429, {}, { 'retry-after': '1' })
      else success(response)
    }
    await withUpstream({ answer }, async ({ client }) => {
      await client().send(read(), context())
      const [first = 0, second = 0] = moments
      expect(second - first).toBeGreaterThanOrEqual(990)
    })
  })

  it('fails a read at once, with how long to wait, when the wait would exceed its time', async () => {
    const answer: Answering = (_, response) => json(response, 429, {}, { 'retry-after': '600' })
    await withUpstream({ answer }, async ({ client, calls }) => {
      // Both times are longer than a test may take.
      const failure = await failureOf(client().send(read(), context(300_000)))
      expect(failure).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 600_000, upstreamStatus: 429 })
      expect(calls).toHaveLength(1)
    })
  })

  it('does not retry a read when an attempt as long as the last would not end in time', async () => {
    const clock = new MovedClock()
    const answer: Answering = (_, response) => {
      clock.move(200_000)
      json(response, 503, {})
    }
    await withUpstream({ answer }, async ({ client, calls }) => {
      const upstream = client({ attemptTimeoutMs: 300_000, clock })
      const caller = { ...context(), deadline: createDeadline(clock, 390_000) }
      const failure = await failureOf(upstream.send(read(), caller))
      caller.deadline.release()
      expect(failure).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', upstreamStatus: 503 })
      expect(calls).toHaveLength(1)
    })
  })

  it('fails a read like its first attempt when the second runs out of time', async () => {
    const answer: Answering = (_, response, nth) => {
      if (nth === 1) json(response, 503, {})
    }
    await withUpstream({ answer }, async ({ client, calls }) => {
      const caller = context(60_000)
      const failing = failureOf(client().send(read(), caller))
      await until(() => calls.length === 2)
      caller.leave()
      expect(await failing).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', upstreamStatus: 503 })
      expect(calls).toHaveLength(2)
    })
  })
})

describe('a write that fails', () => {
  const faults: Record<string, Answering> = {
    'the response is 408': (_, response) => json(response, 408, {}),
    'the response is 429': (_, response) => json(response, 429, {}, { 'retry-after': '0' }),
    'the response is 500': (_, response) => json(response, 500, {}),
    'the response is 503': (_, response) => json(response, 503, {}),
    'the response is nonsense': (_, response) => void response.end('<html>'),
    'no response comes': () => undefined,
    'its connection is closed': (_, response) => void response.socket?.destroy(),
    'its connection is reset': (_, response) => void response.socket?.resetAndDestroy(),
  }
  it.each(Object.entries(faults))('sends a write only once when %s', async (_, answer) => {
    await withUpstream({ answer }, async ({ client, calls }) => {
      await failureOf(client({ attemptTimeoutMs: 1_000 }).send(write(), context()))
      expect(calls).toHaveLength(1)
    })
  })
})
