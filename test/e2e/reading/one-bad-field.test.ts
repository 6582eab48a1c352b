import { describe, expect, it } from 'vitest'
import { PaymentLinkDocument, PaymentLinksDocument } from '../../../src/client/graphql.js'
import type { RawRow } from '../../../src/sandbox/planted-rows.js'
import { gatewayOfFile, startTestGateway } from '../../support/gateway.js'
import { MIDDLE, SMALL, storedIds } from './walking.js'

const gateway = gatewayOfFile()

const SECRET = 'must-not-come-out'
const DEEP = JSON.parse(`${'{"a":'.repeat(600)}1${'}'.repeat(600)}`)

/** A field of a response, and an unreadable value for it. */
const UNREADABLE: readonly [string, readonly unknown[]][] = [
  ['title', [{}, [SECRET], false]],
  ['payment_url', [{ href: SECRET }]],
  ['expired_at', [SECRET, {}, true, 17, '2026-02-30 00:00:00', [[[]]]]],
  ['payment_date', [SECRET, '2026-05-08']],
  [
    'items',
    [
      SECRET,
      7,
      { name: SECRET },
      [null],
      [{ quantity: 1, unit_price: 1, note: SECRET }],
      [{ name: SECRET, quantity: 0.5, unit_price: 1 }],
      [{ name: SECRET, quantity: '0.5', unit_price: 1 }],
      [{ name: SECRET, quantity: 1, unit_price: SECRET }],
      { '25': { name: SECRET } },
    ],
  ],
  ['whitelisted_payment_method', [[{ code: SECRET }], [null], { QRIS: true }, SECRET, 7, 'qris;va_bri']],
  ['redirect_url', [[SECRET], true]],
  ['optional_metadata', [SECRET, 7, true, DEEP]],
]
const CASES = UNREADABLE.flatMap(([key, values]) => values.map((value) => [key, value] as const))

/** An unusual spelling, and what it is read as. */
const READABLE: readonly [string, unknown, unknown][] = [
  ['payment_date', '0000-00-00 00:00:00', null],
  ['expired_at', '0000-00-00', null],
  ['expired_at', '0000-00-00T00:00:00+07:00', null],
  ['expired_at', 1780246799, '2026-05-31T16:59:59.000Z'],
  ['expired_at', '1780246799', '2026-05-31T16:59:59.000Z'],
  ['whitelisted_payment_method', 'QRIS, RETAIL_ALFAMART_LINKQU', ['QRIS', 'ALFAMART']],
  ['whitelisted_payment_method', { 3: 'QRIS', 5: 'VA_BRI' }, ['QRIS', 'VA_BRI']],
  ['optional_metadata', ['red', 'large'], { 0: 'red', 1: 'large' }],
  ['optional_metadata', [{ a: [1, 2] }], { 0: { a: [1, 2] } }],
  [
    'items',
    { 1: { name: 'b', quantity: '2', unit_price: 5 }, 4: { name: 'e', quantity: 1, unit_price: '1' } },
    [
      { name: 'b', quantity: 2, unitPrice: '5.00', subtotal: '10.00' },
      { name: 'e', quantity: 1, unitPrice: '1.00', subtotal: '1.00' },
    ],
  ],
  ['title', 'Terima kasih \ud83d', 'Terima kasih \ufffd'],
  ['optional_metadata', { 'k\ud83d': ['\ude00'] }, { 'k\ufffd': ['\ufffd'] }],
]

const fieldOf = (key: string): string => key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())

async function withRaw<T>(id: string, raw: RawRow, work: () => Promise<T>): Promise<T> {
  gateway.sandbox.setLinkRaw(MIDDLE, Number(id), raw)
  try {
    return await work()
  } finally {
    gateway.sandbox.setLinkRaw(MIDDLE, Number(id), null)
  }
}

