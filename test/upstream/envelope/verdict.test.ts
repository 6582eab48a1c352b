import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../../src/upstream/failures.js'
import { context, failureOf, json, read, withUpstream, write } from '../../support/with-upstream.js'

/** What becomes of a response of HTTP 200: a code and the outcome of a write, or success. */
type Row = readonly [body: unknown, code: string, outcome: Outcome]

const REJECTED = 'UPSTREAM_REJECTED'
const UNREADABLE = 'UPSTREAM_MALFORMED'
const DOWN = 'UPSTREAM_UNAVAILABLE'

const SUCCESSES: readonly unknown[] = [
  { status: 'success', data: [] },
  { status: 'Success', message: 'Payment links', data: [] },
  { status: 'SUCCESS', data: { id: 7, status: 'closed' } },
  { status: ' ok ', data: [] },
  { status: 'OK', message: 'no failure' },
  { status: 'berhasil', data: [] },
  { status: true, data: [] },
  { status: 'true', data: [] },
  { status: 1, data: [] },
  { status: 200, data: [] },
  { status: '200', data: [] },
  { status: 201, message: 'Updated' },
  { status: null, data: [] },
  { status: '', data: [] },
  { success: true, data: [] },
  { success: 'true', data: [] },
  { success: 'TRUE', data: [] },
  { success: 1, data: [] },
  { success: '1', data: [] },
  { success: null, data: [] },
  { success: true, status: 'diperbarui', data: {} },
  { success: true, errors: [], error: null, data: [] },
  { success: true, error: { code: 0, message: '' }, errors: {}, data: [] },
  { success: true, error: false, data: [] },
  { success: true, response_code: null, data: [] },
  { success: true, code: 105, data: [] },
  { response_code: 'SP000', data: [] },
  { response_code: 'sp000', data: [] },
  { response_code: '00', data: [] },
  { response_code: '000', data: [] },
  { response_code: 0, data: [] },
  { response_code: 200, data: [] },
  { response_code: '200', data: [] },
  { response_code: '2002500', responseMessage: 'Successful', data: [] },
  { responseCode: '2002500', data: [] },
  { code: 200, message: 'OK', data: [] },
  { meta: { code: 200, status: 'success', message: 'OK' }, data: [] },
  { meta: { total: 0, status: 'all', ok: 7 }, data: [] },
  { success: true, meta: [], data: [] },
  { ok: true, data: [] },
  { result: 'success', data: [] },
  { result: { rows: 3 }, ok: 'sure', data: [] },
  { result: 0, data: [] },
  { exception: null, data: [] },
  { data: [] },
  { data: { status: 'error', code: 500, success: false } },
  { data: { id: 7, status: 'expired' }, message: 'Found' },
]

