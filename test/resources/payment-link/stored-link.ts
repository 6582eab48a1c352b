import fc from 'fast-check'
import type { PaymentLink, UpdateChanges } from '../../../src/resources/payment-link/payment-link.model.js'
import { parseJson } from '../../../src/upstream/json/json.js'
import { parsePaymentLink } from './whole-link.js'

/** A link as the upstream might store it. `render` and `modelOf` share no code with the parser that they test. */
export interface StoredLink {
  readonly id: bigint
  readonly title: string | null
  readonly status: 'open' | 'closed' | 'expired'
  readonly maxUsage: number
  readonly currentUsage: number
  readonly requiredCustomerDetail: boolean
  readonly expiresAtSecond: number | null
  readonly createdAtSecond: number
  readonly amountCents: number
  readonly quantity: number
  /** Codes as the catalogue spells them. */
  readonly methods: readonly string[] | null
  readonly redirectUrl: string | null
  /** JSON text of an object. */
  readonly metadata: string
  readonly phone: string | null
}

/** How one response spells times, numbers, flags and so on: for each, an index into the known spellings. */
export type Dialect = readonly number[]

export const CATALOGUE = ['QRIS', 'VA_BRI', 'VA_BCA', 'EWALLET_OVO', 'ALFAMART', 'INDOMARET']
export const ACCOUNT_ID = '01K7P073Q8RE2A9PQT8Q7MXPN4'
/** Some links of `anyStoredLink` expire before it, some after. */
export const NOW = 1_780_000_000_000

const second = fc.integer({ min: 1_000_000_000, max: 9_999_999_999 })

const numberText = fc.oneof(
  fc.integer().map(String),
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String),
  fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.nat(999)).map(([whole, part]) => `${whole}.${part}5`),
  fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: -400, max: 400 }))
    .map(([lead, power]) => `${lead}.5e${power}`),
)
const { value: jsonText } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    numberText,
    fc.string().map((text) => JSON.stringify(text)),
    fc.constantFrom('null', 'true', 'false'),
    fc.array(tie('value'), { minLength: 1, maxLength: 4 }).map((values) => `[${values.join(',')}]`),
    fc.dictionary(fc.string(), tie('value'), { minKeys: 1, maxKeys: 4 }).map(objectText),
  ),
}))
export const metadataText = fc.dictionary(fc.string(), jsonText, { maxKeys: 4 }).map(objectText)

export const anyMethods = fc.option(fc.uniqueArray(fc.constantFrom(...CATALOGUE), { minLength: 1, maxLength: 5 }))
export const anyUrl = fc.option(fc.webUrl())

export const anyStoredLink: fc.Arbitrary<StoredLink> = fc.record({
  id: fc.bigInt({ min: 1n, max: 10n ** 19n - 1n }),
  title: fc.option(fc.string({ minLength: 1 })),
  status: fc.constantFrom('open', 'closed', 'expired'),
  maxUsage: fc.integer({ min: 1, max: 1_000_000 }),
  currentUsage: fc.nat(1000),
  requiredCustomerDetail: fc.boolean(),
  expiresAtSecond: fc.option(second),
  createdAtSecond: second,
  amountCents: fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }),
  quantity: fc.integer({ min: 1, max: 1000 }),
  methods: anyMethods,
  redirectUrl: anyUrl,
  metadata: metadataText,
  phone: fc.option(fc.constantFrom('08123993201', '628123993201')),
})

export const anyDialect: fc.Arbitrary<Dialect> = fc.array(fc.nat(59), { minLength: 12, maxLength: 12 })

/** The link's row as JSON text, in one dialect. */
export function render(link: StoredLink, dialect: Dialect): string {
  const turn = dialect.values()
  const pick = (spellings: readonly string[]): string => spellings[(turn.next().value ?? 0) % spellings.length] ?? ''
  const flag = (value: boolean) => pick(value ? ['true', '1', '"1"', '"true"'] : ['false', '0', '"0"', '"false"'])
  const count = (value: number) => pick([`${value}`, `"${value}"`])
  const isPast = link.expiresAtSecond !== null && link.expiresAtSecond * 1000 <= NOW
  const total = link.amountCents * link.quantity
  const fields: readonly [string, string][] = [
    ['id', pick([`${link.id}`, `"${link.id}"`])],
    ['reff_no', '"INV-1"'],
    ['title', link.title === null ? pick(['null', '""']) : JSON.stringify(link.title)],
    ['payment_url', '"https://pay.example.com/b2b/INV-1"'],
    ['status', pick([JSON.stringify(link.status), JSON.stringify(link.status.toUpperCase())])],
    ['status_computed', JSON.stringify(isPast ? 'expired' : link.status)],
    ['is_expired', flag(isPast || link.status === 'expired')],
    ['required_customer_detail', flag(link.requiredCustomerDetail)],
    ['max_usage', count(link.maxUsage)],
    ['current_usage', count(link.currentUsage)],
    ['expired_at', link.expiresAtSecond === null ? pick(['null', '""']) : pick(moments(link.expiresAtSecond))],
    ['total_amount', pick(amounts(total))],
    [
      'items',
      `[{"name":"a","quantity":"${link.quantity}","unit_price":${amounts(link.amountCents)[0]},"subtotal":${amounts(total)[1]}}]`,
    ],
    [
      'whitelisted_payment_method',
      link.methods === null ? pick(['null', '[]', '{}']) : JSON.stringify(link.methods.map(renamed)),
    ],
    ['redirect_url', link.redirectUrl === null ? pick(['null', '""']) : JSON.stringify(link.redirectUrl)],
    ['optional_metadata', link.metadata === '{}' ? pick(['{}', '[]']) : link.metadata],
    ['payment_date', pick(moments(link.createdAtSecond))],
    ['created_at', pick(moments(link.createdAtSecond))],
    ['updated_at', pick(moments(link.createdAtSecond))],
    ['account', `{"id":1,"name":"Main","phone":${link.phone === null ? 'null' : JSON.stringify(link.phone)}}`],
    ['source', '"api v2"'],
  ]
  return objectText(Object.fromEntries(fields))
}

