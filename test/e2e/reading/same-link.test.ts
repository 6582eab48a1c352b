import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  PaymentLinkDocument,
  type PaymentLinkFieldsFragment,
  PaymentLinksDocument,
  UpdatePaymentLinkDocument,
} from '../../../src/client/graphql.js'
import type { RowDialect } from '../../../src/resources/payment-link/sandbox/behaviour.js'
import type { LinkRecord, NewLink } from '../../../src/resources/payment-link/sandbox/records.js'
import { gatewayOfFile } from '../../support/gateway.js'
import { MAIN } from './walking.js'

const gateway = gatewayOfFile()

const second = fc.integer({ min: 1_577_836_800, max: 1_893_456_000 }).map((s) => s * 1000)
const dialect: fc.Arbitrary<RowDialect> = fc.record({
  figures: fc.constantFrom('numbers', 'text'),
  metadata: fc.constantFrom('present', 'absent'),
  account: fc.constantFrom('full', 'noContacts', 'brief'),
  zone: fc.constantFrom('jakarta', 'utc', 'micros', 'zoneless'),
})
const word = fc.stringMatching(/^[A-Za-z0-9 é/]{1,20}$/)
const item = fc.record({
  name: word,
  quantity: fc.integer({ min: 1, max: 50 }),
  unitPrice: fc.integer({ min: -50_000, max: 5_000_000 }),
})
const link: fc.Arbitrary<NewLink> = fc
  .record({
    title: fc.option(word),
    status: fc.constantFrom('open', 'closed', 'expired'),
    requiredCustomerDetail: fc.boolean(),
    currentUsage: fc.integer({ min: 0, max: 40 }),
    spareUsage: fc.integer({ min: 1, max: 100_000 }),
    expiredAtMs: fc.option(second),
    totalAmount: fc.integer({ min: 10_000, max: 999_999_999 }),
    items: fc.option(fc.array(item, { maxLength: 3 })),
    whitelist: fc.option(fc.uniqueArray(fc.constantFrom('QRIS', 'VA_BRI', 'RETAIL_ALFAMART_LINKQU'))),
    redirectUrl: fc.option(fc.constantFrom('https://toko.example.id/a', 'http://toko.example.id/b?c=d')),
    metadata: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.oneof(word, fc.integer(), fc.constant(null)), {
      maxKeys: 3,
    }),
    createdAtMs: second,
    updatedAtMs: second,
  })
  .map(({ spareUsage, ...rest }) => ({ ...rest, accountId: MAIN, maxUsage: rest.currentUsage + spareUsage }))

/** What the stored link must read as, written from the documentation, not from the gateway. */
function wanted(stored: LinkRecord, isMetadataCarried: boolean, nowMs: number) {
  const at = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
  const isPast = stored.expiredAtMs !== null && stored.expiredAtMs <= nowMs
  const isExpired = stored.status === 'expired' || isPast
  const codes = stored.whitelist?.map((code) => /^RETAIL_(.+)_LINKQU$/.exec(code)?.[1] ?? code) ?? []
  return {
    id: String(stored.id),
    accountId: stored.accountId,
    reffNo: stored.reffNo,
    title: stored.title,
    paymentUrl: stored.paymentUrl,
    status: stored.status.toUpperCase(),
    statusComputed: (stored.status === 'open' && isExpired ? 'expired' : stored.status).toUpperCase(),
    isExpired,
    requiredCustomerDetail: stored.requiredCustomerDetail,
    maxUsage: stored.maxUsage,
    currentUsage: stored.currentUsage,
    hasPayments: stored.currentUsage > 0,
    expiredAt: at(stored.expiredAtMs),
    totalAmount: `${stored.totalAmount}.00`,
    currency: 'IDR',
    items:
      stored.items?.map(({ name, quantity, unitPrice }) => ({
        name,
        quantity,
        unitPrice: `${unitPrice}.00`,
        subtotal: `${quantity * unitPrice}.00`,
      })) ?? null,
    whitelistedPaymentMethod: codes.length === 0 ? null : codes,
    redirectUrl: stored.redirectUrl,
    optionalMetadata: isMetadataCarried ? stored.metadata : null,
    paymentDate: at(stored.paymentDateMs),
    createdAt: at(stored.createdAtMs),
    updatedAt: at(stored.updatedAtMs),
  }
}

