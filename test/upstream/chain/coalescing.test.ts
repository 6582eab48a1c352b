import { describe, expect, it } from 'vitest'
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

describe('identical reads in flight', () => {
  it('makes one call for identical reads', async () => {
    const slow = gate()
    const answer: Answering = (_, response) => void slow.opened.then(() => success(response, { id: 7 }))
    await withUpstream({ answer }, async ({ client, calls }) => {
      const upstream = client()
      const reads = Array.from({ length: 50 }, () => upstream.send(read(), context()))
      await until(() => calls.length > 0)
      slow.open()
      const bodies = await Promise.all(reads)
      expect(calls).toHaveLength(1)
      expect(new Set(bodies).size).toBe(1)
      expect(bodies[0]).toMatchObject({ data: { id: 7 } })
    })
  })

  it('makes one call whatever the order of the query', async () => {
    await withUpstream({ answer: (_, response) => success(response) }, async ({ client, calls }) => {
      const upstream = client()
      const queries = [
        { page: '1', per_page: '5' },
        { per_page: '5', page: '1' },
        { page: '2', per_page: '5' },
      ]
      await Promise.all(queries.map((query) => upstream.send(read({ query }), context())))
      expect(calls).toHaveLength(2)
    })
  })

  it('makes a call for each credential', async () => {
    await withUpstream({ answer: (_, response) => success(response) }, async ({ client, calls }) => {
      const upstream = client()
      await Promise.all(['one', 'two', 'one'].map((credential) => upstream.send(read(), context(5000, credential))))
      expect(calls).toHaveLength(2)
    })
  })

  it('makes a call for each fresh read, and lets nobody join it', async () => {
    await withUpstream({ answer: (_, response) => success(response) }, async ({ client, calls }) => {
      const upstream = client()
      const fresh = [1, 2].map(() => upstream.send(read({ freshness: 'fresh' }), context()))
      await Promise.all([...fresh, upstream.send(read(), context())])
      expect(calls).toHaveLength(3)
    })
  })

  it('fails identical reads together, and makes a new call for the next one', async () => {
    const answer: Answering = (_, response, nth) => (nth === 1 ? json(response, 404, {}) : success(response))
    await withUpstream({ answer }, async ({ client, calls }) => {
      const upstream = client()
      const failures = await Promise.all([1, 2, 3].map(() => failureOf(upstream.send(read(), context()))))
      for (const failure of failures) expect(failure).toMatchObject({ code: 'NOT_FOUND' })
      await upstream.send(read(), context())
      expect(calls).toHaveLength(2)
    })
  })
})

describe('a waiter of a read in flight', () => {
  const hang: Answering = () => undefined

  it('lets a waiter leave alone when its time ends, while the others get their response', async () => {
    const slow = gate()
    await withUpstream(
      { answer: (_, response) => void slow.opened.then(() => success(response)) },
      async ({ client, calls }) => {
        const upstream = client()
        const short = failureOf(upstream.send(read(), context(60)))
        const long = upstream.send(read(), context())
        expect(await short).toMatchObject({ code: 'REQUEST_TIMEOUT' })
        slow.open()
        await long
        expect(calls).toHaveLength(1)
      },
    )
  })

  it('aborts a read when its last waiter leaves: the server sees the connection close', async () => {
    await withUpstream({ answer: hang }, async ({ client, calls }) => {
      const upstream = client()
      const waiters = [context(), context(), context()]
      const failures = waiters.map((waiter) => failureOf(upstream.send(read(), waiter)))
      await until(() => calls.length === 1)
      let isClosed = false
      calls[0]?.closed.then(() => {
        isClosed = true
      })
      waiters[0]?.leave()
      waiters[1]?.leave()
      await Promise.all(failures.slice(0, 2))
      expect(isClosed).toBe(false)
      waiters[2]?.leave()
      expect(await failures[2]).toMatchObject({ code: 'REQUEST_TIMEOUT' })
      await calls[0]?.closed
    })
  })

  it('joins no read that everyone else has left', async () => {
    const answer: Answering = (_, response, nth) => (nth === 1 ? undefined : success(response))
    await withUpstream({ answer }, async ({ client, calls }) => {
      const upstream = client()
      const first = context()
      const left = failureOf(upstream.send(read(), first))
      await until(() => calls.length === 1)
      first.leave()
      await left
      await upstream.send(read(), context())
      expect(calls).toHaveLength(2)
    })
  })

  it('lets one caller wait twice under one deadline', async () => {
    const slow = gate()
    await withUpstream(
      { answer: (_, response) => void slow.opened.then(() => success(response)) },
      async ({ client, calls }) => {
        const upstream = client()
        const one = context()
        const both = [upstream.send(read(), one), upstream.send(read(), one)]
        await until(() => calls.length === 1)
        slow.open()
        expect(await Promise.all(both)).toHaveLength(2)
      },
    )
  })

  it('gives a waiter that leaves the failure that its read has already seen', async () => {
    const answer: Answering = (_, response, nth) => {
      if (nth === 1) json(response, 503, {})
    }
    await withUpstream({ answer }, async ({ client, calls, log }) => {
      const upstream = client()
      const leaver = context(60_000)
      const patient = upstream.send(read(), context(60_000)).catch(() => 'failed')
      const hasty = failureOf(upstream.send(read(), leaver))
      // The second attempt is in progress, so the first has failed.
      await until(() => calls.length === 2)
      leaver.leave()
      expect(await hasty).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', upstreamStatus: 503 })
      expect(log.some(({ fields }) => fields['source'] === 'flight')).toBe(true)
      await upstream.stop()
      await patient
    })
  })

  it('gives a read the time of its most patient waiter, although one in a hurry began it', async () => {
    const left = gate()
    const answer: Answering = async (_, response, nth) => {
      await left.opened
      if (nth === 1) json(response, 503, {})
      else success(response)
    }
    await withUpstream({ answer }, async ({ client, calls }) => {
      const upstream = client({ attemptTimeoutMs: 30_000 })
      const hasty = failureOf(upstream.send(read(), context(60)))
      const patient = upstream.send(read(), context(60_000))
      expect(await hasty).toMatchObject({ code: 'REQUEST_TIMEOUT' })
      left.open()
      await patient
      expect(calls).toHaveLength(2)
    })
  })
})