describe('a field that cannot be read and may be null', () => {
  it.each(CASES)(
    'returns null and an error at its own path for an unreadable nullable field: %s = %j',
    async (key, value) => {
      const id = storedIds(gateway, MIDDLE)[3] as string
      await withRaw(id, { set: { [key]: value } }, async () => {
        const listed = await gateway.request(PaymentLinksDocument, { accountId: MIDDLE, first: 5 })
        const single = await gateway.request(PaymentLinkDocument, { accountId: MIDDLE, id })
        for (const [{ errors, text }, link, path] of [
          [listed, listed.data?.paymentLinks?.edges[3]?.node, ['paymentLinks', 'edges', 3, 'node', fieldOf(key)]],
          [single, single.data?.paymentLink, ['paymentLink', fieldOf(key)]],
        ] as const) {
          expect(link).toMatchObject({ id, reffNo: expect.any(String), [fieldOf(key)]: null })
          expect(errors).toEqual([
            {
              message: 'The upstream sent a response that cannot be read.',
              path,
              locations: expect.any(Array),
              extensions: { code: 'UPSTREAM_MALFORMED', retryable: false, requestId: expect.any(String) },
            },
          ])
          expect(text).not.toContain(SECRET)
        }
      })
    },
  )

  it('returns no error for an unreadable field that is not selected', async () => {
    const id = storedIds(gateway, MIDDLE)[3] as string
    await withRaw(id, { set: { expired_at: 'soon', items: 7, optional_metadata: 'x' } }, async () => {
      const response = await gateway.request(
        `{ paymentLink(accountId: "${MIDDLE}", id: "${id}") { id status version } }`,
      )
      expect(response.errors).toBeUndefined()
    })
  })

  it('leaves the status as stored when the upstream computes none', async () => {
    const id = storedIds(gateway, MIDDLE)[3] as string
    const set = { expired_at: 'soon', status: 'open' }
    await withRaw(id, { set, remove: ['is_expired', 'status_computed'] }, async () => {
      const { data, errors } = await gateway.request(PaymentLinkDocument, { accountId: MIDDLE, id })
      expect(data?.paymentLink).toMatchObject({ expiredAt: null, statusComputed: 'OPEN', isExpired: false })
      expect(errors?.map(({ path }) => path)).toEqual([['paymentLink', 'expiredAt']])
    })
  })

  it('changes the version of a link when an unreadable field changes, and only then', async () => {
    const id = storedIds(gateway, MIDDLE)[3] as string
    const versionWith = (set: Record<string, unknown>) =>
      withRaw(id, { set }, async () => {
        const query = `{ paymentLink(accountId: "${MIDDLE}", id: "${id}") { version } }`
        return (await gateway.request<{ paymentLink: { version: string } }, never>(query)).data?.paymentLink.version
      })
    const fields = ['expired_at', 'whitelisted_payment_method', 'redirect_url']
    const sets = fields.flatMap((key) => [{ [key]: { a: 1 } }, { [key]: { a: [[2]] } }, { [key]: null }])
    const versions: unknown[] = []
    for (const set of [...sets, ...sets]) versions.push(await versionWith(set))
    expect(versions.slice(0, sets.length)).toEqual(versions.slice(sets.length))
    for (const start of [0, 3, 6]) expect(new Set(versions.slice(start, start + 3)).size).toBe(3)
  })
})

describe('unusual spellings', () => {
  it.each(READABLE)('reads an unusual spelling as what it means: %s = %j', async (key, value, read) => {
    const id = storedIds(gateway, MIDDLE)[3] as string
    await withRaw(id, { set: { [key]: value } }, async () => {
      const { data, errors } = await gateway.request(PaymentLinkDocument, { accountId: MIDDLE, id })
      expect(errors).toBeUndefined()
      expect(data?.paymentLink).toMatchObject({ id, [fieldOf(key)]: read })
    })
  })
})