/** The model that the parser must return, without metadata. */
export function modelOf(link: StoredLink): Record<keyof Omit<PaymentLink, 'optionalMetadata' | 'statusText'>, unknown> {
  const isPast = link.expiresAtSecond !== null && link.expiresAtSecond * 1000 <= NOW
  const status = link.status.toUpperCase()
  const total = plain(link.amountCents * link.quantity)
  const createdAt = new Date(link.createdAtSecond * 1000).toISOString()
  return {
    id: `${link.id}`,
    accountId: ACCOUNT_ID,
    reffNo: 'INV-1',
    title: link.title,
    paymentUrl: 'https://pay.example.com/b2b/INV-1',
    status,
    statusComputed: isPast ? 'EXPIRED' : status,
    isExpired: isPast || link.status === 'expired',
    requiredCustomerDetail: link.requiredCustomerDetail,
    maxUsage: link.maxUsage,
    currentUsage: link.currentUsage,
    hasPayments: link.currentUsage > 0,
    expiredAt: link.expiresAtSecond === null ? null : new Date(link.expiresAtSecond * 1000).toISOString(),
    totalAmount: total,
    currency: 'IDR',
    items: [{ name: 'a', quantity: link.quantity, unitPrice: plain(link.amountCents), subtotal: total }],
    whitelistedPaymentMethod: link.methods,
    redirectUrl: link.redirectUrl,
    paymentDate: createdAt,
    createdAt,
    updatedAt: createdAt,
    accountFacts: { name: 'Main', email: undefined, phone: link.phone, status: undefined },
  }
}

/** The link after an update with these changes, without those of metadata. */
export function changed(link: StoredLink, changes: UpdateChanges): StoredLink {
  return {
    ...link,
    ...(changes.status === undefined ? {} : { status: changes.status.toLowerCase() as StoredLink['status'] }),
    ...(changes.maxUsage === undefined ? {} : { maxUsage: changes.maxUsage }),
    ...(changes.requiredCustomerDetail === undefined ? {} : { requiredCustomerDetail: changes.requiredCustomerDetail }),
    ...(changes.expiredAt === undefined
      ? {}
      : { expiresAtSecond: changes.expiredAt === null ? null : Math.floor(Date.parse(changes.expiredAt) / 1000) }),
    ...(changes.whitelistedPaymentMethod === undefined ? {} : { methods: changes.whitelistedPaymentMethod }),
    ...(changes.redirectUrl === undefined ? {} : { redirectUrl: changes.redirectUrl }),
  }
}

/** An ordinary link. */
export const PLAIN: StoredLink = {
  id: 103n,
  title: 'Invoice',
  status: 'open',
  maxUsage: 5,
  currentUsage: 1,
  requiredCustomerDetail: true,
  expiresAtSecond: null,
  createdAtSecond: 1_778_225_400,
  amountCents: 150_000,
  quantity: 2,
  methods: ['QRIS'],
  redirectUrl: 'https://merchant.example.com',
  metadata: '{"a":1}',
  phone: null,
}

export function rowOf(stored: StoredLink, dialect: Dialect = Array(12).fill(0)): Record<string, unknown> {
  return parseJson(render(stored, dialect)) as Record<string, unknown>
}

export function linkOf(row: unknown): PaymentLink {
  return parsePaymentLink(row, { accountId: ACCOUNT_ID, now: NOW, path: '$.data' })
}

/** A JSON object of members that are JSON text already. */
function objectText(members: Readonly<Record<string, string>>): string {
  return `{${Object.entries(members)
    .map(([key, text]) => `${JSON.stringify(key)}:${text}`)
    .join(',')}}`
}

function moments(atSecond: number): readonly string[] {
  const shifted = (hours: number) => new Date((atSecond + hours * 3600) * 1000).toISOString().slice(0, 19)
  const quoted = [
    `${shifted(0)}Z`,
    `${shifted(0)}.000000Z`,
    `${shifted(7)}+07:00`,
    `${shifted(7)}+0700`,
    shifted(7).replace('T', ' '),
    `${shifted(-5)}-05:00`,
    `${atSecond}000`,
  ]
  return [`${atSecond}000`, ...quoted.map((text) => JSON.stringify(text))]
}

function amounts(cents: number): readonly string[] {
  const text = plain(cents)
  return [text, `"${text}"`, `{"value":"${text}","currency":"IDR"}`]
}

function plain(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0')
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

function renamed(code: string): string {
  return code === 'ALFAMART' || code === 'INDOMARET' ? `RETAIL_${code}_LINKQU` : code
}
