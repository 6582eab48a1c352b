import { describe, expect, it } from 'vitest'
import { ERROR_TABLE } from '../../../src/kernel/errors.js'
import { UpstreamFailure } from '../../../src/upstream/failures.js'
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

/** Each row: HTTP status, body (text goes out as it is), expected code, expected outcome of a write. */
type Row = readonly [name: string, status: number, body: unknown, code: string, outcome: 'refused' | 'lost']

const v1 = (code: unknown, message: string, extra = {}) => ({
  status: 400,
  success: false,
  error: { code, message, ...extra },
})
const v2 = (response_code: string, extra = {}) => ({ response_code, response_message: 'Refused', ...extra })
const NO_ADDRESS = 'Your IP address (203.0.113.9) is not registered'

const ROWS: readonly Row[] = [
  ['401 in the v1 shape', 401, v1(401, 'Unauthorized partner, please sign in'), 'UPSTREAM_UNAUTHENTICATED', 'refused'],
  ['401 with an empty body', 401, '', 'UPSTREAM_UNAUTHENTICATED', 'refused'],
  ['400 with SP013', 400, v2('SP013'), 'UPSTREAM_UNAUTHENTICATED', 'refused'],
  ['200 with SP013', 200, v2('SP013'), 'UPSTREAM_UNAUTHENTICATED', 'refused'],
  ['200 with error code 401', 200, v1(401, 'no'), 'UPSTREAM_UNAUTHENTICATED', 'refused'],
  [
    '403 of an unknown address',
    403,
    { status: 403, success: false, message: NO_ADDRESS },
    'UPSTREAM_UNAUTHENTICATED',
    'refused',
  ],
  ['403 of an unknown address, v1', 403, v1(403, NO_ADDRESS), 'UPSTREAM_UNAUTHENTICATED', 'refused'],
  ['403 with SP017', 403, v2('SP017'), 'UPSTREAM_UNAUTHENTICATED', 'refused'],
  ['200 with SP017', 200, v2('SP017'), 'UPSTREAM_UNAUTHENTICATED', 'refused'],
  ['403 without a code', 403, v1(undefined, 'Access denied to this account.'), 'FORBIDDEN', 'refused'],
  ['403 with SP403', 403, v2('SP403'), 'FORBIDDEN', 'refused'],
  ['403 in HTML', 403, '<html>Forbidden</html>', 'UPSTREAM_UNAVAILABLE', 'refused'],
  ['200 with SP015', 200, v2('SP015'), 'FORBIDDEN', 'refused'],
  ['200 with error code 403', 200, v1(403, 'no'), 'FORBIDDEN', 'refused'],
  ['404 in the v1 shape', 404, v1(404, 'Account not found.'), 'NOT_FOUND', 'refused'],
  ['404 in the framework shape', 404, { message: 'The route api/x could not be found.' }, 'NOT_FOUND', 'refused'],
  ['400 with SP014', 400, v2('SP014'), 'NOT_FOUND', 'refused'],
  ['200 with SP014', 200, v2('SP014'), 'NOT_FOUND', 'refused'],
  ['200 with error code "404"', 200, v1('404', 'gone'), 'NOT_FOUND', 'refused'],
  ['408', 408, '', 'UPSTREAM_TIMEOUT', 'lost'],
  ['429', 429, { message: 'Too Many Attempts.' }, 'RATE_LIMITED', 'refused'],
  ['200 with error code 429', 200, v1(429, 'slow down'), 'RATE_LIMITED', 'refused'],
  ['500 in JSON', 500, { message: 'Server Error' }, 'UPSTREAM_UNAVAILABLE', 'lost'],
  ['500 in HTML', 500, '<!doctype html><h1>Whoops</h1>', 'UPSTREAM_UNAVAILABLE', 'lost'],
  ['500 with SP014', 500, v2('SP014'), 'UPSTREAM_UNAVAILABLE', 'lost'],
  ['502 with an empty body', 502, '', 'UPSTREAM_UNAVAILABLE', 'lost'],
  ['503', 503, 'Service Unavailable', 'UPSTREAM_UNAVAILABLE', 'lost'],
  ['400 without a code', 400, v1(undefined, 'Balance remains'), 'UPSTREAM_REJECTED', 'lost'],
  ['400 with SP012', 400, v2('SP012'), 'UPSTREAM_REJECTED', 'refused'],
  ['400 with error code 404', 400, v1(404, 'x'), 'UPSTREAM_REJECTED', 'refused'],
  ['405 as text', 405, 'Method Not Allowed', 'UPSTREAM_REJECTED', 'lost'],
  ['409', 409, v1(409, 'Conflict'), 'UPSTREAM_REJECTED', 'refused'],
  ['422', 422, v1(422, 'Validation error'), 'UPSTREAM_REJECTED', 'refused'],
  ['200 with success false', 200, v1(undefined, 'no'), 'UPSTREAM_REJECTED', 'refused'],
  ['200 with success false and 422', 200, v1(422, 'no'), 'UPSTREAM_REJECTED', 'refused'],
  ['200 with SP001', 200, v2('SP001'), 'UPSTREAM_REJECTED', 'lost'],
  ['200 with success true and SP018', 200, { success: true, ...v2('SP018') }, 'UPSTREAM_MALFORMED', 'lost'],
  ['200 with SP002, a failure of the server', 200, v2('SP002'), 'UPSTREAM_REJECTED', 'lost'],
  ['200 with SP005, a timeout of the server', 200, v2('SP005'), 'UPSTREAM_TIMEOUT', 'lost'],
  ['200 with an empty body', 200, '', 'UPSTREAM_MALFORMED', 'lost'],
  ['204', 204, '', 'UPSTREAM_MALFORMED', 'lost'],
  ['200 in HTML', 200, '<html>login</html>', 'UPSTREAM_MALFORMED', 'lost'],
  ['200 cut short', 200, '{"status":200,"success":true,"data":{"id":1', 'UPSTREAM_MALFORMED', 'lost'],
  ['200 with a list', 200, [], 'UPSTREAM_MALFORMED', 'lost'],
  ['200 with null', 200, 'null', 'UPSTREAM_MALFORMED', 'lost'],
  ['200 with a number', 200, '7', 'UPSTREAM_MALFORMED', 'lost'],
  ['200 without a word about success', 200, { message: 'Under maintenance' }, 'UPSTREAM_MALFORMED', 'lost'],
  [
    '200 with more values than are read',
    200,
    { success: true, data: Array(600_001).fill(1) },
    'UPSTREAM_MALFORMED',
    'lost',
  ],
  ['302', 302, '', 'UPSTREAM_MALFORMED', 'lost'],
  ['304', 304, '', 'UPSTREAM_MALFORMED', 'lost'],
]

