import { afterEach, describe, expect, it } from 'vitest'
import { createRateLimit } from '../../../src/server/callers/rate-limit.js'
import { startTinyServer, type TinyServer } from '../tiny-server.js'

const servers: TinyServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
})

async function limited(rateLimitPerMinute: number): Promise<TinyServer> {
  const server = await startTinyServer({ server: { rateLimitPerMinute } })
  servers.push(server)
  return server
}

describe('a rate limit', () => {
  it('responds 429 beyond the limit, with the time to wait in a header and in the error', async () => {
    const server = await limited(3)
    const startedAt = performance.now()
    const responses = []
    for (let n = 0; n < 5; n += 1) responses.push(await server.request('{ hello }'))
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429])
    const [, , , refusal] = responses
    const retryAfter = Number(refusal?.headers.get('retry-after'))
    expect(retryAfter).toBeGreaterThanOrEqual(Math.floor(60 - (performance.now() - startedAt) / 1_000))
    expect(retryAfter).toBeLessThanOrEqual(60)
    const body = (await refusal?.json()) as { errors: { extensions: { retryAfterMs: number } }[] }
    expect(body).toEqual({
      errors: [
        {
          message: expect.stringMatching(/too many requests/),
          extensions: {
            code: 'RATE_LIMITED',
            requestId: refusal?.headers.get('x-request-id'),
            retryable: true,
            retryAfterMs: expect.any(Number),
          },
        },
      ],
    })
    expect(Math.ceil((body.errors[0]?.extensions.retryAfterMs ?? 0) / 1_000)).toBe(retryAfter)
  })

  it('also counts requests that are refused later, and refuses before reading the body', async () => {
    const server = await limited(2)
    const send = (body: string) =>
      fetch(server.graphqlUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    const statuses = [(await send('{ not json')).status, (await send('[]')).status, (await send('{ not json')).status]
    expect(statuses).toEqual([400, 400, 429])
  })

  it('does not limit health routes', async () => {
    const server = await limited(1)
    for (let n = 0; n < 3; n += 1) await server.request('{ hello }')
    const health = await Promise.all(['live', 'ready'].map((name) => fetch(`${server.url}/health/${name}`)))
    expect(health.map(({ status }) => status)).toEqual([200, 200])
  })

  it('allows any number of requests when no limit is set', async () => {
    const server = await startTinyServer()
    servers.push(server)
    const responses = await Promise.all(Array.from({ length: 100 }, () => server.request('{ hello }')))
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
  })

  it('limits each caller separately', async () => {
    const rateLimit = createRateLimit(2)
    const waits = []
    for (const caller of ['a', 'a', 'b', 'a', 'b', 'b']) waits.push((await rateLimit(caller)) !== undefined)
    expect(waits).toEqual([false, false, false, true, false, true])
  })

  it('counts a bounded number of callers, and forgets the least recent first', async () => {
    const rateLimit = createRateLimit(1, 3)
    const isLetIn = async (caller: string) => (await rateLimit(caller)) === undefined
    for (const caller of ['a', 'b', 'c']) expect(await isLetIn(caller)).toBe(true)
    expect(await isLetIn('a')).toBe(false)
    expect(await isLetIn('d')).toBe(true)
    expect([await isLetIn('a'), await isLetIn('c'), await isLetIn('d')]).toEqual([false, false, false])
    expect(await isLetIn('b')).toBe(true)
  })
})