const withoutVersion = (read: PaymentLinkFieldsFragment | null | undefined) => {
  const { version: _version, ...rest } = read as PaymentLinkFieldsFragment & Record<string, unknown>
  return rest
}

async function throughList(id: string) {
  const { data, errors } = await gateway.request(PaymentLinksDocument, { accountId: MAIN, first: 1 })
  expect(errors).toBeUndefined()
  const node = data?.paymentLinks?.edges[0]?.node as PaymentLinkFieldsFragment | undefined
  expect(node?.id).toBe(id)
  return node as PaymentLinkFieldsFragment
}

async function throughShow(id: string) {
  gateway.sandbox.log.clear()
  const { data, errors } = await gateway.request(PaymentLinkDocument, { accountId: MAIN, id })
  expect(errors).toBeUndefined()
  expect(gateway.sandbox.log.entries.find(({ operation }) => operation === 'show')?.['linkId']).toBe(id)
  return data?.paymentLink as PaymentLinkFieldsFragment
}

describe('one link, read through list, show and update in every dialect', () => {
  it('gives every field the same value through list, show and update, null only if none carries it', async () => {
    const { sandbox } = gateway
    await fc.assert(
      fc.asyncProperty(
        fc.record({ link, list: dialect, show: dialect, update: dialect, emptyMap: fc.constantFrom('object', 'list') }),
        async ({ link: made, list, show, update, emptyMap }) => {
          sandbox.behaviour.change({
            listDialect: list,
            showDialect: show,
            updateDialect: update,
            emptyMap: emptyMap as 'object' | 'list',
            extraKeys: emptyMap === 'list',
          })
          const stored = sandbox.insertLink(made)
          const id = String(stored.id)

          const listed = await throughList(id)
          const shown = await throughShow(id)
          const isCarried = list.metadata === 'present' || show.metadata === 'present'
          expect(withoutVersion(listed)).toEqual(wanted(stored, isCarried, Date.now()))
          expect(withoutVersion(shown)).toMatchObject(wanted(stored, isCarried, Date.now()))
          expect(shown.version).toBe(listed.version)

          const { data, errors } = await gateway.request(UpdatePaymentLinkDocument, {
            input: { accountId: MAIN, id, maxUsage: stored.maxUsage + 1 },
          })
          expect(errors).toBeUndefined()
          expect(data?.updatePaymentLink?.userErrors).toEqual([])
          const after = sandbox.linksOf(MAIN).find((candidate) => candidate.id === stored.id) as LinkRecord
          const written = data?.updatePaymentLink?.paymentLink as PaymentLinkFieldsFragment
          const isKnown = isCarried || update.metadata === 'present'
          expect(withoutVersion(written)).toMatchObject(wanted(after, isKnown, Date.now()))
          if (isCarried) expect(after.metadata).toEqual(stored.metadata)
          expect(after.maxUsage).toBe(stored.maxUsage + 1)
          expect((await throughShow(id)).version).toBe(written.version)
        },
      ),
      { numRuns: 60, seed: 20260508 },
    )
  })

  it('reads every link of the seeded account the same through list and show', async () => {
    const { sandbox } = gateway
    sandbox.behaviour.reset()
    const account = '01K7P073Q8RE2A9PQT8Q7MXPN4'
    const { data } = await gateway.request(PaymentLinksDocument, { accountId: account, first: 100 })
    const listed = data?.paymentLinks?.edges.map((edge) => edge?.node as PaymentLinkFieldsFragment) ?? []
    expect(listed).toHaveLength(47)
    await Promise.all(
      listed.map(async (row) => {
        const { data: single } = await gateway.request(PaymentLinkDocument, { accountId: account, id: row.id })
        expect(single?.paymentLink).toMatchObject(row)
        expect(row.optionalMetadata).not.toBeNull()
      }),
    )
  })
})
