import { describe, expect, it } from 'vitest'
import {
  type Answering,
  answerToken,
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

const answer: Answering = (_, response) => success(response)

/** Accepts only tokens that are good right now. */
function guarded(isGood: (token: string) => boolean): Answering {
  return (call, response) => {
    const token = String(call.headers.authorization).replace('Bearer ', '')
    if (isGood(token)) return success(response, { token })
    json(response, 401, { status: 401, success: false, error: { code: 401, message: 'Unauthenticated' } })
  }
}

function tokenFor(expiresIn: unknown): Answering {
  return (_, response, nth) =>
    success(response, { access_token: `token-${nth}`, token_type: 'Bearer', expires_in: expiresIn })
}

// Computed with OpenSSL: printf 'client-id_client-secret_20251110' | openssl dgst -sha512 -hmac client-secret
const SIGNATURES = {
  '20251110':
    'be4aca9e13c5e5d006f781ad3f366f6db542b24f033f099f2db68ae7c8571d2fa324acbe0441e6d030bd83c3a0f45d56aa4737a720afa6e41f4c988ccdacb798',
  '20251111':
    '0eb5e808caeb6bea37a511376557e3f745a0eaf915345a5cf8811335d9cb95fa4a874298f79c46f3e3fd2bf2574e5fb8fc57c902e1aae8a2fccbfd859c24c0ec',
  '20251231':
    '4b73287161b0769cdb65047d5e95da4a256ce507bd80f879831bd2152d976b51302876e3fbf25e79eaa5e8eaf22b429a1c804afb97aef1afef1d8e49b28592d7',
  '20260101':
    '55ca7f5d70b1c0b99df24e1fd59f30ef256b95fa9fba5b61c42bea638d9e069653c77d856ba5db2c9bbd14c3d4a9accb6cdbce011dfc5d97cabf53da54322a4d',
}

describe('the token call, version 1.1', () => {
  it.each([
    ['2025-11-10T12:00:00+07:00', '20251110'],
    ['2025-11-10T23:59:00+07:00', '20251110'],
    ['2025-11-11T00:00:00+07:00', '20251111'],
    ['2025-11-11T06:59:00+07:00', '20251111'],
    ['2025-12-31T23:59:00+07:00', '20251231'],
    ['2026-01-01T00:30:00+07:00', '20260101'],
  ] as const)('signs a token call at %s for %s', async (moment, day) => {
    await withUpstream({ answer }, async ({ client, tokenCalls }) => {
      await client({ clock: new MovedClock(Date.parse(moment)) }).send(read(), context())
      expect(tokenCalls).toHaveLength(1)
      expect(tokenCalls[0]).toMatchObject({
        method: 'POST',
        path: '/api/v1.1/access-token/b2b',
        body: '{"grant_type":"client_credentials"}',
      })
      expect(tokenCalls[0]?.headers).toMatchObject({
        'x-partner-id': 'partner-key',
        'x-client-id': 'client-id',
        'x-signature': SIGNATURES[day],
        accept: 'application/json',
        'content-type': 'application/json',
      })
      expect(tokenCalls[0]?.headers).not.toHaveProperty('authorization')
    })
  })
})

describe('the token call, version 1.0', () => {
  it('authenticates with Basic in version 1.0', async () => {
    await withUpstream({ answer }, async ({ client, tokenCalls }) => {
      await client({ tokenVersion: '1.0' }).send(read(), context())
      expect(tokenCalls[0]).toMatchObject({
        path: '/api/v1.0/access-token/b2b',
        body: '{"grant_type":"client_credentials"}',
      })
      // printf 'client-id:client-secret' | base64
      expect(tokenCalls[0]?.headers).toMatchObject({
        authorization: 'Basic Y2xpZW50LWlkOmNsaWVudC1zZWNyZXQ=',
        'x-partner-id': 'partner-key',
      })
      expect(tokenCalls[0]?.headers).not.toHaveProperty('x-signature')
    })
  })
})

describe('the life of a token', () => {
  const HOUR_MS = 3_600_000
  it.each([
    ['"216000", sixty hours', '216000', 59 * HOUR_MS, 60 * HOUR_MS + 1],
    ['3600', 3600, 0.98 * HOUR_MS, HOUR_MS + 1],
    ['a year, taken for sixty hours', 31_536_000, 59 * HOUR_MS, 60 * HOUR_MS + 1],
    ['nothing, taken for a minute', undefined, 50_000, 60_001],
    ['"soon", taken for a minute', 'soon', 50_000, 60_001],
    ['0, taken for a minute', 0, 50_000, 60_001],
    ['-5, taken for a minute', -5, 50_000, 60_001],
  ])('uses a token for the life it states: %s', async (_, expiresIn, stillGoodMs, overMs) => {
    await withUpstream({ answer, token: tokenFor(expiresIn) }, async ({ client, tokenCalls }) => {
      const clock = new MovedClock()
      const upstream = client({ clock })
      await upstream.send(read(), context())
      clock.move(stillGoodMs)
      await upstream.send(read(), context())
      expect(tokenCalls).toHaveLength(1)
      clock.move(overMs - stillGoodMs)
      await upstream.send(read(), context())
      expect(tokenCalls).toHaveLength(2)
    })
  })

  it('renews a token in the background near its end, and nobody waits for the new one', async () => {
    const slow = gate()
    const token: Answering = async (call, response, nth) => {
      if (nth > 1) await slow.opened
      await answerToken(call, response, nth)
    }
    await withUpstream({ answer, token }, async ({ client, calls, tokenCalls }) => {
      const clock = new MovedClock()
      const upstream = client({ clock })
      await upstream.send(read(), context())
      clock.move(HOUR_MS - 30_000)
      await Promise.all(Array.from({ length: 20 }, () => upstream.send(read({ freshness: 'fresh' }), context())))
      expect(calls.every(({ headers }) => headers.authorization === 'Bearer token-1')).toBe(true)
      expect(tokenCalls).toHaveLength(2)
      slow.open()
      await until(async () => {
        await upstream.send(read(), context())
        return calls.at(-1)?.headers.authorization === 'Bearer token-2'
      })
    })
  })

  it('uses a token to its end when an early renewal fails', async () => {
    const token: Answering = (call, response, nth) =>
      nth === 1 ? answerToken(call, response, nth) : json(response, 503, {})
    await withUpstream({ answer, token }, async ({ client, tokenCalls }) => {
      const clock = new MovedClock()
      const upstream = client({ clock })
      await upstream.send(read(), context())
      clock.move(HOUR_MS - 30_000)
      for (let nth = 0; nth < 10; nth += 1) await upstream.send(read(), context())
      await until(() => tokenCalls.length === 2)
      for (let nth = 0; nth < 10; nth += 1) await upstream.send(read(), context())
      expect(tokenCalls).toHaveLength(2)
      clock.move(31_000)
      expect(await failureOf(upstream.send(write(), context()))).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' })
    })
  })
})

describe('many callers', () => {
  it('makes one token call for many calls whose token has expired', async () => {
    await withUpstream({ answer }, async ({ client, calls, tokenCalls }) => {
      const clock = new MovedClock()
      const upstream = client({ clock, maxConcurrency: 100 })
      await upstream.send(read(), context())
      clock.move(3_601_000)
      const reads = Array.from({ length: 100 }, (_, id) => upstream.send(read({ path: ['links', `${id}`] }), context()))
      await Promise.all(reads)
      expect([calls.length, tokenCalls.length]).toEqual([101, 2])
    })
  })

  it('renews a token once when many calls are refused with it, and all succeed', async () => {
    let revoked = ''
    const guard = guarded((token) => token !== revoked)
    await withUpstream({ answer: guard }, async ({ client, tokenCalls }) => {
      const upstream = client()
      await upstream.send(read(), context())
      revoked = 'token-1'
      const reads = Array.from({ length: 60 }, (_, id) => upstream.send(read({ path: ['links', `${id}`] }), context()))
      for (const body of await Promise.all(reads)) expect(body).toMatchObject({ data: { token: 'token-2' } })
      expect(tokenCalls).toHaveLength(2)
    })
  })

  it('does not drop the new token when a call is refused late with the old one', async () => {
    const late = gate()
    let isRevoked = false
    const guard = guarded((token) => !isRevoked || token !== 'token-1')
    const answer: Answering = async (call, response, nth) => {
      if (call.path.endsWith('/late') && call.headers.authorization === 'Bearer token-1') await late.opened
      await guard(call, response, nth)
    }
    await withUpstream({ answer }, async ({ client, calls, tokenCalls }) => {
      const upstream = client()
      const slow = upstream.send(read({ path: ['late'] }), context())
      await until(() => calls.length === 1)
      isRevoked = true
      await upstream.send(read({ path: ['early'] }), context())
      late.open()
      expect(await slow).toMatchObject({ data: { token: 'token-2' } })
      expect(tokenCalls).toHaveLength(2)
    })
  })

  it('shares a token call that outlives the caller who started it', async () => {
    const slow = gate()
    const token: Answering = async (call, response, nth) => {
      await slow.opened
      await answerToken(call, response, nth)
    }
    await withUpstream({ answer, token }, async ({ client, tokenCalls }) => {
      const upstream = client()
      const first = context()
      const left = failureOf(upstream.send(read({ path: ['a'] }), first))
      await until(() => tokenCalls.length === 1)
      const second = upstream.send(read({ path: ['b'] }), context())
      first.leave()
      expect(await left).toMatchObject({ code: 'REQUEST_TIMEOUT' })
      slow.open()
      await second
      expect(tokenCalls).toHaveLength(1)
    })
  })

  it('uses one token for each credential', async () => {
    await withUpstream({ answer }, async ({ client, calls, tokenCalls }) => {
      const upstream = client()
      await Promise.all(['one', 'two'].map((credential) => upstream.send(read(), context(5000, credential))))
      expect(tokenCalls).toHaveLength(2)
      expect(new Set(calls.map(({ headers }) => headers.authorization)).size).toBe(2)
    })
  })
})

describe('a refused token', () => {
  it('renews a refused token once and sends the write once more', async () => {
    await withUpstream({ answer: guarded((token) => token !== 'token-1') }, async ({ client, calls, tokenCalls }) => {
      await client().send(write(), context())
      expect(calls.map(({ method, headers }) => [method, headers.authorization])).toEqual([
        ['PUT', 'Bearer token-1'],
        ['PUT', 'Bearer token-2'],
      ])
      expect(tokenCalls).toHaveLength(2)
    })
  })

  it('fails a call whose renewed token is refused as well', async () => {
    await withUpstream({ answer: guarded(() => false) }, async ({ client, calls, tokenCalls }) => {
      const failure = await failureOf(client().send(write(), context()))
      expect(failure).toMatchObject({ code: 'UPSTREAM_UNAUTHENTICATED', outcome: 'refused', upstreamStatus: 401 })
      expect([calls.length, tokenCalls.length]).toEqual([2, 2])
    })
  })
})

describe('a token route', () => {
  const rows = [
    ['401', 401, 'UPSTREAM_UNAUTHENTICATED'],
    ['403', 403, 'UPSTREAM_UNAUTHENTICATED'],
    ['422', 422, 'UPSTREAM_UNAUTHENTICATED'],
    ['404', 404, 'UPSTREAM_UNAUTHENTICATED'],
    ['429', 429, 'RATE_LIMITED'],
    ['500', 500, 'UPSTREAM_UNAVAILABLE'],
    ['302', 302, 'UPSTREAM_MALFORMED'],
  ] as const
  it.each(rows)('leaves a write unsent when the token route responds with %s', async (_, status, code) => {
    const token: Answering = (_call, response) => json(response, status, { message: 'no' }, { location: '/x' })
    await withUpstream({ answer, token }, async ({ client, calls, tokenCalls }) => {
      const failure = await failureOf(client().send(write(), context()))
      expect(failure).toMatchObject({ code, outcome: 'not-sent', upstreamStatus: status })
      expect([calls.length, tokenCalls.length]).toEqual([0, 1])
    })
  })

  it.each([
    ['bare', { access_token: 'token-1', token_type: 'Bearer', expires_in: 3600 }],
    ['bare, beside a word of success', { status: 'approved', access_token: 'token-1', expires_in: '3600' }],
    ['bare, in an envelope', { status: 200, success: true, access_token: 'token-1', expires_in: '3600' }],
    ['in a list of one', { success: true, data: [{ access_token: 'token-1', expires_in: '3600' }] }],
    ['in a bare list of one', [{ access_token: 'token-1', expires_in: 3600 }]],
    ['in data without a word of success', { data: { access_token: 'token-1', expires_in: 3600 } }],
    ['in the v2 shape', { response_code: 'SP000', data: { access_token: 'token-1', expires_in: 3600 } }],
  ])('accepts a token %s', async (_, body) => {
    const token: Answering = (_call, response) => json(response, 200, body)
    await withUpstream({ answer, token }, async ({ client, calls, tokenCalls }) => {
      const clock = new MovedClock()
      const upstream = client({ clock })
      await upstream.send(read(), context())
      clock.move(3_000_000)
      await upstream.send(read(), context())
      expect(calls.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-1'])
      expect(tokenCalls).toHaveLength(1)
    })
  })

  it.each([
    ['a token beside an error', { error: 'invalid_client', access_token: 'token-1' }, 'UPSTREAM_UNAUTHENTICATED'],
    ['a token beside success: false', { success: false, access_token: 'token-1' }, 'UPSTREAM_UNAUTHENTICATED'],
    ['two tokens', [{ access_token: 'token-1' }, { access_token: 'token-2' }], 'UPSTREAM_MALFORMED'],
  ])('accepts no token from a response with %s', async (_, body, code) => {
    const token: Answering = (_call, response) => json(response, 200, body)
    await withUpstream({ answer, token }, async ({ client, calls }) => {
      expect(await failureOf(client().send(write(), context()))).toMatchObject({ code, outcome: 'not-sent' })
      expect(calls).toHaveLength(0)
    })
  })

  it.each([{}, { access_token: '' }, { access_token: 7 }, { access_token: 'two\nlines' }, null])(
    'calls a token response malformed when its data is %j',
    async (data) => {
      const token: Answering = (_, response) => success(response, data)
      await withUpstream({ answer, token }, async ({ client, calls }) => {
        const failure = await failureOf(client().send(write(), context()))
        expect(failure).toMatchObject({ code: 'UPSTREAM_MALFORMED', outcome: 'not-sent' })
        expect(calls).toHaveLength(0)
      })
    },
  )

  it('times out when the token route hangs, and leaves the write unsent', async () => {
    await withUpstream({ answer, token: () => undefined }, async ({ client, calls }) => {
      const failure = await failureOf(client({ attemptTimeoutMs: 60 }).send(write(), context()))
      expect(failure).toMatchObject({ code: 'UPSTREAM_TIMEOUT', outcome: 'not-sent' })
      expect(calls).toHaveLength(0)
    })
  })

  it('fails when the token route breaks the connection, and leaves the write unsent', async () => {
    const token: Answering = (_, response) => void response.socket?.resetAndDestroy()
    await withUpstream({ answer, token }, async ({ client }) => {
      const failure = await failureOf(client().send(write(), context()))
      expect(failure).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', outcome: 'not-sent' })
    })
  })

  it('retries a read once the token route recovers', async () => {
    const token: Answering = (call, response, nth) =>
      nth === 1 ? json(response, 503, {}) : answerToken(call, response, nth)
    await withUpstream({ answer, token }, async ({ client, tokenCalls }) => {
      await client().send(read(), context())
      expect(tokenCalls).toHaveLength(2)
    })
  })
})