describe.each(ROWS)('a response of %s', (_name, status, body, code, outcome) => {
  const answer: Answering = (_, response) => {
    if (typeof body !== 'string') return json(response, status, body)
    response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end(body)
  }

  it(`fails a write with ${code}, outcome ${outcome}`, async () => {
    await withUpstream({ answer }, async ({ client, calls, tokenCalls }) => {
      const failure = await failureOf(client().send(write(), context()))
      expect(failure).toBeInstanceOf(UpstreamFailure)
      expect(failure).toMatchObject({ code, outcome, upstreamStatus: status })
      const isToken = code === 'UPSTREAM_UNAUTHENTICATED' && !/address|SP017/.test(_name)
      expect([calls.length, tokenCalls.length]).toEqual(isToken ? [2, 2] : [1, 1])
    })
  })

  it('retries a read only if its failure may pass', async () => {
    await withUpstream({ answer }, async ({ client, calls }) => {
      expect(await failureOf(client().send(read(), context()))).toMatchObject({ code })
      const isToken = code === 'UPSTREAM_UNAUTHENTICATED' && !/address|SP017/.test(_name)
      const isRetryable = code in ERROR_TABLE && ERROR_TABLE[code as keyof typeof ERROR_TABLE].retryable
      expect(calls).toHaveLength(isRetryable ? 3 : isToken ? 2 : 1)
    })
  })
})

