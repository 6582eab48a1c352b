import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gatewayOfFile } from '../../support/gateway.js'
import {
  ACCOUNT,
  type Changes,
  LATER,
  LATER_MS,
  type Link,
  listed,
  onlyPut,
  payloadOf,
  plant,
  puts,
  shown,
  stored,
  update,
  updatedOf,
  WHOLE,
} from './updating.js'

const gateway = gatewayOfFile()

type Writable = Exclude<keyof Changes, 'expectedVersion' | 'expectedUpdatedAt'>

/** Each writable field: another value, how it is sent, how it reads afterwards. */
const SET: readonly [Writable, unknown, Partial<typeof WHOLE>, unknown][] = [
  ['status', 'CLOSED', { status: 'closed' }, 'CLOSED'],
  ['maxUsage', 11, { max_usage: 11 }, 11],
  ['requiredCustomerDetail', false, { required_customer_detail: false }, false],
  [
    'expiredAt',
    new Date(LATER_MS + 60_000).toISOString(),
    { expired_at: String(LATER_MS + 60_000) },
    new Date(LATER_MS + 60_000).toISOString(),
  ],
  ['whitelistedPaymentMethod', ['VA_BRI'], { whitelisted_payment_method: ['VA_BRI'] }, ['VA_BRI']],
  ['redirectUrl', 'http://localhost:3000/x', { redirect_url: 'http://localhost:3000/x' }, 'http://localhost:3000/x'],
  ['optionalMetadata', { a: [1, null] }, { optional_metadata: { a: [1, null] } } as never, { a: [1, null] }],
]

/** Each field that may be cleared: how that is sent, how it reads afterwards. */
const CLEARED: readonly [Writable, object, unknown][] = [
  ['expiredAt', { expired_at: null }, null],
  ['redirectUrl', { redirect_url: null }, null],
  ['optionalMetadata', { optional_metadata: null }, null],
]

describe('a partial update', () => {
  it.each(SET)('sets %s and sends every other field back as it was', async (field, value, sent, reads) => {
    const link = plant(gateway)
    const updated = updatedOf(await update(gateway, link, { [field]: value }))
    expect(updated[field]).toEqual(reads)
    expect(onlyPut(gateway)).toEqual({ ...WHOLE, ...sent })
    expect((await shown(gateway, link))[field]).toEqual(reads)
    expect((await listed(gateway, link))[field]).toEqual(reads)
  })

  it.each(CLEARED)('clears %s with null and sends every other field back as it was', async (field, sent, reads) => {
    const link = plant(gateway)
    const updated = updatedOf(await update(gateway, link, { [field]: null }))
    expect(updated[field]).toEqual(reads)
    expect(onlyPut(gateway)).toEqual({ ...WHOLE, ...sent })
    expect((await listed(gateway, link))[field]).toEqual(reads)
  })

  it('treats null and a list of every method as equal', async () => {
    const link = plant(gateway)
    const updated = updatedOf(await update(gateway, link, { whitelistedPaymentMethod: null }))
    // The upstream fills in every method and renames the retail ones [lsp inventory #56].
    expect(onlyPut(gateway)).toEqual({ ...WHOLE, whitelisted_payment_method: [] })
    expect(stored(gateway, link).whitelist).toHaveLength(20)
    expect(stored(gateway, link).whitelist).toContain('RETAIL_ALFAMART_LINKQU')
    expect(updated.whitelistedPaymentMethod).toHaveLength(20)
    expect(updated.whitelistedPaymentMethod).toContain('ALFAMART')
  })

  it.each(['filled', 'null', 'list'] as const)(
    'treats null as every method when the upstream stores it as %s',
    async (form) => {
      gateway.sandbox.behaviour.change({ whitelistOfAll: form })
      updatedOf(await update(gateway, plant(gateway), { whitelistedPaymentMethod: null }))
    },
  )

  it('accepts the method codes that a read shows, including retail ones', async () => {
    const link = plant(gateway)
    const { whitelistedPaymentMethod } = await shown(gateway, link)
    expect([...(whitelistedPaymentMethod ?? [])].sort()).toEqual(['ALFAMART', 'QRIS'])
    updatedOf(await update(gateway, link, { whitelistedPaymentMethod, maxUsage: 12 }))
    expect(onlyPut(gateway)).toEqual({
      ...WHOLE,
      max_usage: 12,
      whitelisted_payment_method: whitelistedPaymentMethod,
    })
  })

  it('writes nothing when the input changes nothing', async () => {
    const link = plant(gateway)
    expect(updatedOf(await update(gateway, link, {})).maxUsage).toBe(10)
    expect(puts(gateway)).toEqual([])
  })

  it('applies every field of an update that changes all of them', async () => {
    const link = plant(gateway)
    const changes = Object.fromEntries(SET.map(([field, value]) => [field, value])) as Changes
    const updated = updatedOf(await update(gateway, link, changes))
    expect(onlyPut(gateway)).toEqual(Object.assign({}, ...SET.map(([, , sent]) => sent)))
    for (const [field, , , reads] of SET) expect(updated[field]).toEqual(reads)
  })
})

