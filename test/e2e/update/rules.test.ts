import { describe, expect, it } from 'vitest'
import { UpdatePaymentLinkDocument } from '../../../src/client/graphql.js'
import { gatewayOfFile } from '../../support/gateway.js'
import { ACCOUNT, type Changes, payloadOf, plant, puts, update, updatedOf } from './updating.js'

const gateway = gatewayOfFile({ env: { MAX_METADATA_BYTES: '2000' } })

const URL_OF = (length: number): string => `https://a.example.com/${'x'.repeat(length - 22)}`

/** A value that breaks a rule of one field, and the expectation in the message. */
const BROKEN: readonly [string, Changes, RegExp][] = [
  ['no usage at all', { maxUsage: 0 }, /from 1 to 1000000, but got: 0/],
  ['a negative usage', { maxUsage: -1 }, /from 1 to 1000000, but got: -1/],
  ['a usage over the limit', { maxUsage: 1_000_001 }, /from 1 to 1000000, but got: 1000001/],
  ['an empty whitelist', { whitelistedPaymentMethod: [] }, /at least one method.*null/],
  ['201 methods', { whitelistedPaymentMethod: Array.from({ length: 201 }, (_, i) => `M${i}`) }, /at most 200/],
  ['an empty address', { redirectUrl: '' }, /http or https address/],
  ['an address with user and password', { redirectUrl: 'https://user:pw@a.example.com/' }, /without user and password/],
  ['an address with a user', { redirectUrl: 'https://user@a.example.com/' }, /without user and password/],
  ['ftp', { redirectUrl: 'ftp://a.example.com/x' }, /http or https address/],
  ['javascript', { redirectUrl: 'javascript:alert(1)' }, /http or https address/],
  ['data', { redirectUrl: 'data:text/html,x' }, /http or https address/],
  ['an address without a protocol', { redirectUrl: 'a.example.com/x' }, /http or https address/],
  ['an address without slashes', { redirectUrl: 'https:m.example' }, /http or https address/],
  ['an address without a host', { redirectUrl: 'http:///x' }, /http or https address/],
  ['an address cut inside an emoji', { redirectUrl: 'https://m.example/\ud83d' }, /whole characters.*"redirectUrl"/],
  ['an address relative to a protocol', { redirectUrl: '//a.example.com/x' }, /http or https address/],
  ['a path', { redirectUrl: '/done' }, /http or https address/],
  ['an address with a space', { redirectUrl: 'https://a.example.com/a b' }, /http or https address/],
  ['an address with a line feed', { redirectUrl: 'https://a.example.com/\nx' }, /http or https address/],
  ['an address of 2049 characters', { redirectUrl: URL_OF(2049) }, /at most 2048 characters/],
  ['an expiry of 12 digits', { expiredAt: '2001-09-09T01:46:39.999Z' }, /from 2001-09-09T01:46:40Z/],
  ['an expiry of 14 digits', { expiredAt: '2286-11-20T17:46:40Z' }, /to 2286-11-20T17:46:39Z/],
  ['an expiry before 1970', { expiredAt: '1969-12-31T23:59:59Z' }, /from 2001-09-09T01:46:40Z/],
  [
    'metadata over its limit',
    { optionalMetadata: { a: 'x'.repeat(1993) } },
    /at most 2000 bytes as JSON, but has 2001/,
  ],
  [
    'metadata cut inside an emoji',
    { optionalMetadata: { a: ['x', 'Terima kasih \ud83d'] } },
    /at: "optionalMetadata.a\[1\]"/,
  ],
  ['a key cut inside an emoji', { optionalMetadata: { a: { '\udc4d': 1 } } }, /at: "optionalMetadata.a.\\udc4d"/],
  [
    'metadata that is a numbered map',
    { optionalMetadata: { 0: 'red', 1: 'large' } },
    /0, 1, 2.*at: "optionalMetadata"/,
  ],
  ['a numbered map inside metadata', { optionalMetadata: { a: [{}, { 0: {} }] } }, /at: "optionalMetadata.a\[1\]"/],
  ['metadata over its limit in UTF-8', { optionalMetadata: { a: 'é'.repeat(1000) } }, /at most 2000 bytes/],
  ['no status', { status: null }, /cannot be null/],
  ['no usage', { maxUsage: null }, /cannot be null/],
  ['no customer detail', { requiredCustomerDetail: null }, /cannot be null/],
]

