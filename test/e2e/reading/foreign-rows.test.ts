import { afterEach, describe, expect, it } from 'vitest'
import { AccountsByIdsDocument, PaymentLinkDocument, PaymentLinksDocument } from '../../../src/client/graphql.js'
import { gatewayOfFile } from '../../support/gateway.js'
import { MAIN, MIDDLE, SMALL, storedIds } from './walking.js'

const gateway = gatewayOfFile()
const planted = new Set<number>()
afterEach(() => {
  for (const id of planted) gateway.sandbox.setLinkRaw(SMALL, id, null)
  planted.clear()
})

const STRANGER = { name: 'Stranger', email: 'stranger@example.id', phone: '0899', status: 'rejected' }

/** Rows in the list of SMALL that name another account. */
const FOREIGN: readonly [string, Record<string, unknown>][] = [
  ['account.id', { account: { id: MIDDLE, ...STRANGER } }],
  ['account.id in lower case', { account: { id: MIDDLE.toLowerCase(), ...STRANGER } }],
  ['account as an id', { account: MIDDLE }],
  ['account_id', { account: { id: SMALL, ...STRANGER }, account_id: MIDDLE }],
  ['account_id beside an internal id', { account: { id: 35, ...STRANGER }, account_id: MIDDLE }],
]

/** Rows that may belong to SMALL. */
const OWN: readonly [string, Record<string, unknown>][] = [
  ['account.id', { account: { id: SMALL, ...STRANGER } }],
  ['account.id in lower case', { account: { id: SMALL.toLowerCase(), ...STRANGER } }],
  ['an internal id', { account: { id: 35, ...STRANGER }, account_id: 35 }],
  ['an internal id as text', { account: { id: '35', ...STRANGER }, account_id: '35' }],
  ['account_id', { account: { ...STRANGER }, account_id: SMALL }],
]

function plant(id: string | undefined, set: Record<string, unknown>, only?: readonly string[]): void {
  planted.add(Number(id))
  gateway.sandbox.setLinkRaw(SMALL, Number(id), only === undefined ? { set } : { set, in: only })
}

describe('a row that says it is of another account', () => {
  it.each(FOREIGN)('returns an error in place of a list row that names another account by %s', async (_, set) => {
    const ids = storedIds(gateway, SMALL)
    plant(ids[2], { ...set, title: 'Strange', updated_at: '2040-01-01T00:00:00Z' })
    const { data, errors, text } = await gateway.request(PaymentLinksDocument, { accountId: SMALL, first: 7 })
    const nodes = data?.paymentLinks?.edges.map((edge) => edge?.node?.id ?? null)
    expect(nodes).toEqual(ids.map((id, index) => (index === 2 ? null : id)))
    expect(errors).toMatchObject([
      { path: ['paymentLinks', 'edges', 2, 'node'], extensions: { code: 'UPSTREAM_MALFORMED' } },
    ])
    expect(text).not.toMatch(/strange/i)
    expect(text).not.toContain(MIDDLE)
  })

  it.each(FOREIGN)('takes no account facts from a row that names another account by %s', async (_, set) => {
    for (const id of storedIds(gateway, SMALL)) plant(id, set)
    const { data, text } = await gateway.request(AccountsByIdsDocument, { ids: [SMALL, MIDDLE, MAIN] })
    expect(data?.accountsByIds[0]).toMatchObject({ id: SMALL, name: null, email: null, phone: null, status: null })
    expect(text).not.toMatch(/stranger/i)
  })

  it.each(FOREIGN)('does not show a link that names another account by %s', async (_, set) => {
    const id = storedIds(gateway, SMALL)[4] as string
    plant(id, { ...set, title: 'Strange' })
    const { data, errors, text } = await gateway.request(PaymentLinkDocument, { accountId: SMALL, id })
    expect(data).toEqual({ paymentLink: null })
    expect(errors).toMatchObject([{ path: ['paymentLink'], extensions: { code: 'UPSTREAM_MALFORMED' } }])
    expect(text).not.toMatch(/strange/i)
  })

  it.each(FOREIGN)('does not write a link that names another account by %s', async (_, set) => {
    const id = storedIds(gateway, SMALL)[4] as string
    plant(id, set)
    const { data, errors } = await gateway.request(
      `mutation { updatePaymentLink(input: { accountId: "${SMALL}", id: "${id}", status: CLOSED }) { userErrors { code } } }`,
    )
    expect(data).toEqual({ updatePaymentLink: null })
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_MALFORMED' } }])
    expect(gateway.sandbox.log.count('update')).toBe(0)
  })

  it.each(FOREIGN)('takes nothing for a write from a list row that names another account by %s', async (_, set) => {
    const id = storedIds(gateway, SMALL)[4] as string
    plant(id, { ...set, optional_metadata: { of: 'Stranger' } }, ['list'])
    await gateway.request(
      `mutation { updatePaymentLink(input: { accountId: "${SMALL}", id: "${id}", maxUsage: 999 }) { userErrors { code } } }`,
    )
    const bodies = gateway.sandbox.log.entries.map((entry) => JSON.stringify(entry))
    expect(bodies.join()).not.toContain('Stranger')
  })

  it.each(OWN)('accepts a row that names its own account by %s', async (_, set) => {
    const id = storedIds(gateway, SMALL)[4] as string
    plant(id, set)
    const { data, errors } = await gateway.request(PaymentLinkDocument, { accountId: SMALL, id })
    expect(errors).toBeUndefined()
    expect(data?.paymentLink).toMatchObject({ id, account: { id: SMALL, name: 'Stranger' } })
  })
})