describe('the messages of the upstream', () => {
  const places = {
    'error.errors': {
      success: false,
      error: { code: 422, errors: { status: ['Status is required'], max_usage: 'Too small' } },
    },
    'error.fields': { success: false, error: { fields: { status: 'Status is required', max_usage: ['Too small'] } } },
    'data.errors': {
      response_code: 'SP018',
      data: { errors: { status: ['Status is required'], max_usage: ['Too small'] } },
    },
    errors: { message: 'Invalid', errors: { status: ['Status is required'], max_usage: ['Too small', 7] } },
  }
  it.each(Object.entries(places))('finds field messages in %s', async (_, body) => {
    await withUpstream({ answer: (_call, response) => json(response, 422, body) }, async ({ client }) => {
      const failure = await failureOf(client().send(write(), context()))
      if (!(failure instanceof UpstreamFailure)) throw new Error('Expected an upstream failure.')
      expect(failure.fieldMessages).toEqual(
        new Map([
          ['status', ['Status is required']],
          ['max_usage', ['Too small']],
        ]),
      )
    })
  })

  it.each([
    ['v1', v1(409, 'secret words')],
    ['v2', { response_code: 'SP004', response_message: 'secret words' }],
    ['framework', { message: 'secret words' }],
  ])('reads the message of the %s envelope but never prints it', async (_, body) => {
    await withUpstream({ answer: (_call, response) => json(response, 409, body) }, async ({ client, log }) => {
      const failure = await failureOf(client().send(write(), context()))
      if (!(failure instanceof UpstreamFailure)) throw new Error('Expected an upstream failure.')
      expect(failure.upstreamMessage).toBe('secret words')
      const shown = [failure.message, failure.stack, JSON.stringify({ ...failure }), JSON.stringify(log)]
      for (const text of shown) expect(text).not.toContain('secret words')
    })
  })

  it('reads __proto__ as an ordinary field name', async () => {
    const body = '{"success":false,"error":{"errors":{"__proto__":["x"]}}}'
    await withUpstream({ answer: (_, response) => void response.writeHead(422).end(body) }, async ({ client }) => {
      const failure = await failureOf(client().send(write(), context()))
      if (!(failure instanceof UpstreamFailure)) throw new Error('Expected an upstream failure.')
      expect(failure.fieldMessages.get('__proto__')).toEqual(['x'])
      expect(Object.getPrototypeOf({})).toBe(Object.prototype)
    })
  })
})

