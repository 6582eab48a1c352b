import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway, type TestWorld } from '../support/gateway.js'
import { readPage } from '../support/markdown.js'

/** Accounts of one merchant: six with 100 links each, and 250 with two each. */
const accountOf = (index: number) => `01HZ7N9K3R0F2QW3X4Y5Z6${String(index).padStart(4, '0')}`
const LARGE = Array.from({ length: 6 }, (_, index) => accountOf(index))
const SMALL = Array.from({ length: 250 }, (_, index) => accountOf(100 + index))
const UNKNOWN = accountOf(9999)

function world(): TestWorld {
  const merchant = { name: 'merchant', apiKey: 'key', clientId: 'client', clientSecret: 'secret' }
  const accounts = [...LARGE, ...SMALL].map((id, index) => ({
    id,
    key: index + 1,
    merchant: 'merchant',
    name: `Toko ${index}`,
    email: `toko${index}@example.id`,
    phone: '0812000000',
    status: 'active',
  }))
  const linksOf = (accountId: string, count: number) =>
    Array.from({ length: count }, () => ({ accountId, createdAtMs: 1_760_000_000_000 }))
  const links = [...LARGE.flatMap((id) => linksOf(id, 100)), ...SMALL.flatMap((id) => linksOf(id, 2))]
  return { merchants: [merchant], accounts, links }
}

type Representation = Readonly<Record<string, unknown>>
type Found = Readonly<Record<string, unknown>> | null

const ENTITIES = `query Entities($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename
    ... on PaymentLink { id accountId account { name } }
    ... on Account { id name }
  }
}`

let gateway: TestGateway
beforeAll(async () => {
  gateway = await startTestGateway({ sandbox: { seed: world } })
})
afterAll(() => gateway.stop())
afterEach(() => gateway.sandbox.faults.clear())

function linkOf(accountId: string, index = 0): Representation {
  const link = gateway.sandbox.linksOf(accountId)[index]
  return { __typename: 'PaymentLink', accountId, id: String(link?.id) }
}

/** Resolves references, and counts the upstream calls without those for a token. */
async function entities(representations: readonly unknown[], query = ENTITIES) {
  gateway.sandbox.log.clear()
  const { data, errors, status, text } = await gateway.request<{ _entities: Found[] }, unknown>(query, {
    representations,
  })
  const { log } = gateway.sandbox
  return { found: data?._entities, errors, status, text, calls: log.count() - log.count('token') }
}

describe('references', () => {
  it('resolves 50 references of two accounts in their order, in at most 8 calls', async () => {
    const wanted = Array.from({ length: 50 }, (_, n) => linkOf(LARGE[n % 2] ?? '', (n * 7) % 100))
    const { found, errors, calls } = await entities(wanted)
    expect(errors).toBeUndefined()
    expect(found).toMatchObject(wanted)
    // At most 8 is the promise; docs/composition.md says 2.
    expect(calls).toBe(2)
  })

  it('reads each account once, however many references name it', async () => {
    const wanted = [LARGE[0], LARGE[1], LARGE[0]].map((id) => ({ __typename: 'Account', id }))
    const { found, calls } = await entities(wanted)
    expect(found).toEqual(
      [0, 1, 0].map((index) => ({ __typename: 'Account', id: LARGE[index], name: `Toko ${index}` })),
    )
    expect(calls).toBe(2)
  })

  it('shares reads between references of both types', async () => {
    const [accountId = ''] = LARGE
    const wanted = [0, 1, 2, 3].map((index) => linkOf(accountId, index))
    const { found, calls } = await entities([...wanted, { __typename: 'Account', id: accountId }])
    expect(found).toMatchObject([...wanted, { __typename: 'Account', id: accountId, name: 'Toko 0' }])
    expect(calls).toBe(1)
  })

  it('accepts a reference with a numeric id and extra fields, as other subgraphs may send it', async () => {
    const link = linkOf(LARGE[0] ?? '')
    const { found, errors } = await entities([{ ...link, id: Number(link['id']), title: 'of theirs' }])
    expect(errors).toBeUndefined()
    expect(found).toMatchObject([link])
  })

  it('resolves a reference to a missing object to null, without an error', async () => {
    const [accountId = ''] = LARGE
    const { found, errors } = await entities([
      { __typename: 'PaymentLink', accountId, id: '999999999' },
      { __typename: 'PaymentLink', accountId: UNKNOWN, id: '1' },
      { __typename: 'Account', id: UNKNOWN },
      linkOf(accountId),
    ])
    expect(errors).toBeUndefined()
    expect(found).toEqual([null, null, null, expect.objectContaining(linkOf(accountId))])
  })

  it('accepts an empty list of references', async () => {
    expect(await entities([])).toMatchObject({ found: [], calls: 0 })
  })
})