describe('omitted, null and a value', () => {
  const SELECTION = '{ paymentLink { redirectUrl optionalMetadata maxUsage expiredAt } userErrors { code field } }'

  it('omitted, null and a value stay apart in literals', async () => {
    const link = plant(gateway)
    const query = `mutation { updatePaymentLink(input: {
      accountId: "${ACCOUNT}", id: "${link.id}", redirectUrl: null, maxUsage: 12, optionalMetadata: { a: { b: null } }
    }) ${SELECTION} }`
    const { text } = await gateway.request(query)
    expect(JSON.parse(text)).toEqual({
      data: {
        updatePaymentLink: {
          paymentLink: { redirectUrl: null, optionalMetadata: { a: { b: null } }, maxUsage: 12, expiredAt: LATER },
          userErrors: [],
        },
      },
    })
    const changed = { redirect_url: null, max_usage: 12, optional_metadata: { a: { b: null } } }
    expect(onlyPut(gateway)).toEqual({ ...WHOLE, ...changed })
  })

  it('omitted, null and a value stay apart in variables of single fields', async () => {
    const link = plant(gateway)
    const query = `mutation ($id: ID!, $max: Int, $url: String, $meta: JSONObject, $until: DateTime) {
      updatePaymentLink(input: {
        accountId: "${ACCOUNT}", id: $id, maxUsage: $max, redirectUrl: $url, optionalMetadata: $meta, expiredAt: $until
      }) ${SELECTION}
    }`
    const { text } = await gateway.request(query, { id: String(link.id), url: null, meta: { z: 1 } })
    expect(JSON.parse(text)).toMatchObject({ data: { updatePaymentLink: { userErrors: [] } } })
    expect(onlyPut(gateway)).toEqual({ ...WHOLE, redirect_url: null, optional_metadata: { z: 1 } })
  })

  it.each(['status', 'maxUsage', 'requiredCustomerDetail'] as const)('refuses null for %s', async (field) => {
    const payload = payloadOf(await update(gateway, plant(gateway), { [field]: null }))
    expect(payload).toEqual({
      paymentLink: null,
      userErrors: [{ code: 'INVALID', field: [field], message: expect.stringContaining('cannot be null') }],
    })
    expect(puts(gateway)).toEqual([])
  })
})

const anyLink = fc.record({
  status: fc.constantFrom('open', 'closed', 'expired'),
  maxUsage: fc.integer({ min: 5, max: 1_000_000 }),
  currentUsage: fc.integer({ min: 0, max: 5 }),
  requiredCustomerDetail: fc.boolean(),
  expiredAtMs: fc.option(fc.integer({ min: 1_000_000_000, max: 9_999_999_999 }).map((second) => second * 1000)),
  whitelist: fc.option(
    fc.uniqueArray(fc.constantFrom('QRIS', 'VA_BRI', 'RETAIL_ALFAMART_LINKQU', 'EWALLET_OVO'), { minLength: 1 }),
  ),
  redirectUrl: fc.option(fc.webUrl()),
  metadata: fc.option(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 })),
})
/** Keys that may be written: the HTTP layer refuses `__proto__`, and an object with the keys 0, 1, 2 … is INVALID. */
const anyKey = fc.string().filter((key) => key !== '__proto__' && !/^\d+$/.test(key))
const anyChanges: fc.Arbitrary<Changes> = fc.record(
  {
    status: fc.constantFrom('OPEN', 'CLOSED', 'EXPIRED'),
    maxUsage: fc.integer({ min: 5, max: 1_000_000 }),
    requiredCustomerDetail: fc.boolean(),
    expiredAt: fc.option(
      fc.integer({ min: 1_000_000_000, max: 9_999_999_999 }).map((second) => new Date(second * 1000).toISOString()),
    ),
    whitelistedPaymentMethod: fc.option(
      fc.uniqueArray(fc.constantFrom('QRIS', 'INDOMARET', 'VA_BCA', 'ALFAMART'), { minLength: 1 }),
    ),
    redirectUrl: fc.option(fc.constantFrom('https://a.example.com/x?y=1', 'http://localhost:3000/x')),
    optionalMetadata: fc.option(
      fc.dictionary(anyKey, fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)), { maxKeys: 3 }),
    ),
  },
  { requiredKeys: [] },
)

/** What changes by itself or follows from a change. */
const FOLLOWING: readonly (keyof Link)[] = ['updatedAt', 'version', 'isExpired', 'statusComputed', 'account']

describe('whatever the link and whatever the change', () => {
  it('any update of any link changes the fields it names and no other, in single reads and lists', async () => {
    // Null stays null: what the upstream fills in for "every method" is tested elsewhere.
    gateway.sandbox.behaviour.change({ whitelistOfAll: 'null' })
    await fc.assert(
      fc.asyncProperty(anyLink, anyChanges, async (fields, changes) => {
        const link = plant(gateway, fields as Parameters<typeof plant>[1])
        const before = [await shown(gateway, link), await listed(gateway, link)]
        const updated = updatedOf(await update(gateway, link, changes))
        const after = [await shown(gateway, link), await listed(gateway, link)]
        for (const [index, view] of after.entries()) {
          const was = before[index] as Link
          const expected = { ...was, ...changes, optionalMetadata: metadataAfter(was, changes) }
          expect(comparable(view)).toEqual(comparable(expected))
        }
        expect(comparable(updated)).toEqual(comparable(after[1] as Link))
      }),
      { numRuns: 30 },
    )
  })

  function metadataAfter(was: Pick<Link, 'optionalMetadata'>, { optionalMetadata }: Changes): unknown {
    return optionalMetadata === undefined ? was.optionalMetadata : optionalMetadata
  }

  function comparable(link: object): Record<string, unknown> {
    const entries = Object.entries(link).filter(([name]) => !FOLLOWING.includes(name as keyof Link))
    const { whitelistedPaymentMethod: methods, optionalMetadata: metadata, ...rest } = Object.fromEntries(entries)
    // An update does not turn missing metadata into an empty map, nor the other way round.
    const isEmpty = Object.keys(metadata ?? {}).length === 0
    return {
      ...rest,
      metadata: isEmpty ? null : metadata,
      methods: Array.isArray(methods) ? [...methods].sort() : methods,
    }
  }
})