describe('Retry-After', () => {
  const inAMinute = () => new Date(Date.now() + 60_000).toUTCString()
  /** `Sun, 06 Nov 1994 08:49:37 GMT` in its words: the two older forms are made of them. */
  const wordsOf = (ms: number) => new Date(ms).toUTCString().replace(',', '').split(' ')
  const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
  const rfc850 = (ms: number) => {
    const [, day, month, year, time] = wordsOf(ms)
    return `${DAYS[new Date(ms).getUTCDay()]}, ${day}-${month}-${year?.slice(2)} ${time} GMT`
  }
  const asctime = (ms: number) => {
    const [weekday, day, month, year, time] = wordsOf(ms)
    return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`
  }
  it.each([
    ['seconds', () => '120', 120_000, 120_000],
    ['a date', inAMinute, 55_000, 61_000],
    ['a date gone by', () => 'Wed, 21 Oct 2015 07:28:00 GMT', 0, 0],
    ['a date of RFC 850', () => rfc850(Date.now() + 60_000), 55_000, 61_000],
    ['a date of RFC 850 gone by', () => 'Sunday, 06-Nov-94 08:49:37 GMT', 0, 0],
    ['a date of asctime', () => asctime(Date.now() + 60_000), 55_000, 61_000],
    ['a date of asctime gone by', () => 'Sun Nov  6 08:49:37 1994', 0, 0],
    ['a date in a year', () => 'Fri, 31 Dec 9999 23:59:59 GMT', 86_400_000, 86_400_000],
    ['a number of seconds beyond any date', () => '99999999999999', 86_400_000, 86_400_000],
  ])('reads Retry-After as %s', async (_, header, atLeast, atMost) => {
    const answer: Answering = (_call, response) => json(response, 429, {}, { 'retry-after': header() })
    await withUpstream({ answer }, async ({ client }) => {
      const failure = await failureOf(client().send(write(), context()))
      const { retryAfterMs } = failure as { retryAfterMs: number }
      expect(retryAfterMs).toBeGreaterThanOrEqual(atLeast)
      expect(retryAfterMs).toBeLessThanOrEqual(atMost)
    })
  })

  it.each([
    'soon',
    '-5',
    '1.5',
    '',
    '1994-11-06',
    'Sun, 06 Nov 1994 25:99:99 GMT',
    'Sun, 06 Foo 1994 08:49:37 GMT',
    'Sunday, 06-Nov-94 08:49:37 CET',
    '1'.repeat(65),
  ])('ignores a Retry-After of "%s"', async (header) => {
    await withUpstream(
      { answer: (_, response) => json(response, 429, {}, { 'retry-after': header }) },
      async ({ client }) => {
        expect(await failureOf(client().send(write(), context()))).toMatchObject({ retryAfterMs: undefined })
      },
    )
  })
})

describe('a successful response', () => {
  it.each([
    ['v1', { status: 200, success: true, data: { id: 7 } }],
    ['v2', { response_code: 'SP000', response_message: 'Successful', data: { id: 7 } }],
    ['both at once', { success: true, response_code: 'SP000', data: { id: 7 }, meta: {} }],
  ])('accepts a successful response in the %s envelope', async (_, body) => {
    await withUpstream({ answer: (_call, response) => json(response, 200, body) }, async ({ client }) => {
      expect(await client().send(read(), context())).toEqual(body)
    })
  })

  it('accepts status 201 and a byte order mark', async () => {
    const body = '\ufeff{"success":true,"data":1}'
    await withUpstream({ answer: (_, response) => void response.writeHead(201).end(body) }, async ({ client }) => {
      expect(await client().send(read(), context())).toEqual({ success: true, data: 1 })
    })
  })

  it('calls a response malformed unless it is UTF-8', async () => {
    const body = Buffer.from('{"success":true,"data":"caf\u00e9"}', 'latin1')
    await withUpstream({ answer: (_, response) => void response.end(body) }, async ({ client }) => {
      expect(await failureOf(client().send(read(), context()))).toMatchObject({ code: 'UPSTREAM_MALFORMED' })
    })
  })

  it('keeps every digit of a number', async () => {
    const body = '{"success":true,"data":{"id":9007199254740993,"max_usage":5,"amount":0.1}}'
    await withUpstream({ answer: (_, response) => void response.end(body) }, async ({ client }) => {
      const { data } = (await client().send(read(), context())) as { data: Record<string, unknown> }
      expect(String(data['id'])).toBe('9007199254740993')
      expect(data).toMatchObject({ max_usage: 5, amount: 0.1 })
    })
  })

  it('gives all callers who share a response the same object', async () => {
    await withUpstream({ answer: (_, response) => success(response) }, async ({ client }) => {
      const upstream = client()
      const [one, two] = await Promise.all([upstream.send(read(), context()), upstream.send(read(), context())])
      expect(one).toBe(two)
    })
  })
})
