import { beforeAll, describe, expect, it } from 'vitest'
import { gatewayOfFile, startTestGateway } from '../support/gateway.js'

const gateway = gatewayOfFile()
let accountId: string
beforeAll(() => {
  accountId = gateway.sandbox.accounts[0]?.id ?? ''
})

const times = (count: number, of: (index: number) => string): string =>
  Array.from({ length: count }, (_, n) => of(n)).join(' ')
const link = (selection: string): string => `paymentLink(accountId: "${accountId}", id: "1") { ${selection} }`

/** A query with that many levels of fields: an account in a link in a list in an account … */
function deep(levels: number): string {
  const path = ['nodes', 'account', 'paymentLinks(first: 1)']
  const names = Array.from({ length: levels - 2 }, (_, n) => path[n % 3] ?? '')
  const open = names.map((name) => `${name} {`).join(' ')
  return `{ paymentLinks(accountId: "${accountId}", first: 1) { ${open} __typename ${LEAVES[(levels - 2) % 3]} ${'}'.repeat(levels - 2)} } }`
}
const LEAVES = ['totalCount', 'id', 'id']

interface Case {
  readonly limit: string
  readonly within: () => string
  readonly over: () => string
  readonly says: string
  readonly variables?: () => { readonly within: object; readonly over: object }
}

const keysOf = (count: number) => Array.from({ length: count }, (_, n) => ({ accountId, id: String(n + 1) }))
const idsOf = (count: number) => Array.from({ length: count }, () => accountId)

const CASES: readonly Case[] = [
  {
    limit: 'MAX_TOKENS',
    within: () => `{ __typename } ${'#\n'.repeat(3_997)}`,
    over: () => `{ ${'__typename '.repeat(4_000)} }`,
    says: 'MAX_TOKENS: at most 4000, but got 4001.',
  },
  { limit: 'MAX_DEPTH', within: () => deep(12), over: () => deep(13), says: 'MAX_DEPTH: at most 12, but got 13.' },
  {
    limit: 'MAX_ALIASES',
    within: () => `{ ${link(times(60, (n) => `a${n}: title`))} }`,
    over: () => `{ ${link(times(61, (n) => `a${n}: title`))} }`,
    says: 'MAX_ALIASES: at most 60, but got 61.',
  },
  {
    limit: 'MAX_ROOT_FIELDS',
    within: () => `{ ${'__typename '.repeat(60)} }`,
    over: () => `{ ${'__typename '.repeat(61)} }`,
    says: 'MAX_ROOT_FIELDS: at most 60, but got 61.',
  },
  {
    limit: 'MAX_DIRECTIVES',
    within: () => `{ ${link(times(50, () => '... @include(if: true) { id }'))} }`,
    over: () => `{ ${link(times(51, () => '... @include(if: true) { id }'))} }`,
    says: 'MAX_DIRECTIVES: at most 50, but got 51.',
  },
  {
    limit: 'MAX_KEYS',
    within: () => 'query ($ids: [ID!]!) { accountsByIds(ids: $ids) { id } }',
    over: () => 'query ($ids: [ID!]!) { accountsByIds(ids: $ids) { id } }',
    variables: () => ({ within: { ids: idsOf(100) }, over: { ids: idsOf(101) } }),
    says: 'MAX_KEYS: at most 100, but got 101.',
  },
  {
    limit: 'MAX_KEYS of links',
    within: () => 'query ($keys: [PaymentLinkKey!]!) { paymentLinksByKeys(keys: $keys) { id } }',
    over: () => 'query ($keys: [PaymentLinkKey!]!) { paymentLinksByKeys(keys: $keys) { id } }',
    variables: () => ({ within: { keys: keysOf(100) }, over: { keys: keysOf(101) } }),
    says: 'MAX_KEYS: at most 100, but got 101.',
  },
  {
    limit: 'MAX_KEYS and MAX_UPSTREAM_CALLS',
    within: () => 'query ($ids: [ID!]!) { accountsByIds(ids: $ids) { paymentLinks(first: 25) { totalCount } } }',
    over: () => 'query ($ids: [ID!]!) { accountsByIds(ids: $ids) { paymentLinks(first: 26) { totalCount } } }',
    variables: () => ({ within: { ids: idsOf(100) }, over: { ids: idsOf(101) } }),
    says: 'MAX_KEYS: at most 100, but got 101; MAX_UPSTREAM_CALLS: at most 200, but got 203.',
  },
  {
    limit: 'MAX_UPSTREAM_CALLS',
    within: () => 'query ($ids: [ID!]!) { accountsByIds(ids: $ids) { paymentLinks(first: 5) { totalCount } } }',
    over: () => 'query ($ids: [ID!]!) { accountsByIds(ids: $ids) { paymentLinks(first: 26) { totalCount } } }',
    variables: () => ({ within: { ids: idsOf(100) }, over: { ids: idsOf(100) } }),
    says: 'MAX_UPSTREAM_CALLS: at most 200, but got 201.',
  },
  {
    limit: 'The length of an alias',
    within: () => `{ ${'a'.repeat(128)}: __typename }`,
    over: () => `{ ${'a'.repeat(129)}: __typename }`,
    says: 'Alias: at most 128 characters, but got 129.',
  },
]

