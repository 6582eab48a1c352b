import { beforeAll, describe, expect, it } from 'vitest'
import { AccountsByIdsDocument, PaymentLinksByKeysDocument } from '../../../src/client/graphql.js'
import { type BehaviourChanges, gatewayOfFile, startTestGateway, type TestWorld } from '../../support/gateway.js'
import { barrier } from '../../support/with-upstream.js'

/** Accounts of one merchant: `A0` with 200 links, nine more with 30 each, one empty. */
const accountOf = (index: number) => `01HZ7N9K3R0F2QW3X4Y5Z6V7${String(index).padStart(2, '0')}`
const BIG = accountOf(0)
const TEN = Array.from({ length: 10 }, (_, index) => accountOf(index))
const EMPTY = accountOf(10)
const UNKNOWN = accountOf(99)

function world(): TestWorld {
  const merchant = { name: 'merchant', apiKey: 'key', clientId: 'client', clientSecret: 'secret' }
  const accounts = [...TEN, EMPTY].map((id, index) => ({
    id,
    key: index + 1,
    merchant: 'merchant',
    name: `Toko ${index}`,
    email: `toko${index}@example.id`,
    phone: '0812000000',
    status: 'active',
  }))
  const links = TEN.flatMap((accountId, index) =>
    Array.from({ length: index === 0 ? 200 : 30 }, () => ({ accountId, createdAtMs: 1_760_000_000_000 })),
  )
  return { merchants: [merchant], accounts, links }
}

const gateway = gatewayOfFile({ sandbox: { seed: world } })
let ids: readonly string[]
beforeAll(() => {
  ids = gateway.sandbox.linksOf(BIG).map((link) => String(link.id))
})

/** Runs an operation and counts its calls, without those for tokens. */
async function callsOf(query: string, variables?: Record<string, unknown>) {
  gateway.sandbox.log.clear()
  const response = await gateway.request<Record<string, never>, Record<string, unknown>>(query, variables)
  const { log } = gateway.sandbox
  return {
    response,
    calls: log.count() - log.count('token'),
    lists: log.count('list'),
    shows: log.count('show'),
  }
}

/** Holds every page back until so many are requested: only calls side by side get there. */
function holdLists(count: number): () => void {
  const arrive = barrier(count)
  return gateway.sandbox.beforeResponse(({ operation }) => (operation === 'list' ? arrive() : undefined))
}

/** Every fourth link of the account. */
const scattered = () => ids.filter((_, index) => index % 4 === 1)
const aliases = (wanted: readonly string[]) =>
  wanted.map((id) => `l${id}: paymentLink(accountId: "${BIG}", id: "${id}") { id }`).join('\n')
const byKeys = (wanted: readonly string[]) =>
  `paymentLinksByKeys(keys: [${wanted.map((id) => `{ accountId: "${BIG}", id: "${id}" }`).join(' ')}]) { id }`

const VARIANTS: readonly [string, BehaviourChanges][] = [
  ['pagination in camelCase', {}],
  ['pagination in snake_case', { pagination: 'snake' }],
  ['pagination in meta', { pagination: 'meta' }],
  ['pagination as text', { pagination: 'text' }],
  ['pagination empty', { pagination: 'empty' }],
  ['pagination absent', { pagination: 'absent' }],
  ['per_page ignored', { ignorePerPage: true }],
  ['per_page ignored and pagination absent', { ignorePerPage: true, pagination: 'absent' }],
  ['pages of at most 50', { perPageMax: 50 }],
  ['oldest first', { order: 'oldest' }],
]

describe('50 scattered links of an account of 200', () => {
  for (const [name, behaviour] of VARIANTS) {
    it(`takes at most 9 calls for 50 scattered links as aliases, as keys and mixed, with ${name}`, async () => {
      const wanted = scattered()
      const halves = [
        wanted.filter((_, index) => index % 2 === 0),
        wanted.filter((_, index) => index % 2 === 1),
      ] as const
      // Earlier requests leave hints about how the upstream pages: a new gateway has none.
      const fresh = await startTestGateway({ sandbox: { seed: world } })
      try {
        fresh.sandbox.behaviour.change(behaviour)
        for (const query of [
          `{ ${aliases(wanted)} }`,
          `{ ${byKeys(wanted)} }`,
          `{ ${aliases(halves[0])} ${byKeys(halves[1])} }`,
        ]) {
          fresh.sandbox.log.clear()
          const { data, errors } = await fresh.request<Record<string, unknown>, never>(query)
          expect(errors).toBeUndefined()
          const seen = Object.values(data ?? {})
            .flat()
            .map((link) => (link as { id: string }).id)
          expect(seen.sort()).toEqual([...wanted].sort())
          expect(fresh.sandbox.log.count() - fresh.sandbox.log.count('token')).toBeLessThanOrEqual(9)
        }
      } finally {
        await fresh.stop()
      }
    })
  }
})

