import { describe, expect, it } from 'vitest'
import { anonymousPrincipal, type Principal } from '../../../src/kernel/principal.js'
import type { CallContext } from '../../../src/upstream/request.js'
import {
  type Answering,
  context,
  failureOf,
  json,
  read,
  success,
  withUpstream,
  write,
} from '../../support/with-upstream.js'

function own(name: string): Principal {
  const headers = () => ({ authorization: `Bearer ${name}`, 'x-partner-id': `partner-${name}` })
  return { ...context().principal, credential: name, upstream: { kind: 'caller', headers } }
}

const as = (principal: Principal): CallContext => ({ ...context(), principal })

describe("a caller's own credentials", () => {
  it("sends a caller's own credentials without a token call", async () => {
    await withUpstream({ answer: (_, response) => success(response) }, async ({ client, calls, tokenCalls }) => {
      const upstream = client({ credentials: undefined })
      await upstream.send(read(), as(own('a')))
      await upstream.send(write(), as(own('b')))
      expect(calls.map(({ method, headers }) => [method, headers.authorization, headers['x-partner-id']])).toEqual([
        ['GET', 'Bearer a', 'partner-a'],
        ['PUT', 'Bearer b', 'partner-b'],
      ])
      expect(tokenCalls).toHaveLength(0)
    })
  })

  it('fails a call whose own credentials are refused: nothing is renewed, retried or tried with others', async () => {
    const answer: Answering = (_, response) => json(response, 401, { success: false })
    await withUpstream({ answer }, async ({ client, calls, tokenCalls }) => {
      for (const request of [read(), write()]) {
        const failure = await failureOf(client().send(request, as(own('a'))))
        expect(failure).toMatchObject({ code: 'UNAUTHENTICATED', outcome: 'refused', upstreamStatus: 401 })
      }
      expect([calls.length, tokenCalls.length]).toEqual([2, 0])
    })
  })

  it('shares no call, cached response or read in flight between credentials', async () => {
    const answer: Answering = ({ headers }, response) => success(response, { of: headers.authorization })
    await withUpstream({ answer }, async ({ client, calls }) => {
      const upstream = client({ cacheTtlMs: 60_000 })
      const names = ['a', 'b', 'a', 'c', 'b']
      for (let round = 0; round < 2; round += 1) {
        const bodies = await Promise.all(names.map((name) => upstream.send(read(), as(own(name)))))
        expect(bodies.map((body) => (body as { data: { of: string } }).data.of)).toEqual(
          names.map((name) => `Bearer ${name}`),
        )
      }
      expect(calls).toHaveLength(3)
    })
  })
})

describe('a caller without credentials', () => {
  it('makes no call for an anonymous caller, or without credentials of its own', async () => {
    await withUpstream({ answer: (_, response) => success(response) }, async ({ client, calls, tokenCalls }) => {
      await failureOf(client().send(read(), as(anonymousPrincipal)))
      await failureOf(client({ credentials: undefined }).send(read(), context()))
      expect([calls.length, tokenCalls.length]).toEqual([0, 0])
    })
  })
})
