import { describe, expect, it } from 'vitest'
import { gatewayOfFile } from '../../support/gateway.js'
import { MAIN, storedIds } from './walking.js'

const gateway = gatewayOfFile()

interface Posted {
  readonly status: number
  readonly requestId: string | null
  readonly body: { data?: unknown; errors?: readonly Record<string, unknown>[] }
}

async function post(body: object, accept = 'application/json'): Promise<Posted> {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify(body),
  })
  return {
    status: response.status,
    requestId: response.headers.get('x-request-id'),
    body: (await response.json()) as Posted['body'],
  }
}

const MUTATION =
  'mutation ($input: UpdatePaymentLinkInput!) { updatePaymentLink(input: $input) { userErrors { code } } }'
const update = (fields: string) =>
  `mutation { updatePaymentLink(input: { accountId: "${MAIN}", id: "103", ${fields} }) { userErrors { code } } }`

describe('what GraphQL cannot coerce', () => {
  it.each([
    ['DateTime', { expiredAt: '2026-02-30T00:00:00Z' }],
    ['DateTime', { expiredAt: 1780246799000 }],
    ['JSONObject', { optionalMetadata: ['x'] }],
    ['JSONObject', { optionalMetadata: 'x' }],
    ['Int', { maxUsage: 1.5 }],
    ['enum', { status: 'PAUSED' }],
  ])('returns BAD_USER_INPUT for a variable that cannot be coerced: %s %j', async (_scalar, fields) => {
    gateway.sandbox.log.clear()
    const { status, requestId, body } = await post({
      query: MUTATION,
      variables: { input: { accountId: MAIN, id: '103', ...fields } },
    })
    expect(status).toBe(200)
    expect(body.data).toBeUndefined()
    expect(body.errors).toEqual([
      {
        message: expect.any(String),
        locations: expect.any(Array),
        extensions: { code: 'BAD_USER_INPUT', retryable: false, requestId },
      },
    ])
    expect(gateway.sandbox.log.count()).toBe(0)
  })

  it.each([
    ['DateTime', 'expiredAt: "2026-02-30T00:00:00Z"'],
    ['DateTime', 'expiredAt: 1780246799000'],
    ['JSONObject', 'optionalMetadata: ["x"]'],
    ['JSONObject', 'optionalMetadata: { n: 9007199254740993 }'],
    ['Int', 'maxUsage: 2147483648'],
    ['enum', 'status: UNKNOWN'],
  ])('returns GRAPHQL_VALIDATION_FAILED for a literal that cannot be coerced: %s %s', async (_scalar, fields) => {
    const { status, requestId, body } = await post({ query: update(fields) })
    expect(status).toBe(200)
    expect(body.data).toBeUndefined()
    expect(body.errors).toMatchObject([
      { extensions: { code: 'GRAPHQL_VALIDATION_FAILED', retryable: false, requestId } },
    ])
  })

  it('responds 400 to a variable that cannot be coerced when the client accepts application/graphql-response+json', async () => {
    const { status } = await post({ query: update('expiredAt: "never"') }, 'application/graphql-response+json')
    expect(status).toBe(400)
  })
})