describe('an invalid reference', () => {
  const [accountId = ''] = LARGE
  const WRONG: readonly (readonly [string, unknown, RegExp])[] = [
    ['has an unknown __typename', { __typename: 'Refund', id: '1' }, /__typename .* entity, but got: "Refund"/],
    ['has a __typename that is not an entity', { __typename: 'Item', name: 'x' }, /__typename .* but got: "Item"/],
    ['has a __typename that is not text', { __typename: { a: 1 } }, /__typename .* but got: an object/],
    ['has no __typename', { accountId, id: '1' }, /__typename .* but got: undefined/],
    ['is not an object', 'PaymentLink', /representation must be an object, but got: "PaymentLink"/],
    ['is a list', [], /representation must be an object, but got: an array/],
    ['lacks a field of the key', { __typename: 'PaymentLink', id: '1' }, /"accountId id", but got: "id"/],
    ['has null in its key', { __typename: 'Account', id: null }, /Account\.id must be of type ID!, but got: null/],
    [
      'has an object in its key',
      { __typename: 'Account', id: {} },
      /Account\.id must be of type ID!, but got: an object/,
    ],
    ['has an invalid account id', { __typename: 'Account', id: 'x/../y' }, /account id is a ULID/],
    ['has an invalid link id', { __typename: 'PaymentLink', accountId, id: '0' }, /whole number/],
  ]

  it.each(WRONG)('fails only the invalid reference, which %s', async (_what, wrong, message) => {
    const link = linkOf(accountId)
    const { found, errors, status } = await entities([link, wrong, link])
    expect(status).toBe(200)
    expect(found).toMatchObject([link, null, link])
    expect(errors).toHaveLength(1)
    expect(errors?.[0]).toMatchObject({
      message: expect.stringMatching(message),
      path: ['_entities', 1],
      extensions: { code: 'BAD_USER_INPUT', retryable: false },
    })
  })

  it('makes no upstream call for an invalid reference', async () => {
    expect(await entities(WRONG.map(([, wrong]) => wrong))).toMatchObject({ calls: 0 })
  })
})

describe('a reference whose upstream call fails', () => {
  it('fails only the reference whose upstream call fails, with the code of that call', async () => {
    const [good = '', bad = ''] = LARGE
    gateway.sandbox.faults.add({ kind: 'empty-503', accountId: bad })
    const { found, errors } = await entities([linkOf(bad), linkOf(good)])
    expect(found).toMatchObject([null, linkOf(good)])
    expect(errors).toMatchObject([{ path: ['_entities', 0], extensions: { code: 'UPSTREAM_UNAVAILABLE' } }])
  })
})

describe('the cost limit of key lists', () => {
  const QUERY = `query ($first: [PaymentLinkKey!]!, $second: [PaymentLinkKey!]!, $ids: [ID!]!) {
    a: paymentLinksByKeys(keys: $first) { id }
    b: paymentLinksByKeys(keys: $second) { id }
    accountsByIds(ids: $ids) { id }
  }`
  const keys = (accounts: readonly string[], count: number) =>
    Array.from({ length: count }, (_, n) => {
      const { accountId, id } = linkOf(accounts[n % accounts.length] ?? '', Math.floor(n / accounts.length))
      return { accountId, id }
    })

  it.each([
    ['150 links of three accounts in lists of 100 and 50', 100, 50, 3, 0],
    ['100 links of one account, and an account', 100, 0, 1, 1],
    ['100 links of six accounts, and the accounts', 100, 0, 6, 6],
  ])('admits %s as keys', async (_what, first, second, accountCount, ids) => {
    const accounts = LARGE.slice(0, accountCount)
    const all = keys(accounts, first + second)
    const variables = { first: all.slice(0, first), second: all.slice(first), ids: LARGE.slice(0, ids) }
    gateway.sandbox.log.clear()
    const { data, errors } = await gateway.request<Record<'a' | 'b' | 'accountsByIds', Found[]>, unknown>(
      QUERY,
      variables,
    )
    const { log } = gateway.sandbox
    expect(errors).toBeUndefined()
    const idsOf = (found: readonly Found[] = []) => found.map((one) => one?.['id'])
    expect([...idsOf(data?.a), ...idsOf(data?.b)]).toEqual(all.map(({ id }) => id))
    expect(idsOf(data?.accountsByIds)).toEqual(variables.ids)
    expect(log.count() - log.count('token')).toBeLessThanOrEqual(2 * accountCount + ids)
  })

  it('admits keys of 100 links of 100 accounts, and refuses 200 links of 200 accounts and one account', async () => {
    const all = SMALL.map((accountId) => linkOf(accountId)).map(({ accountId, id }) => ({ accountId, id }))
    const few = await gateway.request(QUERY, { first: all.slice(0, 100), second: [], ids: [] })
    expect(few.errors).toBeUndefined()
    const many = await gateway.request(QUERY, {
      first: all.slice(0, 100),
      second: all.slice(100, 200),
      ids: [all[0]?.accountId],
    })
    expect(many.errors?.[0]?.message).toBe('MAX_UPSTREAM_CALLS: at most 200, but got 201.')
  })
})