describe('the calls of one request', () => {
  it('takes one call for the same link thirty times', async () => {
    const id = ids[123] as string
    const many = Array.from(
      { length: 30 },
      (_, n) => `a${n}: paymentLink(accountId: "${BIG}", id: "${id}") { id title }`,
    )
    const { calls, response } = await callsOf(`{ ${many.join('\n')} }`)
    expect(Object.keys(response.data ?? {})).toHaveLength(30)
    expect(calls).toBe(1)
  })

  it('takes ten calls side by side for the first pages of ten accounts', async () => {
    const letGo = holdLists(TEN.length)
    const roots = TEN.map((id, n) => `a${n}: paymentLinks(accountId: "${id}") { nodes { id accountId } }`)
    const { calls, response } = await callsOf(`{ ${roots.join('\n')} }`).finally(letGo)
    expect(response.errors).toBeUndefined()
    expect(calls).toBe(10)
    expect(gateway.sandbox.log.peakConcurrency('list')).toBe(10)
    for (const [n, id] of TEN.entries()) {
      const { nodes } = (response.data as unknown as Record<string, { nodes: { accountId: string }[] }>)[`a${n}`] ?? {}
      expect(nodes?.map(({ accountId }) => accountId)).toEqual(Array.from({ length: 25 }, () => id))
    }
  })

  it('takes ten calls side by side for ten accounts by id with their links', async () => {
    const letGo = holdLists(TEN.length)
    gateway.sandbox.log.clear()
    const { data, errors } = await gateway.request(AccountsByIdsDocument, { ids: TEN, first: 25 }).finally(letGo)
    expect(errors).toBeUndefined()
    expect(data?.accountsByIds.map((account) => account?.name)).toEqual(TEN.map((_, n) => `Toko ${n}`))
    expect(data?.accountsByIds.map((account) => account?.paymentLinks?.totalCount)).toEqual([200, ...Array(9).fill(30)])
    expect(gateway.sandbox.log.count('list')).toBe(10)
    expect(gateway.sandbox.log.peakConcurrency('list')).toBe(10)
  })

  it.each([
    ['the page first', (page: string, link: string) => `{ ${page} ${link} }`],
    ['the link first', (page: string, link: string) => `{ ${link} ${page} }`],
  ])('takes one call for a page and links on it, %s', async (_name, inOrder) => {
    const page = `paymentLinks(accountId: "${BIG}", first: 25) { nodes { id } }`
    const link = `one: paymentLink(accountId: "${BIG}", id: "${ids[7]}") { id title } ${byKeys(ids.slice(10, 20))}`
    const { calls, response } = await callsOf(inOrder(page, link))
    expect(response.data).toMatchObject({ one: { id: ids[7] } })
    expect(calls).toBe(1)
  })

  it('takes one call per page of a slice, and none more for a link far down in it', async () => {
    gateway.sandbox.behaviour.change({ ignorePerPage: true, perPageDefault: 10 })
    const account = accountOf(9)
    const far = gateway.sandbox.linksOf(account).at(28)?.id
    const { calls } = await callsOf(
      `{ paymentLink(accountId: "${account}", id: "${far}") { id } paymentLinks(accountId: "${account}", first: 30) { nodes { id } } }`,
    )
    expect(calls).toBe(3)
  })

  it("takes no call for the account's id under a link", async () => {
    const { calls, response } = await callsOf(
      `{ paymentLink(accountId: "${BIG}", id: "${ids[0]}") { account { id } } }`,
    )
    expect(response.data).toEqual({ paymentLink: { account: { id: BIG } } })
    expect(calls).toBe(1)
  })

  it('makes no call for account facts that the link rows carry', async () => {
    const { calls, response } = await callsOf(
      `{ paymentLinks(accountId: "${BIG}", first: 100) { nodes { account { id name email phone status } } } }`,
    )
    expect(response.errors).toBeUndefined()
    expect(calls).toBe(1)
  })

  it('takes one page for account facts that single reads leave out, however many links ask', async () => {
    gateway.sandbox.behaviour.change({ showDialect: { account: 'brief' } })
    const { lists, shows, response } = await callsOf(
      `{ a: paymentLink(accountId: "${BIG}", id: "${ids[0]}") { account { name email } }
         b: paymentLink(accountId: "${BIG}", id: "${ids[199]}") { account { status phone } } }`,
    )
    expect(response.data).toEqual({
      a: { account: { name: 'Toko 0', email: 'toko0@example.id' } },
      b: { account: { status: 'ACTIVE', phone: '0812000000' } },
    })
    expect({ lists, shows }).toEqual({ lists: 1, shows: 2 })
  })

  it.each([
    ['an account by itself', `{ account(id: "${BIG}") { id name } }`],
    ['an account of which only the id is selected', `{ account(id: "${BIG}") { id } }`],
    [
      'an account and its links',
      `{ account(id: "${BIG}") { id name paymentLinks { nodes { id account { name } } } } }`,
    ],
    ['an account twice', `{ account(id: "${BIG}") { id } accountsByIds(ids: ["${BIG}", "${BIG}"]) { name } }`],
    [
      'an account and the page beside it',
      `{ account(id: "${BIG}") { name } paymentLinks(accountId: "${BIG}") { totalCount } }`,
    ],
    ['an account without links', `{ account(id: "${EMPTY}") { id name email phone status } }`],
  ])('takes one call for %s', async (_name, query) => {
    const { calls, response } = await callsOf(query)
    expect(response.errors).toBeUndefined()
    expect(calls).toBe(1)
  })
})

