import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { USER_ERRORS_MAX } from '../../../src/resources/payment-link/payment-link.cost.js'
import { json } from '../../support/with-upstream.js'
import { updateOver } from './scripted-upstream.js'
import { type Changes, codeOf, payloadOf } from './updating.js'

/** The four shapes of a 422 that were seen: fact sheet, section 7. */
const BODIES: Readonly<Record<string, (errors: object) => object>> = {
  'error.errors': (errors) => ({
    status: 422,
    success: false,
    error: { code: 422, message: 'Validation error', errors },
  }),
  'error.fields': (fields) => ({ status: 422, success: false, error: { code: 'validation_failed', fields } }),
  'data.errors': (errors) => ({ response_code: 'SP018', response_message: 'Validation error', data: { errors } }),
  errors: (errors) => ({ message: 'The given data was invalid.', errors }),
}

const refusing =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void =>
    json(response, status, body, headers)

const METHODS: Changes = { whitelistedPaymentMethod: ['QRIS', 'VA_BRI'] }

describe("the upstream's 422", () => {
  const CASES = Object.keys(BODIES).flatMap((place) => [
    [place, 'in a list', ['The max usage field must be an integer.']] as const,
    [place, 'alone', 'The max usage field must be an integer.'] as const,
  ])

  it.each(CASES)('translates a 422 with messages in %s, %s, into our field names', async (place, _, message) => {
    const body = BODIES[place]?.({ max_usage: message })
    const { response, puts } = await updateOver({ put: refusing(422, body) }, { maxUsage: 12 })
    const payload = payloadOf(response)
    expect(payload.userErrors).toEqual([
      { code: 'INVALID', field: ['maxUsage'], message: 'The maxUsage field must be an integer.' },
    ])
    expect(payload.paymentLink).toMatchObject({ id: '7', maxUsage: 10 })
    expect(puts).toHaveLength(1)
  })

  it.each([
    ['status', 'Status is required', { code: 'INVALID', field: ['status'] }],
    [
      'max_usage',
      'The max usage field must not be less than the current usage.',
      { code: 'BELOW_CURRENT_USAGE', field: ['maxUsage'] },
    ],
    ['required_customer_detail', 'x must be true or false.', { code: 'INVALID', field: ['requiredCustomerDetail'] }],
    ['expired_at', 'The expired at field must be in the future.', { code: 'INVALID', field: ['expiredAt'] }],
    [
      'whitelisted_payment_method.1',
      'The selected whitelisted_payment_method.1 is invalid.',
      { code: 'UNKNOWN_PAYMENT_METHOD', field: ['whitelistedPaymentMethod', '1'] },
    ],
    ['redirect_url', 'The redirect url field must be a valid URL.', { code: 'INVALID', field: ['redirectUrl'] }],
    ['optional_metadata.a.b', 'Too long.', { code: 'INVALID', field: ['optionalMetadata'] }],
    ['title', 'The title is required.', { code: 'REJECTED', field: null }],
    ['constructor', 'The value is wrong.', { code: 'REJECTED', field: null }],
    ['__proto__', 'The value is wrong.', { code: 'REJECTED', field: null }],
    ['toString', 'The value is wrong.', { code: 'REJECTED', field: null }],
  ])('maps a 422 on %s, "%s", to its code and field', async (field, message, expected) => {
    const body = `{"success":false,"error":{"code":422,"errors":{"${field}":["${message}"]}}}`
    const put = (response: ServerResponse) => {
      response.writeHead(422, { 'content-type': 'application/json' }).end(body)
    }
    const changes = { maxUsage: 12, ...METHODS }
    const { userErrors } = payloadOf((await updateOver({ put }, changes)).response)
    expect(userErrors).toEqual([{ ...expected, message: expect.stringMatching(/./) }])
    expect(userErrors[0]?.message).not.toMatch(/_/)
  })

  it.each<[string, Changes, readonly string[]]>([
    ['whitelisted_payment_method.1', METHODS, ['whitelistedPaymentMethod', '1']],
    ['whitelisted_payment_method.1.code', METHODS, ['whitelistedPaymentMethod', '1']],
    ['whitelisted_payment_method.9', METHODS, ['whitelistedPaymentMethod']],
    ['whitelisted_payment_method.length', METHODS, ['whitelistedPaymentMethod']],
    ['whitelisted_payment_method.0', { maxUsage: 12 }, ['whitelistedPaymentMethod']],
    ['optional_metadata.items.3.name', { optionalMetadata: { items: [1, 2, 3, { name: 'x' }] } }, ['optionalMetadata']],
    ['optional_metadata.3', { optionalMetadata: { '3': 'x' } }, ['optionalMetadata']],
    ['max_usage.0', { maxUsage: 12 }, ['maxUsage']],
  ])('maps a 422 on %s, for %j, to the path in the input', async (wireField, changes, field) => {
    const put = refusing(422, BODIES['errors']?.({ [wireField]: 'The value is invalid.' }))
    expect(payloadOf((await updateOver({ put }, changes)).response).userErrors).toMatchObject([{ field }])
  })

  it('reports a 422 on several fields as one user error per field', async () => {
    const errors = { status: ['Status is required', 'Status must be open.'], redirect_url: 'Not valid.', nothing: [] }
    const { response } = await updateOver({ put: refusing(422, BODIES['errors']?.(errors)) }, { maxUsage: 12 })
    expect(payloadOf(response).userErrors).toEqual([
      { code: 'INVALID', field: ['status'], message: 'status is required' },
      { code: 'INVALID', field: ['status'], message: 'status must be open.' },
      { code: 'INVALID', field: ['redirectUrl'], message: 'Not valid.' },
    ])
  })

  it.each([
    ['digits', '1'.repeat(100_000)],
    ['digits and points', '1.'.repeat(50_000)],
    ['white space', `status${' '.repeat(100_000)}is required`],
    ['words of a rule', 'must be '.repeat(12_500)],
    ['our field names', 'max_usage '.repeat(10_000)],
  ])('replaces a 422 message of 100 KB of %s with its own', async (_what, sentence) => {
    const body = BODIES['errors']?.({ max_usage: sentence, [sentence]: sentence })
    const { response } = await updateOver({ put: refusing(422, body) }, { maxUsage: 12 })
    expect(payloadOf(response).userErrors).toEqual([
      { code: 'INVALID', field: ['maxUsage'], message: 'The upstream refused maxUsage.' },
      { code: 'REJECTED', field: null, message: 'The upstream refused the change.' },
    ])
  })

  it.each([
    ['sentences', { status: Array.from({ length: 5_000 }, () => 'Status is required') }],
    ['fields', Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`status.${n}`, 'Status is required']))],
  ])('reports at most the maximum of user errors for a 422 with 5,000 %s', async (_what, errors) => {
    const put = refusing(422, BODIES['errors']?.(errors))
    const { userErrors } = payloadOf((await updateOver({ put }, { maxUsage: 12 })).response)
    expect(userErrors.length).toBeGreaterThan(100)
    expect(userErrors.length).toBeLessThanOrEqual(USER_ERRORS_MAX)
    expect(userErrors.at(-1)).toMatchObject({ code: 'INVALID', message: 'status is required' })
  })

  it.each([{}, [], null, { errors: [] }, { message: 'x' }, '', 7])(
    'returns REJECTED for a 422 without messages, %j',
    async (body) => {
      const { response } = await updateOver({ put: refusing(422, body) }, { maxUsage: 12 })
      expect(payloadOf(response).userErrors).toEqual([
        { code: 'REJECTED', field: null, message: 'The upstream refused the change.' },
      ])
    },
  )
})

