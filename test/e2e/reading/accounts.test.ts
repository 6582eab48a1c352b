import { afterEach, describe, expect, it } from 'vitest'
import { AccountDocument, AccountsByIdsDocument } from '../../../src/client/graphql.js'
import { gatewayOfFile } from '../../support/gateway.js'
import { EMPTY, FOREIGN, MAIN, MIDDLE, SMALL, storedIds, UNKNOWN } from './walking.js'

const gateway = gatewayOfFile()
afterEach(() => {
  for (const id of planted.splice(0)) gateway.sandbox.setLinkRaw(SMALL, id, null)
})

const planted: number[] = []

/** Gives each row of the small account, newest first, its own account and age. */
function plant(rows: readonly { readonly account: unknown; readonly updatedAt: string }[]): void {
  const ids = storedIds(gateway, SMALL).map(Number)
  for (const [index, id] of ids.entries()) {
    const { account, updatedAt } = rows[index] ?? { account: null, updatedAt: '2020-01-01T00:00:00Z' }
    planted.push(id)
    gateway.sandbox.setLinkRaw(SMALL, id, { set: { account, updated_at: updatedAt } })
  }
}

async function factsOf(id: string) {
  const { data, errors } = await gateway.request<{ account: Record<string, unknown> | null }, object>(
    'query ($id: ID!) { account(id: $id) { id name email phone status } }',
    { id },
  )
  expect(errors).toBeUndefined()
  return data?.account
}

describe('the facts of an account', () => {
  it("reads an account's facts from its link rows", async () => {
    expect(await factsOf(MIDDLE)).toEqual({
      id: MIDDLE,
      name: 'Batik Laras Solo',
      email: 'keuangan@batiklaras.example.id',
      phone: '08123993201',
      status: 'ACTIVE',
    })
    expect(await factsOf(MAIN)).toMatchObject({ name: 'Kopi Nusantara', email: null, phone: null })
  })

  it.each([
    ['whose links are read by key', '{ links: paymentLinksByKeys(keys: $keys) { id } account(id: $id) { name } }'],
    [
      'of which a page past its end is read',
      '{ links: paymentLinks(accountId: $id, offset: 5000) { totalCount } account(id: $id) { name } }',
    ],
  ])('reads the facts of an account %s in the same operation', async (_, selection) => {
    const keys = storedIds(gateway, MIDDLE)
      .slice(0, 3)
      .map((id) => ({ accountId: MIDDLE, id: String(id) }))
    const declared = selection.includes('$keys') ? '$id: ID!, $keys: [PaymentLinkKey!]!' : '$id: ID!'
    const { data } = await gateway.request<{ account: unknown }, object>(`query (${declared}) ${selection}`, {
      id: MIDDLE,
      keys,
    })
    expect(data?.account).toEqual({ name: 'Batik Laras Solo' })
  })

  it('returns only the id of an account without links', async () => {
    expect(await factsOf(EMPTY)).toEqual({ id: EMPTY, name: null, email: null, phone: null, status: null })
  })

  it('takes the newest non-null fact where rows disagree, whatever their order', async () => {
    plant([
      { account: { name: 'Middle', email: null, phone: null, status: 'pending' }, updatedAt: '2026-02-01T00:00:00Z' },
      { account: { name: 'Newest', email: null, phone: '', status: null }, updatedAt: '2026-03-01T00:00:00Z' },
      {
        account: { name: 'Oldest', email: 'old@example.id', phone: '081', status: 'active' },
        updatedAt: '2026-01-01T00:00:00Z',
      },
      { account: { id: 36, name: 'Same age' }, updatedAt: '2025-01-01T00:00:00Z' },
    ])
    expect(await factsOf(SMALL)).toEqual({
      id: SMALL,
      name: 'Newest',
      email: 'old@example.id',
      phone: '081',
      status: 'PENDING',
    })
  })

  it('gives an account with null facts when no row carries them', async () => {
    plant(Array.from({ length: 7 }, () => ({ account: { id: 36, name: 'Brief' }, updatedAt: '2026-01-01T00:00:00Z' })))
    expect(await factsOf(SMALL)).toEqual({ id: SMALL, name: 'Brief', email: null, phone: null, status: null })
  })

  it('identifies the account by the path, never by the integer in the body', async () => {
    gateway.sandbox.behaviour.change({ listDialect: { account: 'brief' }, showDialect: { account: 'brief' } })
    const [id] = storedIds(gateway, SMALL)
    const { data } = await gateway.request<object, never>(
      `{ paymentLink(accountId: "${SMALL}", id: "${id}") { accountId account { id name } } }`,
    )
    expect(data).toEqual({
      paymentLink: { accountId: SMALL, account: { id: SMALL, name: 'Bimbel Cendekia Bandung' } },
    })
  })

  it("reads facts on demand under a link, and keeps the link's own if that read fails", async () => {
    gateway.sandbox.behaviour.change({ showDialect: { account: 'brief' } })
    gateway.sandbox.faults.add({ kind: 'json-500', operation: 'list', accountId: SMALL })
    const [id] = storedIds(gateway, SMALL)
    const { data, errors } = await gateway.request<object, never>(
      `{ paymentLink(accountId: "${SMALL}", id: "${id}") { id account { id name email } } }`,
    )
    gateway.sandbox.faults.clear()
    expect(data).toEqual({
      paymentLink: { id, account: { id: SMALL, name: 'Bimbel Cendekia Bandung', email: null } },
    })
    expect(errors).toMatchObject([
      { path: ['paymentLink', 'account', 'email'], extensions: { code: 'UPSTREAM_UNAVAILABLE', retryable: true } },
    ])
  })
})

describe('accounts by id', () => {
  it('returns accounts in the order of their ids, null for a missing one, an error for a forbidden one', async () => {
    const ids = [SMALL, UNKNOWN, MAIN, FOREIGN, SMALL]
    const { data, errors } = await gateway.request(AccountsByIdsDocument, { ids, first: 1 })
    expect(data?.accountsByIds.map((account) => account?.id ?? null)).toEqual([SMALL, null, MAIN, null, SMALL])
    expect(errors?.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['accountsByIds', 3], 'FORBIDDEN'],
    ])
  })

  it('refuses each malformed account id in its own place', async () => {
    const { data, errors } = await gateway.request(AccountsByIdsDocument, { ids: ['x', MAIN], first: 1 })
    expect(data?.accountsByIds.map((account) => account?.id ?? null)).toEqual([null, MAIN])
    expect(errors).toMatchObject([
      {
        path: ['accountsByIds', 0],
        message: expect.stringMatching(/ULID.*got: "x"/),
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ])
  })

  it('refuses more than 100 keys altogether', async () => {
    const { status, data, errors } = await gateway.request(AccountsByIdsDocument, {
      ids: Array(101).fill(MAIN),
      first: 1,
    })
    expect(errors).toEqual(
      expect.arrayContaining([expect.objectContaining({ message: expect.stringMatching(/MAX_KEYS.*100.*101/) })]),
    )
    expect({ status, data }).toEqual({ status: 400, data: undefined })
  })

  it('returns null for an account that does not exist', async () => {
    const { data, errors } = await gateway.request(AccountDocument, { id: UNKNOWN, first: 1 })
    expect(errors).toBeUndefined()
    expect(data).toEqual({ account: null })
  })
})
