import { describe, expect, it } from 'vitest'
import { type LinkRecord, LinkStore, lifecycleOf } from '../../../../src/resources/payment-link/sandbox/records.js'
import { believableLinks } from '../../../../src/resources/payment-link/sandbox/seed.js'
import { DEFAULT_DIRECTORY } from '../../../../src/sandbox/directory.js'
import { MAIN_ACCOUNT, NOON } from '../../../sandbox/sandbox-client.js'

const DAY_MS = 24 * 60 * 60 * 1000

function linksAt(nowMs: number): readonly LinkRecord[] {
  const { accounts } = DEFAULT_DIRECTORY
  const store = new LinkStore({ accounts, now: () => nowMs }, believableLinks(nowMs))
  return accounts.flatMap(({ id }) => store.linksOf(id))
}

describe('the default links', () => {
  it('seeds five accounts of 200, 47, 7, 0 and 12 links, and two of another merchant', () => {
    const { merchants, accounts } = DEFAULT_DIRECTORY
    const links = believableLinks(NOON)
    expect(merchants.map(({ name }) => name)).toEqual(['merchant', 'other-merchant'])
    expect(accounts[0]?.id).toBe(MAIN_ACCOUNT)
    const counts = accounts.map(({ id, merchant }) => [merchant, links.filter((link) => link.accountId === id).length])
    expect(counts).toEqual([
      ['merchant', 200],
      ['merchant', 47],
      ['merchant', 7],
      ['merchant', 0],
      ['merchant', 12],
      ['other-merchant', 12],
      ['other-merchant', 3],
    ])
    for (const { id } of accounts) expect(id).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/)
  })

  it('seeds the same links for the same start time, and the same ids, amounts and states for any other', () => {
    expect(believableLinks(NOON)).toEqual(believableLinks(NOON))
    const lasting = (nowMs: number): unknown =>
      linksAt(nowMs).map((link) => [link.id, link.accountId, link.totalAmount, link.items, link.status, link.maxUsage])
    expect(lasting(NOON + 400 * DAY_MS + 12_345)).toEqual(lasting(NOON))
  })

  it('seeds unique ids and references, with ids in order of creation', () => {
    const links = linksAt(NOON).toSorted((a, b) => a.id - b.id)
    expect(new Set(links.map(({ id }) => id)).size).toBe(links.length)
    expect(new Set(links.map(({ reffNo }) => reffNo)).size).toBe(links.length)
    const times = links.map(({ createdAtMs }) => createdAtMs)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    for (const { reffNo } of links) expect(reffNo).toMatch(/^[A-Za-z0-9-]{1,40}$/)
  })

  it('seeds correct sums, no payment beyond max_usage and no date in the future', () => {
    for (const link of linksAt(NOON)) {
      const sum = link.items?.reduce((total, item) => total + item.quantity * item.unitPrice, 0) ?? link.totalAmount
      expect(sum).toBe(link.totalAmount)
      expect(link.totalAmount).toBeGreaterThanOrEqual(10_000)
      if (link.maxUsage > 0) expect(link.currentUsage).toBeLessThanOrEqual(link.maxUsage)
      expect(link.updatedAtMs).toBeLessThanOrEqual(NOON)
      expect(link.updatedAtMs).toBeGreaterThanOrEqual(link.createdAtMs)
      expect(link.createdAtMs % 1000).toBe(0)
    }
  })

  it('seeds links of every status, with discounts and absent fields', () => {
    const links = linksAt(NOON).filter(({ accountId }) => accountId === MAIN_ACCOUNT)
    const some = (claim: (link: LinkRecord) => boolean): number => links.filter(claim).length
    const computed = (status: string) => (link: LinkRecord) => lifecycleOf(link, NOON).statusComputed === status
    expect(some(computed('open'))).toBeGreaterThan(60)
    expect(some(computed('closed'))).toBeGreaterThan(10)
    expect(some((link) => link.status === 'open' && computed('expired')(link))).toBeGreaterThan(10)
    expect(some((link) => link.status === 'expired')).toBeGreaterThan(10)
    expect(some((link) => link.currentUsage > 0)).toBeGreaterThan(20)
    expect(some((link) => link.items?.some((item) => item.unitPrice < 0) ?? false)).toBeGreaterThan(5)
    for (const key of ['title', 'items', 'whitelist', 'redirectUrl', 'paymentDateMs', 'expiredAtMs'] as const) {
      expect(some((link) => link[key] === null)).toBeGreaterThan(3)
      expect(some((link) => link[key] !== null)).toBeGreaterThan(3)
    }
    expect(some((link) => link.maxUsage === 0)).toBeGreaterThan(1)
  })
})