describe('the account of a row', () => {
  const ACCOUNT = `{ account(id: "${SMALL}") { id name email phone status } }`
  const plantAll = (own: { sandbox: typeof gateway.sandbox }, account: unknown) => {
    for (const { id } of own.sandbox.linksOf(SMALL)) own.sandbox.setLinkRaw(SMALL, id, { set: { account } })
  }

  it.each([35, '35', SMALL, SMALL.toLowerCase(), [], {}, null])(
    'takes no facts from a row whose account is %j',
    async (account) => {
      plantAll(gateway, account)
      const { data, errors } = await gateway.request(ACCOUNT)
      expect(errors).toBeUndefined()
      expect(data).toEqual({ account: { id: SMALL, name: null, email: null, phone: null, status: null } })
    },
  )

  it.each(['main', true, [1]])('returns an error per account fact when the account is %j', async (account) => {
    plantAll(gateway, account)
    const { data, errors } = await gateway.request(ACCOUNT)
    expect(data).toMatchObject({ account: { id: SMALL, name: null } })
    expect(errors?.map(({ path, extensions }) => [path?.join('.'), extensions.code])).toEqual(
      ['name', 'email', 'phone', 'status'].map((fact) => [`account.${fact}`, 'UPSTREAM_MALFORMED']),
    )
  })

  it('returns an error for an unreadable account fact, unless another row carries it', async () => {
    plantAll(gateway, { id: SMALL, name: 'Main', email: { at: SECRET }, status: 'active' })
    const { data, errors } = await gateway.request(ACCOUNT)
    expect(data).toEqual({ account: { id: SMALL, name: 'Main', email: null, phone: null, status: 'ACTIVE' } })
    expect(errors?.map(({ path }) => path)).toEqual([['account', 'email']])
    const [first] = gateway.sandbox.linksOf(SMALL)
    gateway.sandbox.setLinkRaw(SMALL, first?.id ?? 0, { set: { account: { email: 'a@example.id' } } })
    expect(await gateway.request(ACCOUNT)).toMatchObject({
      data: { account: { email: 'a@example.id' } },
      errors: undefined,
    })
  })
})

describe('the log', () => {
  it('logs an unreadable link once per response, however many requests share it', async () => {
    const warned: object[] = []
    const logger = {
      debug: () => {},
      info: () => {},
      error: () => {},
      warn: (fields: object) => void warned.push(fields),
    }
    const own = await startTestGateway({ app: { logger } })
    try {
      const id = storedIds(own, MIDDLE)[1] as string
      own.sandbox.setLinkRaw(MIDDLE, Number(id), { set: { id: 0 } })
      own.sandbox.faults.add({ kind: 'latency', operation: 'show', ms: 50 })
      await Promise.all(Array.from({ length: 5 }, () => own.request(PaymentLinkDocument, { accountId: MIDDLE, id })))
      const line = { operation: 'payment-link.show', jsonPath: '$.data.id' }
      expect(warned.filter((fields) => 'jsonPath' in fields)).toEqual(
        Array.from({ length: own.sandbox.log.count('show') }, () => line),
      )
      // Each of the five callers logs a failed call of its own.
      expect(warned.filter((fields) => !('jsonPath' in fields))).toMatchObject(
        Array.from({ length: 5 }, () => ({ operation: line.operation, code: 'UPSTREAM_MALFORMED' })),
      )
    } finally {
      await own.stop()
    }
  })

  it('logs an unreadable response once, however many fields wait for it', async () => {
    const warned: unknown[] = []
    const logger = {
      debug: () => {},
      info: () => {},
      error: () => {},
      warn: (fields: object) => void warned.push(fields),
    }
    const own = await startTestGateway({ env: { CACHE_TTL_MS: '60000' }, app: { logger } })
    try {
      const ids = storedIds(own, MIDDLE)
      own.sandbox.setLinkRaw(MIDDLE, Number(ids[1]), { set: { expired_at: SECRET, account: { phone: [SECRET] } } })
      own.sandbox.setLinkRaw(MIDDLE, Number(ids[3]), { set: { total_amount: SECRET } })
      for (let asked = 0; asked < 3; asked += 1)
        await own.request(PaymentLinksDocument, { accountId: MIDDLE, first: 5 })
      const operation = 'payment-link.list'
      expect(warned).toEqual([
        { operation, jsonPath: '$.data[1].expired_at' },
        { operation, jsonPath: '$.data[1].account.phone' },
        { operation, jsonPath: '$.data[3].total_amount' },
      ])
    } finally {
      await own.stop()
    }
  })
})