describe('the rules of the input', () => {
  it.each(BROKEN)('refuses %s, and says what was expected', async (_, changes, message) => {
    const link = plant(gateway)
    const [field] = Object.keys(changes)
    expect(payloadOf(await update(gateway, link, changes))).toEqual({
      paymentLink: null,
      userErrors: [{ code: 'INVALID', field: [field], message: expect.stringMatching(message) }],
    })
    expect(gateway.sandbox.log.count()).toBe(0)
  })

  it.each<[string, Changes]>([
    ['the least usage', { maxUsage: 2 }],
    ['the most usage', { maxUsage: 1_000_000 }],
    ['an address on the own machine', { redirectUrl: 'http://localhost:3000/x' }],
    ['an address of 2048 characters', { redirectUrl: URL_OF(2048) }],
    ['an address with query and fragment', { redirectUrl: 'https://a.example.com/x?y=%20&z=1#end' }],
    ['an address with an underscore', { redirectUrl: 'https://my_shop.example.com/thanks' }],
    ['an address with a dot at its end', { redirectUrl: 'https://m.example./' }],
    ['an address in capitals', { redirectUrl: 'HTTPS://M.EXAMPLE/' }],
    ['whole emoji', { redirectUrl: 'https://m.example/\u{1f44d}', optionalMetadata: { '\u{1f44d}': '\u{1f44d}' } }],
    ['metadata with numbers for some of its keys', { optionalMetadata: { 0: 'a', b: { 1: 'c' } } }],
    ['an address by number', { redirectUrl: 'https://127.0.0.1:8443/x' }],
    ['the first expiry of 13 digits', { expiredAt: '2001-09-09T01:46:40Z' }],
    ['the last expiry of 13 digits', { expiredAt: '2286-11-20T17:46:39.999Z' }],
    ['an expiry with another offset', { expiredAt: '2030-01-01T07:00:00+07:00' }],
    ['metadata at its limit', { optionalMetadata: { a: 'x'.repeat(1992) } }],
    ['empty metadata', { optionalMetadata: {} }],
    ['metadata 63 deep', { optionalMetadata: nested(63) }],
  ])('accepts %s', async (_, changes) => {
    updatedOf(await update(gateway, plant(gateway), changes))
    expect(puts(gateway)).toHaveLength(1)
  })

  it('reports each malformed method code at its index, and no valid one', async () => {
    const codes = [
      'QRIS',
      '',
      'x'.repeat(65),
      'x'.repeat(64),
      'VA BRI',
      'qris\n',
      'A.B-C_1',
      '\ud83d',
      'x'.repeat(60_000),
    ]
    const { paymentLink, userErrors } = payloadOf(
      await update(gateway, plant(gateway), { whitelistedPaymentMethod: codes, maxUsage: 0 }),
    )
    expect(paymentLink).toBeNull()
    expect(userErrors.map(({ field }) => field)).toEqual([
      ['maxUsage'],
      ...['1', '2', '4', '5', '7', '8'].map((index) => ['whitelistedPaymentMethod', index]),
    ])
    for (const { code, message } of userErrors) {
      expect(code).toBe('INVALID')
      expect(message.length).toBeLessThan(200)
    }
    expect(userErrors[1]?.message).toMatch(/codes of 1 to 64 letters.*but got: ""/)
    expect(gateway.sandbox.log.count()).toBe(0)
  })

  it('refuses a numbered map and half an emoji in a variable inside a literal too', async () => {
    const { accountId, id } = plant(gateway)
    const ask = (value: unknown) =>
      gateway.request<{ updatePaymentLink: { userErrors: unknown } }, object>(
        `mutation ($value: JSONObject) {
          updatePaymentLink(input: { accountId: "${accountId}", id: "${id}", optionalMetadata: { a: $value } }) {
            userErrors { code field }
          }
        }`,
        { value },
      )
    for (const value of [{ 0: 'x' }, { x: '\ud83d' }, { '\ud83d': 1 }]) {
      const { data, text } = await ask(value)
      expect(data?.updatePaymentLink.userErrors, text).toEqual([{ code: 'INVALID', field: ['optionalMetadata'] }])
    }
    expect(puts(gateway)).toEqual([])
  })

  it('leaves half an emoji in a literal to the GraphQL parser, which refuses it', async () => {
    const { accountId, id } = plant(gateway)
    const field = (text: string) =>
      `mutation { updatePaymentLink(input: { accountId: "${accountId}", id: "${id}", ${text} }) { userErrors { code } } }`
    for (const text of ['optionalMetadata: { a: "\\ud83d" }', 'redirectUrl: "https://m.example/\\ud83d"']) {
      expect((await gateway.request(field(text))).errors?.[0]?.extensions.code).toBe('GRAPHQL_PARSE_FAILED')
    }
    expect(puts(gateway)).toEqual([])
  })

  it('reports every invalid field at once', async () => {
    const changes: Changes = {
      status: null,
      maxUsage: 0,
      requiredCustomerDetail: null,
      expiredAt: '1999-01-01T00:00:00Z',
      whitelistedPaymentMethod: [],
      redirectUrl: 'ftp://x',
      optionalMetadata: { a: 'x'.repeat(3000) },
    }
    const { paymentLink, userErrors } = payloadOf(await update(gateway, { accountId: 'nope', id: 0 }, changes))
    expect(paymentLink).toBeNull()
    expect(userErrors.map(({ code }) => code)).toEqual(Array(9).fill('INVALID'))
    expect(userErrors.map(({ field }) => field?.[0]).sort()).toEqual(
      ['accountId', 'id', ...Object.keys(changes)].sort(),
    )
    expect(gateway.sandbox.log.count()).toBe(0)
  })

  it.each([
    ['accountId', { accountId: '01hz7n9k3r0f2qw3x4y5z6v7ab', id: '7' }],
    ['accountId', { accountId: '81HZ7N9K3R0F2QW3X4Y5Z6V7AB', id: '7' }],
    ['accountId', { accountId: 'payment-methods', id: '7' }],
    ['accountId', { accountId: '../../v1.0/accounts', id: '7' }],
    ['accountId', { accountId: `${ACCOUNT}\n`, id: '7' }],
    ['accountId', { accountId: '', id: '7' }],
    ['id', { accountId: ACCOUNT, id: '0' }],
    ['id', { accountId: ACCOUNT, id: '-1' }],
    ['id', { accountId: ACCOUNT, id: '007' }],
    ['id', { accountId: ACCOUNT, id: '1.5' }],
    ['id', { accountId: ACCOUNT, id: '12345678901234567890' }],
    ['id', { accountId: ACCOUNT, id: '..' }],
    ['id', { accountId: ACCOUNT, id: '7/../8' }],
    ['id', { accountId: ACCOUNT, id: '7\n' }],
    ['id', { accountId: ACCOUNT, id: 'abc' }],
  ])('refuses a malformed %s: %j', async (field, key) => {
    const response = await gateway.request(UpdatePaymentLinkDocument, { input: { ...key, maxUsage: 3 } })
    expect(payloadOf(response)).toEqual({
      paymentLink: null,
      userErrors: [{ code: 'INVALID', field: [field], message: expect.stringMatching(/must be/) }],
    })
    expect(gateway.sandbox.log.count()).toBe(0)
  })

  it.each<[string, Record<string, unknown>]>([
    ['an unknown status', { status: 'PAUSED' }],
    ['the status that only reads have', { status: 'UNKNOWN' }],
    ['a usage as text', { maxUsage: '5' }],
    ['a broken usage', { maxUsage: 1.5 }],
    ['a usage beyond 32 bits', { maxUsage: 2_147_483_648 }],
    ['an expiry that is no instant', { expiredAt: 'tomorrow' }],
    ['an expiry on no day', { expiredAt: '2030-02-30T00:00:00Z' }],
    ['an expiry without a zone', { expiredAt: '2030-01-01T00:00:00' }],
    ['an expiry as a number', { expiredAt: 1_900_000_000_000 }],
    ['a null method', { whitelistedPaymentMethod: ['QRIS', null] }],
    ['metadata that is a list', { optionalMetadata: [1] }],
    ['metadata that is text', { optionalMetadata: 'x' }],
    ['metadata 65 deep', { optionalMetadata: nested(65) }],
    ['metadata with a number that no double holds', { optionalMetadata: { a: 2 ** 53 } }],
    ['a field that there is not', { title: 'x' }],
  ])('lets GraphQL refuse a value that it cannot coerce: %s', async (_, changes) => {
    const link = plant(gateway)
    const response = await update(gateway, link, changes)
    expect(response.data?.updatePaymentLink).toBeUndefined()
    expect(response.errors?.map(({ extensions: { code, retryable } }) => ({ code, retryable }))).toEqual([
      { code: 'BAD_USER_INPUT', retryable: false },
    ])
    expect(gateway.sandbox.log.count()).toBe(0)
  })
})

function nested(depth: number): Record<string, unknown> {
  return depth === 1 ? { end: 1 } : { a: nested(depth - 1) }
}