describe.each(CASES)('$limit', ({ limit, within, over, says, variables }) => {
  it(`admits an operation at the limit: ${limit}`, async () => {
    const { status, text } = await gateway.request(within(), variables?.().within)
    expect([status, /QUERY_TOO_COMPLEX|VALIDATION/.test(text)]).toEqual([200, false])
  })

  it.each(['application/json', 'application/graphql-response+json'])(
    `refuses an operation one over ${limit} as %s: 400, limit and figure in the message, no upstream call`,
    async (accept) => {
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: JSON.stringify({ query: over(), variables: variables?.().over }),
      })
      expect([response.status, response.headers.get('content-type')]).toEqual([400, `${accept}; charset=utf-8`])
      expect(await response.json()).toEqual({
        errors: [
          {
            message: says,
            extensions: {
              code: 'QUERY_TOO_COMPLEX',
              requestId: response.headers.get('x-request-id'),
              retryable: false,
            },
          },
        ],
      })
      expect(gateway.sandbox.log.count()).toBe(0)
    },
  )
})

describe('limits', () => {
  it('reports every limit that an operation exceeds', async () => {
    const query = `{ ${times(61, (n) => `a${n}: __typename`)} }`
    const { errors } = await gateway.request(query)
    expect(errors?.map(({ message }) => message)).toEqual([
      'MAX_ALIASES: at most 60, but got 61; MAX_ROOT_FIELDS: at most 60, but got 61.',
    ])
  })

  it('applies the limits again when an admitted operation comes with other variables', async () => {
    const query = 'query Again($ids: [ID!]!) { accountsByIds(ids: $ids) { id } }'
    expect((await gateway.request(query, { ids: idsOf(1) })).status).toBe(200)
    expect((await gateway.request(query, { ids: idsOf(101) })).status).toBe(400)
    expect((await gateway.request(query, { ids: idsOf(1) })).status).toBe(200)
  })

  it('takes the limits from the settings', async () => {
    const strict = await startTestGateway({ env: { MAX_DEPTH: '1', MAX_UPSTREAM_CALLS: '1', MAX_TOKENS: '60' } })
    try {
      const { errors } = await strict.request(`{ a: ${link('id')} b: ${link('id')} }`)
      expect(errors?.[0]?.message).toBe('MAX_DEPTH: at most 1, but got 2.')
      expect((await strict.request(`{ a: ${link('__typename')} b: ${link('__typename')} }`)).errors?.[0]?.message).toBe(
        'MAX_UPSTREAM_CALLS: at most 1, but got 3.',
      )
      expect(strict.sandbox.log.count()).toBe(0)
    } finally {
      await strict.stop()
    }
  })

  it('stops a running request whose calls exceed its cost, over an upstream without pagination', async () => {
    const strict = await startTestGateway({ env: { MAX_UPSTREAM_CALLS: '5' } })
    try {
      strict.sandbox.behaviour.change({ pagination: 'absent', ignorePerPage: true, perPageDefault: 5 })
      const { errors, data } = await strict.request(
        `{ paymentLinks(accountId: "${accountId}", last: 1) { totalCount } }`,
      )
      // Its cost is 5, but without pagination the end of 200 links in pages of 5 is 40 pages away.
      expect(data).toEqual({ paymentLinks: null })
      expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['QUERY_TOO_COMPLEX'])
      const { log } = strict.sandbox
      expect(log.count() - log.count('token')).toBe(5)
    } finally {
      await strict.stop()
    }
  })
})