const FAILURES: readonly Row[] = [
  // Words that other PHP frameworks use.
  [{ meta: { code: 500, status: 'error', message: 'Server Error' }, data: [] }, REJECTED, 'lost'],
  [{ meta: { code: 404, message: 'Not found' }, data: [] }, REJECTED, 'lost'],
  [{ meta: { success: false }, data: [] }, REJECTED, 'lost'],
  [{ meta: { error: 'x' }, data: [] }, REJECTED, 'lost'],
  [{ ok: false, data: [] }, REJECTED, 'lost'],
  [{ isSuccess: false, data: [] }, REJECTED, 'lost'],
  [{ result: 'error', data: [] }, REJECTED, 'lost'],
  [{ result: false, data: [] }, REJECTED, 'lost'],
  [{ message: 'Server Error', exception: 'ErrorException', data: [] }, REJECTED, 'lost'],
  [{ success: true, meta: { code: 500, status: 'error' }, data: [] }, UNREADABLE, 'lost'],
  [{ success: true, ok: false, data: [] }, UNREADABLE, 'lost'],
  // The status of the envelope as an HTTP status.
  [{ status: 'error', message: 'Server Error', data: null }, REJECTED, 'lost'],
  [{ status: 'error', message: 'Server Error', data: [] }, REJECTED, 'lost'],
  [{ status: 'Error', data: [] }, REJECTED, 'lost'],
  [{ status: 'fail', data: [] }, REJECTED, 'lost'],
  [{ status: 'failed', message: 'x', errors: { status: ['Status is required'] } }, REJECTED, 'lost'],
  [{ status: 'gagal', data: [] }, REJECTED, 'lost'],
  [{ status: false, data: [] }, REJECTED, 'lost'],
  [{ status: 'false', data: [] }, REJECTED, 'lost'],
  [{ status: 0, data: [] }, REJECTED, 'lost'],
  [{ status: 'suspended', data: [] }, REJECTED, 'lost'],
  [{ status: 'x'.repeat(100_000), data: [] }, REJECTED, 'lost'],
  [{ status: { code: 500 }, data: [] }, REJECTED, 'lost'],
  [{ status: [], data: [] }, REJECTED, 'lost'],
  [{ status: 302, data: [] }, REJECTED, 'lost'],
  [{ status: 7, data: [] }, REJECTED, 'lost'],
  [{ status: 400, data: [] }, REJECTED, 'refused'],
  [{ status: 422, message: 'Validation error', data: null }, REJECTED, 'refused'],
  [{ status: '422', errors: { status: ['x'] } }, REJECTED, 'refused'],
  [{ status: 401, message: 'Unauthenticated.', data: null }, 'UPSTREAM_UNAUTHENTICATED', 'refused'],
  [{ status: 403, message: 'Access denied to this account.', data: [] }, 'FORBIDDEN', 'refused'],
  [{ status: 403, message: 'Your IP is not registered', data: [] }, 'UPSTREAM_UNAUTHENTICATED', 'refused'],
  [{ status: 404, message: 'Not found', data: null }, 'NOT_FOUND', 'refused'],
  [{ status: '404', message: 'Not found', data: [] }, 'NOT_FOUND', 'refused'],
  [{ status: 408, data: [] }, 'UPSTREAM_TIMEOUT', 'lost'],
  [{ status: 429, message: 'Too Many Attempts.', data: [] }, 'RATE_LIMITED', 'refused'],
  [{ status: 500, message: 'Server Error', data: null }, DOWN, 'lost'],
  [{ status: '503', message: 'Maintenance', data: [] }, DOWN, 'lost'],
  [{ status: 4001, data: [] }, REJECTED, 'lost'],
  [{ code: 500, message: 'Server Error', data: [] }, DOWN, 'lost'],
  [{ statusCode: 500, message: 'Server Error', data: [] }, DOWN, 'lost'],
  [{ status_code: '404', data: [] }, 'NOT_FOUND', 'refused'],
  // A plain no; only a code proves that nothing was done.
  [{ success: false }, REJECTED, 'lost'],
  [{ success: 'false', data: [] }, REJECTED, 'lost'],
  [{ success: 0, data: [] }, REJECTED, 'lost'],
  [{ success: '0', data: [] }, REJECTED, 'lost'],
  [{ success: 'perhaps', data: [] }, REJECTED, 'lost'],
  [{ success: [], data: [] }, REJECTED, 'lost'],
  [{ success: false, error: { code: 422 } }, REJECTED, 'refused'],
  [{ success: false, error: { code: 500 } }, DOWN, 'lost'],
  [{ success: false, error: { code: 'SP002' }, status: 400 }, REJECTED, 'lost'],
  [{ success: false, error: { code: 'strange' } }, REJECTED, 'lost'],
  [{ error: 'Something broke', data: [] }, REJECTED, 'lost'],
  [{ error: true, message: 'Something broke', data: [] }, REJECTED, 'lost'],
  [{ error: { message: 'Something broke' }, data: null }, REJECTED, 'lost'],
  [{ errors: ['Something broke'], data: [] }, REJECTED, 'lost'],
  [{ status: 200, error: { code: 404 }, data: null }, 'NOT_FOUND', 'refused'],
  // Codes.
  [{ response_code: 'SP001', data: null }, REJECTED, 'lost'],
  [{ response_code: 'SP002' }, REJECTED, 'lost'],
  [{ response_code: 'SP005' }, 'UPSTREAM_TIMEOUT', 'lost'],
  [{ response_code: 'SP019' }, REJECTED, 'lost'],
  [{ response_code: 'SP012' }, REJECTED, 'refused'],
  [{ response_code: 'SP004' }, REJECTED, 'refused'],
  [{ response_code: 'sp018' }, REJECTED, 'refused'],
  [{ response_code: 'SP099', data: {} }, REJECTED, 'lost'],
  [{ response_code: 'PENDING', data: {} }, REJECTED, 'lost'],
  [{ response_code: 7, data: {} }, REJECTED, 'lost'],
  [{ response_code: {}, data: {} }, REJECTED, 'lost'],
  [{ response_code: 'x'.repeat(100_000), data: {} }, REJECTED, 'lost'],
  [{ response_code: '4042500', data: null }, 'NOT_FOUND', 'refused'],
  [{ responseCode: '5002500', data: null }, DOWN, 'lost'],
  [{ response_code: '500', data: null }, DOWN, 'lost'],
  [{ code: 'SP014', data: null }, 'NOT_FOUND', 'refused'],
  [{ success: true, response_code: 'SP099', data: {} }, REJECTED, 'lost'],
  // Yes and no at once: nobody can tell.
  [{ success: true, status: 500, data: [] }, UNREADABLE, 'lost'],
  [{ success: true, status: 404, data: null }, UNREADABLE, 'lost'],
  [{ success: true, status: 'error', data: [] }, UNREADABLE, 'lost'],
  [{ success: true, error: { code: 404 }, data: null }, UNREADABLE, 'lost'],
  [{ success: true, response_code: 'SP014', data: null }, UNREADABLE, 'lost'],
  [{ success: false, response_code: 'SP000', data: [] }, UNREADABLE, 'lost'],
  [{ success: false, status: 'success', data: [] }, UNREADABLE, 'lost'],
  [{ response_code: 'SP000', status: 401, data: [] }, UNREADABLE, 'lost'],
  // Neither yes nor no. The status of a link is not that of an envelope.
  [{ id: 7, status: 'open' }, UNREADABLE, 'lost'],
  [{ id: 7, status: 'error' }, UNREADABLE, 'lost'],
  [{ message: 'Under maintenance' }, UNREADABLE, 'lost'],
  [{}, UNREADABLE, 'lost'],
]