describe('what the upstream reveals of its internals', () => {
  it.each([
    "SQLSTATE[23000]: Integrity constraint violation: 1062 Duplicate entry '7' for key 'links.PRIMARY'",
    'Column not found: Unknown column max usage in field list',
    'select from payment links where id is 7',
    'Deadlock found when trying to get lock; try restarting transaction',
    'Table singapay.links has no such column',
    'Duplicate entry 7 for key PRIMARY',
    'No query results for model PaymentLink 7',
    'App\\\\Models\\\\PaymentLink is not valid',
    'Call to undefined method PaymentLink::touch()',
    'Connection refused by host db-primary, port 5432',
    'cURL error 28: could not resolve host db.internal.singapay.id',
    'Server db-primary at 10.1.2.3 is gone',
    'Redis connection lost',
    'localhost: 3306 did not answer',
    '/var/www/html/app/Http/Controllers/X.php on line 12',
    'C:\\\\inetpub\\\\x',
    'fe80::1 is not allowed',
    'Token eyJhbGciOiJIUzI1NiJ9 has expired',
    'Authorization eyJhbGciOiJIUzI1NiJ9eyJzdWIiOiJ4In0 failed',
    'client secret is wrong',
    'Undefined index: maxUsage',
    'Undefined variable data',
    'Trying to get property of nonobject',
    'Allowed memory size exhausted',
    'Maximum execution time exceeded',
    'See https://docs.singapay.id/x',
    'ErrorException: Undefined offset',
    'Stack trace: 0 main',
    'The <b>status</b> is wrong',
    'x'.repeat(400),
  ])('does not pass on what an upstream error reveals: %s', async (message) => {
    const errors = `{"status":["${message}"],"other":["${message}"]}`
    const put = (response: ServerResponse) => {
      response.writeHead(422, { 'content-type': 'application/json' })
      response.end(`{"success":false,"error":{"code":422,"message":"${message}","errors":${errors}}}`)
    }
    const { response } = await updateOver({ put }, { maxUsage: 12 })
    expect(payloadOf(response).userErrors).toEqual([
      { code: 'INVALID', field: ['status'], message: 'The upstream refused status.' },
      { code: 'REJECTED', field: null, message: 'The upstream refused the change.' },
    ])
  })
})