describe('keys of nothing', () => {
  it('returns null for missing links after reading each singly, at no cost to the others', async () => {
    const gone = ['987654321', '987654322', '987654323']
    const wanted = [ids[5], gone[0], ids[190], gone[1], gone[2]] as string[]
    gateway.sandbox.log.clear()
    const { data, errors } = await gateway.request(PaymentLinksByKeysDocument, {
      keys: wanted.map((id) => ({ accountId: BIG, id })),
    })
    expect(errors).toBeUndefined()
    expect(data?.paymentLinksByKeys.map((link) => link?.id ?? null)).toEqual([ids[5], null, ids[190], null, null])
    const shown = gateway.sandbox.log.entries
      .filter(({ operation }) => operation === 'show')
      .map(({ linkId }) => linkId)
    expect(shown).toEqual(expect.arrayContaining(gone))
  })

  it("returns null for another account's link and for an account that does not exist", async () => {
    const { response } = await callsOf(`query ($keys: [PaymentLinkKey!]!) { paymentLinksByKeys(keys: $keys) { id } }`, {
      keys: [
        { accountId: accountOf(3), id: ids[0] },
        { accountId: UNKNOWN, id: ids[0] },
        { accountId: EMPTY, id: ids[0] },
        { accountId: BIG, id: ids[0] },
      ],
    })
    expect(response.errors).toBeUndefined()
    expect(response.data).toEqual({ paymentLinksByKeys: [null, null, null, { id: ids[0] }] })
  })

  it('takes one call for a whole batch of an account that does not exist', async () => {
    const { calls, response } = await callsOf(
      `{ paymentLinksByKeys(keys: [${ids
        .slice(0, 40)
        .map((id) => `{ accountId: "${UNKNOWN}", id: "${id}" }`)
        .join(' ')}]) { id } }`,
    )
    expect(response.data).toEqual({ paymentLinksByKeys: Array(40).fill(null) })
    expect(calls).toBe(1)
  })

  it('fails each malformed key alone', async () => {
    const { response } = await callsOf(
      `{ paymentLinksByKeys(keys: [{ accountId: "${BIG}", id: "${ids[0]}" } { accountId: "nope", id: "1" } { accountId: "${BIG}", id: "0" }]) { id } }`,
    )
    expect(response.data).toEqual({ paymentLinksByKeys: [{ id: ids[0] }, null, null] })
    expect(response.errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['paymentLinksByKeys', 1], 'BAD_USER_INPUT'],
      [['paymentLinksByKeys', 2], 'BAD_USER_INPUT'],
    ])
  })

  it('refuses more than 100 keys altogether', async () => {
    const { response, calls } = await callsOf(
      `{ paymentLinksByKeys(keys: [${Array.from({ length: 101 }, () => `{ accountId: "${BIG}", id: "1" }`).join(' ')}]) { id } }`,
    )
    expect(response.errors?.[0]).toMatchObject({
      message: expect.stringMatching(/100.*101/),
      extensions: { code: 'QUERY_TOO_COMPLEX', retryable: false },
    })
    expect(calls).toBe(0)
  })
})

describe('a failure', () => {
  it('reads the links of a failed page singly', async () => {
    gateway.sandbox.behaviour.change({ ignorePerPage: true })
    await callsOf(`{ ${byKeys(scattered())} }`)
    const off = gateway.sandbox.beforeResponse(({ operation, query }) => {
      if (operation === 'list' && query.get('page') === '3') throw new Error('page 3 is broken')
    })
    const { response, shows } = await callsOf(`{ ${byKeys(scattered())} }`)
    off()
    expect(response.errors).toBeUndefined()
    expect(shows).toBeGreaterThan(0)
    expect(shows).toBeLessThanOrEqual(7)
  })

  it('fails only the key whose read fails', async () => {
    gateway.sandbox.faults.add({ kind: 'json-500', operation: 'show', linkId: ids[100] as string })
    const { response } = await callsOf(`{ ${byKeys([ids[0], ids[100]] as string[])} }`)
    expect(response.data).toEqual({ paymentLinksByKeys: [{ id: ids[0] }, null] })
    expect(response.errors).toMatchObject([
      { path: ['paymentLinksByKeys', 1], extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } },
    ])
  })

  it('fails only the account whose read fails', async () => {
    gateway.sandbox.faults.add({ kind: 'html-500', operation: 'list', accountId: accountOf(4) })
    const { response } = await callsOf(`{ accountsByIds(ids: [${TEN.map((id) => `"${id}"`).join(' ')}]) { id } }`)
    const { accountsByIds } = response.data as unknown as { accountsByIds: ({ id: string } | null)[] }
    expect(accountsByIds.map((account) => account?.id ?? null)).toEqual(TEN.map((id, n) => (n === 4 ? null : id)))
    expect(response.errors).toMatchObject([
      { path: ['accountsByIds', 4], extensions: { code: 'UPSTREAM_UNAVAILABLE', upstreamStatus: 500 } },
    ])
  })
})