const text = (body: unknown): string => JSON.stringify(body).slice(0, 100)

describe('a response of HTTP 200', () => {
  it.each(SUCCESSES.map((body) => [text(body), body] as const))(
    'takes HTTP 200 with %s as a success',
    async (_, body) => {
      await withUpstream({ answer: (_call, response) => json(response, 200, body) }, async ({ client }) => {
        expect(await client().send(read(), context())).toEqual(body)
        expect(await client().send(write(), context())).toEqual(body)
      })
    },
  )

  it.each(FAILURES.map(([body, ...rest]) => [text(body), ...rest, body] as const))(
    'takes HTTP 200 with %s as %s, with the outcome %s of a write',
    async (_, code, outcome, body) => {
      await withUpstream({ answer: (_call, response) => json(response, 200, body) }, async ({ client }) => {
        expect(await failureOf(client().send(write(), context()))).toMatchObject({ code, outcome, upstreamStatus: 200 })
        expect(await failureOf(client().send(read(), context()))).toMatchObject({ code })
      })
    },
  )
})

describe('a response of HTTP 4xx or 5xx', () => {
  const v1 = (code: unknown, rest = {}) => ({ status: 400, success: false, error: { code, message: 'no' }, ...rest })
  const rows: readonly (readonly [status: number, body: unknown, code: string, outcome: Outcome])[] = [
    [400, { response_code: 'SP001' }, REJECTED, 'lost'],
    [400, v1('SP001'), REJECTED, 'lost'],
    [400, { response_code: 'SP002' }, REJECTED, 'lost'],
    [400, { response_code: 'SP004' }, REJECTED, 'refused'],
    [400, { response_code: 'SP005' }, 'UPSTREAM_TIMEOUT', 'lost'],
    [400, v1('SP005'), 'UPSTREAM_TIMEOUT', 'lost'],
    [400, { response_code: 'SP012' }, REJECTED, 'refused'],
    [400, { response_code: 'SP099' }, REJECTED, 'lost'],
    [400, { responseCode: '4042500' }, 'NOT_FOUND', 'refused'],
    [400, v1('strange'), REJECTED, 'lost'],
    [400, v1(500), REJECTED, 'lost'],
    [400, v1(400), REJECTED, 'refused'],
    [400, v1(0), REJECTED, 'lost'],
    [400, { message: 'Balance remains' }, REJECTED, 'lost'],
    [400, '', REJECTED, 'lost'],
    [400, { success: true, data: {} }, REJECTED, 'lost'],
    [400, { response_code: 'SP000', data: {} }, REJECTED, 'lost'],
    [400, { status: 'success', data: {} }, REJECTED, 'lost'],
    [422, { success: true, errors: { status: ['x'] } }, REJECTED, 'refused'],
    [404, { response_code: 'SP001' }, 'NOT_FOUND', 'lost'],
    [409, { response_code: 'SP005' }, REJECTED, 'lost'],
    [422, v1('validation_failed', { errors: { status: ['x'] } }), REJECTED, 'refused'],
    [401, { response_code: 'SP013' }, 'UPSTREAM_UNAUTHENTICATED', 'refused'],
    [401, { response_code: 'SP005' }, 'UPSTREAM_UNAUTHENTICATED', 'lost'],
    [404, {}, 'NOT_FOUND', 'refused'],
    [404, '<html>nginx</html>', DOWN, 'refused'],
    [404, '', DOWN, 'refused'],
    [404, [], DOWN, 'refused'],
    [500, { success: true, data: [] }, DOWN, 'lost'],
  ]
  it.each(rows.map(([status, body, ...rest]) => [status, text(body), ...rest, body] as const))(
    'takes HTTP %i with %s as %s, with the outcome %s of a write',
    async (status, _, code, outcome, body) => {
      await withUpstream({ answer: (_call, response) => json(response, status, body) }, async ({ client, calls }) => {
        expect(await failureOf(client().send(write(), context()))).toMatchObject({ code, outcome })
        // A write is sent once more only after its token was refused.
        expect(calls).toHaveLength(status === 401 && outcome === 'refused' ? 2 : 1)
      })
    },
  )
})