describe('ids', () => {
  it('accepts ids as whole numbers, literal or variable, with every digit', async () => {
    const [id] = storedIds(gateway, MAIN)
    const byLiteral = await post({ query: `{ paymentLink(accountId: "${MAIN}", id: ${id}) { id } }` })
    expect(byLiteral.body).toEqual({ data: { paymentLink: { id } } })
    const byVariable = await post({
      query: `query ($id: ID!) { paymentLink(accountId: "${MAIN}", id: $id) { id } }`,
      variables: { id: Number(id) },
    })
    expect(byVariable.body).toEqual({ data: { paymentLink: { id } } })
    gateway.sandbox.log.clear()
    await post({ query: `{ paymentLink(accountId: "${MAIN}", id: 9007199254740993) { id } }` })
    expect(gateway.sandbox.log.entries.at(-1)?.['linkId']).toBe('9007199254740993')
  })

  it.each([
    ['9007199254740993', 'variables.id'],
    ['9007199254740992', 'variables.id'],
    ['-12345678901234567890', 'variables.id'],
    ['103.00000000000000000001', 'variables.id'],
    ['{"a": [0, 0.12345678901234567890]}', 'variables.id.a.1'],
  ])('refuses a JSON number that may have lost digits, before it names another link: %s', async (id, place) => {
    gateway.sandbox.log.clear()
    const query = `query ($id: ID!) { paymentLink(accountId: "${MAIN}", id: $id) { id } }`
    for (const [accept, status] of [
      ['application/json', 200],
      ['application/graphql-response+json', 400],
    ] as const) {
      const byPost = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: `{"query":${JSON.stringify(query)},"variables":{"id":${id}}}`,
      })
      const search = new URLSearchParams({ query, variables: `{"id":${id}}` })
      const byGet = await fetch(`${gateway.url}?${search}`, { headers: { 'apollo-require-preflight': '1', accept } })
      for (const response of [byPost, byGet]) {
        expect([response.status, response.headers.get('content-type')]).toEqual([status, `${accept}; charset=utf-8`])
        const message = `"${place}": expected a number that a double can hold (send ids as strings), but got: `
        const extensions = { code: 'BAD_USER_INPUT', retryable: false }
        expect(await response.json()).toMatchObject({
          errors: [{ message: expect.stringContaining(message), extensions }],
        })
      }
    }
    expect(gateway.sandbox.log.count()).toBe(0)
  })

  it.each(['0', '-1', '01', '1.5', '1e3', ' 1', '', '12345678901234567890', 'x/../y', '%2e%2e'])(
    'refuses a malformed id before anything is sent: %j',
    async (id) => {
      gateway.sandbox.log.clear()
      const { status, requestId, body } = await post({
        query: `query ($id: ID!) { here: paymentLink(accountId: "${MAIN}", id: $id) { id } }`,
        variables: { id },
      })
      expect(status).toBe(200)
      expect(body).toEqual({
        data: { here: null },
        errors: [
          {
            message: expect.stringMatching(/whole number of 1 to 19 digits, but got/),
            locations: expect.any(Array),
            path: ['here'],
            extensions: { code: 'BAD_USER_INPUT', retryable: false, requestId },
          },
        ],
      })
      expect(gateway.sandbox.log.count()).toBe(0)
    },
  )
})

describe('an error of a read', () => {
  it.each([
    ['json-500', 'UPSTREAM_UNAVAILABLE', true, 500],
    ['rate-limited', 'RATE_LIMITED', true, 429],
    ['success-false', 'UPSTREAM_REJECTED', false, 200],
    ['truncated', 'UPSTREAM_MALFORMED', false, undefined],
    ['redirect', 'UPSTREAM_MALFORMED', false, undefined],
  ] as const)(
    'gives every read error a message, path, code, request id and retryable: %s',
    async (kind, code, retryable, upstreamStatus) => {
      gateway.sandbox.faults.add({ kind, operation: 'show' })
      const { status, requestId, body } = await post({
        query: `{ paymentLink(accountId: "${MAIN}", id: "103") { id } }`,
      })
      gateway.sandbox.faults.clear()
      expect(status).toBe(200)
      expect(body.data).toEqual({ paymentLink: null })
      expect(body.errors).toMatchObject([
        {
          message: expect.any(String),
          path: ['paymentLink'],
          extensions: { code, retryable, requestId, ...(upstreamStatus === undefined ? {} : { upstreamStatus }) },
        },
      ])
      const known = ['code', 'requestId', 'retryable', 'retryAfterMs', 'upstreamStatus']
      const [{ extensions }] = body.errors as unknown as [{ extensions: object }]
      expect(Object.keys(extensions).filter((key) => !known.includes(key))).toEqual([])
      expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|\/api\/|stack|node_modules/)
    },
  )
})