describe('other refusals of a write', () => {
  const PLANTED = 'SQLSTATE at db.internal.singapay.id'
  const v1 = (status: number, code: number | string = status) => ({
    status,
    success: false,
    error: { code, message: PLANTED },
  })

  it.each<[string, number, unknown]>([
    ['400', 400, v1(400)],
    ['409', 409, v1(409)],
    ['400 in the v2 envelope', 400, { response_code: 'SP012', response_message: PLANTED }],
    ['200 that is no success', 200, { status: 200, success: false, error: { message: PLANTED } }],
  ])('returns REJECTED for %s', async (_, status, body) => {
    const { response, puts } = await updateOver({ put: refusing(status, body) }, { maxUsage: 12 })
    const payload = payloadOf(response)
    expect(payload.userErrors).toEqual([{ code: 'REJECTED', field: null, message: 'The upstream refused the change.' }])
    expect(payload.paymentLink).toMatchObject({ id: '7', maxUsage: 10 })
    expect(response.text).not.toContain('SQLSTATE')
    expect(puts).toHaveLength(1)
  })

  describe.each<[string, number, unknown, 'REJECTED' | 'UPSTREAM_OUTCOME_UNKNOWN']>([
    ['400 with SP001', 400, { response_code: 'SP001', response_message: PLANTED }, 'UPSTREAM_OUTCOME_UNKNOWN'],
    ['400 with SP001 in the v1 shape', 400, v1(400, 'SP001'), 'UPSTREAM_OUTCOME_UNKNOWN'],
    ['400 with SP002', 400, { response_code: 'SP002', response_message: PLANTED }, 'UPSTREAM_OUTCOME_UNKNOWN'],
    ['400 with SP005', 400, { response_code: 'SP005', response_message: PLANTED }, 'UPSTREAM_OUTCOME_UNKNOWN'],
    ['200 with SP001', 200, { response_code: 'SP001', response_message: PLANTED }, 'UPSTREAM_OUTCOME_UNKNOWN'],
    ['200 with SP005', 200, { response_code: 'SP005', response_message: PLANTED }, 'UPSTREAM_OUTCOME_UNKNOWN'],
    ['200 with an unknown code', 200, { response_code: 'SP099' }, 'UPSTREAM_OUTCOME_UNKNOWN'],
    ['200 with an unknown word', 200, { status: 'queued', data: null }, 'UPSTREAM_OUTCOME_UNKNOWN'],
    ['400 without a code', 400, { success: false, message: PLANTED }, 'REJECTED'],
    ['400 that is no response of the API', 400, [], 'REJECTED'],
    ['200 that is no success', 200, { status: 200, success: false, error: { message: PLANTED } }, 'REJECTED'],
    ['200 in the words of an error', 200, { status: 'error', message: PLANTED, data: null }, 'REJECTED'],
    ['200 that says yes and 500', 200, { status: 500, success: true, data: null }, 'UPSTREAM_OUTCOME_UNKNOWN'],
    ['200 that says 500', 200, { status: 500, message: PLANTED, data: null }, 'UPSTREAM_OUTCOME_UNKNOWN'],
  ])('%s, which proves nothing', (response, status, body, otherwise) => {
    it(`${response} is a success when a read shows the change`, async () => {
      const put = refusing(status, body)
      const { response, puts, readBacks } = await updateOver({ put, after: { max_usage: 12 } }, { maxUsage: 12 })
      const payload = payloadOf(response)
      expect(payload).toMatchObject({ paymentLink: { maxUsage: 12 }, userErrors: [] })
      expect(puts).toHaveLength(1)
      expect(readBacks).toBeGreaterThan(0)
    })

    it(`${response} is ${otherwise} when a read shows the old values`, async () => {
      const { response, puts } = await updateOver({ put: refusing(status, body) }, { maxUsage: 12 })
      const [userError] = response.errors === undefined ? payloadOf(response).userErrors : []
      expect(userError?.code ?? codeOf(response)).toBe(otherwise)
      expect(response.text).not.toContain('SQLSTATE')
      expect(puts).toHaveLength(1)
    })

    it(`${response} has an unknown outcome when a read shows a part of the change`, async () => {
      const script = { put: refusing(status, body), after: { max_usage: 12 } }
      const { response } = await updateOver(script, { maxUsage: 12, requiredCustomerDetail: false })
      expect(codeOf(response)).toBe('UPSTREAM_OUTCOME_UNKNOWN')
    })
  })

  it('returns NOT_FOUND for a 404 when a read does not find the link either', async () => {
    const gone = refusing(404, v1(404))
    const { response, puts } = await updateOver({ put: gone, after: gone }, { maxUsage: 12 })
    const payload = payloadOf(response)
    expect(payload.userErrors.map(({ code }) => code)).toEqual(['NOT_FOUND'])
    expect(payload.paymentLink).toBeNull()
    expect(puts).toHaveLength(1)
  })

  it('returns REJECTED for a 404 when a read finds the link, because the route is missing then', async () => {
    const put = refusing(404, { message: 'The route could not be found.' })
    const { response, puts } = await updateOver({ put }, { maxUsage: 12 })
    expect(payloadOf(response)).toMatchObject({
      paymentLink: { id: '7', maxUsage: 10 },
      userErrors: [{ code: 'REJECTED', field: null, message: 'The upstream refused the change.' }],
    })
    expect(puts).toHaveLength(1)
  })

  it.each<[string, number, unknown, string, boolean]>([
    ['403', 403, v1(403, 'SP403'), 'FORBIDDEN', false],
    ['403 in the v2 envelope', 403, { response_code: 'SP015', response_message: PLANTED }, 'FORBIDDEN', false],
    [
      '403 that names the address',
      403,
      { success: false, error: { message: 'Your IP address (10.1.2.3) is not registered' } },
      'UPSTREAM_UNAUTHENTICATED',
      false,
    ],
    ['429', 429, v1(429), 'RATE_LIMITED', true],
    ['405', 405, 'The PUT method is not supported', 'UPSTREAM_REJECTED', false],
  ])('fails the mutation field for %s', async (_, status, body, code, retryable) => {
    const { response, puts } = await updateOver({ put: refusing(status, body) }, { maxUsage: 12 })
    expect(codeOf(response)).toBe(code)
    expect(response.data).toEqual({ updatePaymentLink: null })
    expect(response.errors?.[0]?.extensions).toMatchObject({ retryable, upstreamStatus: status })
    expect(response.text).not.toMatch(/SQLSTATE|10\.1\.2\.3|internal/)
    expect(puts).toHaveLength(1)
  })

  it('passes on the Retry-After of a 429, and does not wait', async () => {
    const put = refusing(429, v1(429), { 'retry-after': '1' })
    const { response, puts } = await updateOver({ put }, { maxUsage: 12 })
    expect(response.errors?.[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 1000 })
    expect(puts).toHaveLength(1)
  })

  it('sends a write once more with a new token after a 401', async () => {
    const { response, puts } = await updateOver({ put: refusing(401, v1(401)) }, { maxUsage: 12 })
    expect(codeOf(response)).toBe('UPSTREAM_UNAUTHENTICATED')
    expect(puts.map(({ headers }) => headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2'])
    expect(puts[0]?.body).toBe(puts[1]?.body)
  })
})