describe('a write beside reads in flight', () => {
  it('sends two identical writes twice', async () => {
    await withUpstream({ answer: (_, response) => success(response) }, async ({ client, calls }) => {
      const upstream = client()
      await Promise.all([upstream.send(write(), context()), upstream.send(write(), context())])
      expect(calls).toHaveLength(2)
    })
  })

  it.each(['applied', 'lost'])(
    'lets nobody join a read that began before a write, even when the write is %s',
    async (how) => {
      const slow = gate()
      const answer: Answering = (call, response, nth) => {
        if (call.method === 'PUT') return how === 'lost' ? void response.socket?.destroy() : success(response)
        if (nth === 1) return void slow.opened.then(() => success(response, 'old'))
        success(response, 'new')
      }
      await withUpstream({ answer }, async ({ client, calls }) => {
        const upstream = client({ cacheTtlMs: 60_000 })
        const before = upstream.send(read(), context())
        await until(() => calls.length === 1)
        await upstream.send(write(), context()).catch(() => undefined)
        const after = await upstream.send(read(), context())
        expect(after).toMatchObject({ data: 'new' })
        slow.open()
        expect(await before).toMatchObject({ data: 'old' })
        // The old response came last and was not cached.
        expect(await upstream.send(read(), context())).toMatchObject({ data: 'new' })
      })
    },
  )

  it('lets nobody join a read that began during a write', async () => {
    const slowWrite = gate()
    const slowRead = gate()
    const answer: Answering = (call, response, nth) => {
      if (call.method === 'PUT') return void slowWrite.opened.then(() => success(response))
      if (nth === 2) return void slowRead.opened.then(() => success(response, 'old'))
      success(response, 'new')
    }
    await withUpstream({ answer }, async ({ client, calls }) => {
      const upstream = client({ cacheTtlMs: 60_000, attemptTimeoutMs: 10_000 })
      const writing = upstream.send(write(), context())
      await until(() => calls.length === 1)
      const during = upstream.send(read(), context())
      await until(() => calls.length === 2)
      slowWrite.open()
      await writing
      expect(await upstream.send(read(), context())).toMatchObject({ data: 'new' })
      slowRead.open()
      await during
      expect(await upstream.send(read(), context())).toMatchObject({ data: 'new' })
    })
  })

  it('lets others join reads that a write does not touch', async () => {
    const slow = gate()
    const answer: Answering = (call, response) =>
      call.method === 'PUT' ? success(response) : void slow.opened.then(() => success(response))
    await withUpstream({ answer }, async ({ client, calls }) => {
      const upstream = client()
      const before = upstream.send(read(), context())
      await until(() => calls.length === 1)
      await upstream.send(write({ tags: ['link:8'] }), context())
      const after = upstream.send(read(), context())
      slow.open()
      expect(await before).toBe(await after)
    })
  })
})
