import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toInstant } from '../../../src/kernel/instant.js'
import { Unreadable } from '../../../src/kernel/unreadable.js'
import {
  isVersionOf,
  mergeLinks,
  type PaymentLink,
  versionOf,
} from '../../../src/resources/payment-link/payment-link.model.js'
import { parseJson } from '../../../src/upstream/json/json.js'
import { ACCOUNT_ID, anyDialect, anyStoredLink, NOW, render } from './stored-link.js'
import { parsePaymentLink } from './whole-link.js'

const read = (row: unknown): PaymentLink => parsePaymentLink(row, { accountId: ACCOUNT_ID, now: NOW, path: '$' })

const ROW = {
  id: 103,
  reff_no: 'INV-1',
  status: 'open',
  max_usage: 5,
  current_usage: 0,
  required_customer_detail: true,
  expired_at: '2026-05-31T23:59:59+07:00',
  total_amount: '40000.00',
  whitelisted_payment_method: ['QRIS', 'VA_BRI'],
  redirect_url: 'https://merchant.example.com',
  optional_metadata: { a: 1 },
  created_at: '2026-05-08T14:30:00+07:00',
  account: { name: 'Main', email: 'a@example.com' },
}
const LINK = read(ROW)

describe('versionOf', () => {
  it('a version is short text', () => {
    expect(versionOf(LINK)).toMatch(/^[\w-]{20}$/)
  })

  it('a version changes with every writable field that every read carries', () => {
    const edits: Partial<PaymentLink>[] = [
      { status: 'CLOSED' },
      { status: 'EXPIRED' },
      { status: 'UNKNOWN', statusText: 'paused' },
      { status: 'UNKNOWN', statusText: 'archived' },
      { maxUsage: 6 },
      { requiredCustomerDetail: false },
      { expiredAt: null },
      { expiredAt: toInstant(Date.parse('2026-05-31T17:00:00Z')) },
      { whitelistedPaymentMethod: null },
      { whitelistedPaymentMethod: ['QRIS'] },
      { redirectUrl: null },
      { redirectUrl: 'https://merchant.example.com/' },
    ]
    const versions = [LINK, ...edits.map((edit) => ({ ...LINK, ...edit }))].map(versionOf)
    expect(new Set(versions).size).toBe(versions.length)
  })

  it('a version does not change with payments or with fields that only some reads carry', () => {
    const edits: Partial<PaymentLink>[] = [
      { optionalMetadata: undefined },
      { currentUsage: 3, hasPayments: true },
      { statusComputed: 'EXPIRED', isExpired: true },
      { updatedAt: toInstant(0) },
      { expiredAt: toInstant(Date.parse('2026-05-31T16:59:59.999Z')) },
      { whitelistedPaymentMethod: ['VA_BRI', 'QRIS', 'VA_BRI'] },
      { title: 'other' },
    ]
    expect(edits.map((edit) => versionOf({ ...LINK, ...edit }))).toEqual(edits.map(() => versionOf(LINK)))
  })

  it('a version is the same in every dialect', () => {
    fc.assert(
      fc.property(anyStoredLink, anyDialect, anyDialect, (stored, one, other) => {
        expect(versionOf(read(parseJson(render(stored, one))))).toBe(versionOf(read(parseJson(render(stored, other)))))
      }),
      { numRuns: 200 },
    )
  })
})

describe('versionOf a link that cannot be read in parts', () => {
  const unread = (fingerprint: string) => new Unreadable('$.data', undefined, { fingerprint })

  it('a version changes with each unreadable field as received', () => {
    const fields = [
      'status',
      'maxUsage',
      'requiredCustomerDetail',
      'expiredAt',
      'whitelistedPaymentMethod',
      'redirectUrl',
    ]
    const links = fields.flatMap((field) => ['a', 'b'].map((came) => ({ ...LINK, [field]: unread(came) })))
    const versions = [LINK, ...links].map((link) => versionOf(link))
    expect(new Set(versions).size).toBe(versions.length)
    for (const [index, link] of links.entries()) expect(isVersionOf(link, versions[index + 1] ?? '')).toBe(true)
  })
})

describe('mergeLinks', () => {
  it('merges two reads of a link to the newer values, null included', () => {
    const newer = read({ ...ROW, status: 'closed', redirect_url: null, max_usage: 9 })
    expect(mergeLinks(LINK, newer)).toEqual(newer)
  })

  it('never overwrites a known field with one that a read does not carry', () => {
    const { optional_metadata: _, expired_at: __, whitelisted_payment_method: ___, ...bare } = ROW
    expect(mergeLinks(LINK, read({ ...bare, current_usage: 1 }))).toEqual({
      ...LINK,
      currentUsage: 1,
      hasPayments: true,
    })
  })

  it('keeps account facts that the newer read lacks or has as null', () => {
    const newer = read({ ...ROW, account: { name: 'Renamed', email: null, phone: '0812' } })
    expect(mergeLinks(LINK, newer).accountFacts).toEqual({ name: 'Renamed', email: 'a@example.com', phone: '0812' })
  })

  it('prefers a newer unreadable field, but keeps known account facts', () => {
    const newer = read({ ...ROW, expired_at: 'soon', account: { name: [], email: 'b@example.com' } })
    const merged = mergeLinks(LINK, newer)
    expect(merged.expiredAt).toBeInstanceOf(Unreadable)
    expect(merged.accountFacts).toMatchObject({ name: 'Main', email: 'b@example.com' })
    expect(mergeLinks(newer, LINK)).toMatchObject({ expiredAt: LINK.expiredAt })
  })

  it('drops an unknown status word once the status is known', () => {
    const unknown = read({ ...ROW, status: 'paused' })
    expect(unknown).toMatchObject({ status: 'UNKNOWN', statusText: 'paused' })
    expect(mergeLinks(unknown, LINK)).toStrictEqual(LINK)
    expect(mergeLinks(LINK, unknown)).toStrictEqual(unknown)
  })
})