describe('the cost limit of references', () => {
  const IDS = `query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename } }`

  it('admits 1000 references to links of six accounts', async () => {
    const wanted = Array.from({ length: 1000 }, (_, n) => linkOf(LARGE[n % 6] ?? '', n % 100))
    const { found, errors, calls } = await entities(wanted, IDS)
    expect(errors).toBeUndefined()
    expect(found?.filter((one) => one?.['__typename'] === 'PaymentLink')).toHaveLength(1000)
    expect(calls).toBeLessThanOrEqual(6 * 2)
  })

  it.each<[string, number, () => Representation[]]>([
    ['one link of each of 101 accounts', 101, () => SMALL.slice(0, 101).map((accountId) => linkOf(accountId))],
    ['one link of each of 200 accounts', 200, () => SMALL.slice(0, 200).map((accountId) => linkOf(accountId))],
    [
      'two links of each of 60 accounts',
      120,
      () => SMALL.slice(0, 60).flatMap((accountId) => [linkOf(accountId), linkOf(accountId, 1)]),
    ],
    [
      '50 links of each of three accounts, and one of each of 100',
      103,
      () => [
        ...LARGE.slice(0, 3).flatMap((accountId) => Array.from({ length: 50 }, (_, n) => linkOf(accountId, n))),
        ...SMALL.slice(0, 100).map((accountId) => linkOf(accountId)),
      ],
    ],
  ])('admits references to %s', async (_what, callsMax, representations) => {
    const wanted = representations()
    const { found, errors, calls } = await entities(wanted, IDS)
    expect(errors).toBeUndefined()
    expect(found?.filter((one) => one?.['__typename'] === 'PaymentLink')).toHaveLength(wanted.length)
    expect(calls).toBeLessThanOrEqual(callsMax)
  })

  it('refuses more than 1000 references', async () => {
    const { errors, status, calls } = await entities(
      Array.from({ length: 1001 }, () => linkOf(LARGE[0] ?? '')),
      IDS,
    )
    expect([status, calls]).toEqual([400, 0])
    expect(errors?.[0]).toMatchObject({
      message: 'MAX_KEYS: at most 1000 references, but got 1001.',
      extensions: { code: 'QUERY_TOO_COMPLEX' },
    })
  })

  it.each([
    ['links', () => SMALL.map((accountId) => linkOf(accountId))],
    ['accounts', () => SMALL.map((id) => ({ __typename: 'Account', id }))],
  ])('refuses references to %s of 250 accounts', async (_what, representations) => {
    const { errors, status, calls } = await entities(representations(), IDS)
    expect([status, calls]).toEqual([400, 0])
    expect(errors?.[0]?.message).toMatch(/^MAX_UPSTREAM_CALLS: at most 200, but got \d+\.$/)
  })

  it('stops references at the limit on calls when their links turn out not to exist', async () => {
    const wanted = Array.from({ length: 500 }, (_, n) => ({ ...linkOf(LARGE[0] ?? ''), id: String(900_000_000 + n) }))
    const { found, errors, calls } = await entities(wanted, IDS)
    expect(calls).toBeLessThanOrEqual(200)
    expect(found).toEqual(wanted.map(() => null))
    const cutOff = errors?.filter(({ extensions }) => extensions.code === 'QUERY_TOO_COMPLEX')
    expect(cutOff?.length).toBeGreaterThanOrEqual(wanted.length - 200)
  })
})

describe('the limit that docs/composition.md recommends for supergraphs', () => {
  const [, recommended = ''] = /MAX_UPSTREAM_CALLS=(\d+)/.exec(readPage('docs/composition.md')) ?? []

  it('admits two links of each of 250 accounts, with account names, in one call per account, at the limit recommended for supergraphs', async () => {
    const roomy = await startTestGateway({ sandbox: { seed: world }, env: { MAX_UPSTREAM_CALLS: recommended } })
    try {
      const representations = SMALL.flatMap((accountId) => [linkOf(accountId), linkOf(accountId, 1)])
      const { data, errors } = await roomy.request<{ _entities: Found[] }, unknown>(ENTITIES, { representations })
      expect(errors).toBeUndefined()
      expect(data?._entities.map((one) => one?.['account'])).toEqual(
        representations.map(() => ({ name: expect.stringMatching(/^Toko/) })),
      )
      const { log } = roomy.sandbox
      expect(log.count() - log.count('token')).toBeLessThanOrEqual(500)
    } finally {
      await roomy.stop()
    }
  })
})