describe('a response of HTTP 403', () => {
  const ADDRESS = 'UPSTREAM_UNAUTHENTICATED'
  const rows: readonly (readonly [body: unknown, code: string])[] = [
    [{ message: 'Your IP address (203.0.113.9) is not registered' }, ADDRESS],
    [{ success: false, error: { code: 403, message: 'IP 203.0.113.9 is blocked' } }, ADDRESS],
    [{ message: 'alamat IP 203.0.113.9 tidak terdaftar' }, ADDRESS],
    [{ message: 'Alamat ip anda belum terdaftar' }, ADDRESS],
    [{ message: '203.0.113.9 is not allowed' }, ADDRESS],
    [{ message: 'IPv6 2001:db8::1 denied' }, ADDRESS],
    [{ message: 'client_ip refused' }, ADDRESS],
    [{ message: 'Not on the whitelist' }, ADDRESS],
    [{ error: 'IP banned' }, ADDRESS],
    [{ response_code: 'SP017', response_message: 'Refused' }, ADDRESS],
    [{ response_code: 'SP403', response_message: 'IP refused' }, ADDRESS],
    ['Your IP address is blocked', ADDRESS],
    ['<html><body>Access denied. Your <b>IP</b>: 203.0.113.9</body></html>', ADDRESS],
    ['<html><head><title>403 Forbidden</title></head><center>nginx</center></html>', DOWN],
    ['Forbidden', DOWN],
    ['', DOWN],
    ['[]', DOWN],
    ['null', DOWN],
    ['"no"', DOWN],
    [{ message: 'Access denied to this account.' }, 'FORBIDDEN'],
    [{ message: 'The recipient may not be described: description, zip, ship, tip' }, 'FORBIDDEN'],
    [{ message: '' }, 'FORBIDDEN'],
    [{}, 'FORBIDDEN'],
    [{ success: false, error: { code: 'SP403', message: 'This account needs its own credential' } }, 'FORBIDDEN'],
  ]
  it.each(rows.map(([body, code]) => [text(body), code, body] as const))(
    'takes HTTP 403 with %s as %s, with nothing written',
    async (_, code, body) => {
      await withUpstream(
        {
          answer: (_call, response) => {
            if (typeof body === 'string') response.writeHead(403).end(body)
            else json(response, 403, body)
          },
        },
        async ({ client }) => {
          expect(await failureOf(client().send(write(), context()))).toMatchObject({ code, outcome: 'refused' })
        },
      )
    },
  )

  it('reads only the beginning of a message of megabytes', async () => {
    const words = `${'1'.repeat(1000)} ${'ip address '.repeat(400_000)}`
    await withUpstream({ answer: (_, response) => json(response, 403, { message: words }) }, async ({ client }) => {
      const failure = await failureOf(client().send(write(), context()))
      expect(failure).toMatchObject({ code: 'FORBIDDEN' })
      expect((failure as { upstreamMessage: string }).upstreamMessage.length).toBeLessThanOrEqual(1000)
    })
  })

  it('keeps 200 of thousands of field messages', async () => {
    const errors = Object.fromEntries(Array.from({ length: 3000 }, (_, nth) => [`f${nth}`, ['x'.repeat(1500)]]))
    await withUpstream({ answer: (_, response) => json(response, 422, { errors }) }, async ({ client }) => {
      const { fieldMessages } = (await failureOf(client().send(write(), context()))) as {
        fieldMessages: ReadonlyMap<string, readonly string[]>
      }
      expect(fieldMessages.size).toBe(200)
      expect(fieldMessages.get('f0')?.[0]).toHaveLength(1000)
    })
  })
})
