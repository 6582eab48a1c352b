import { isLosslessNumber } from 'lossless-json'
import { type Decimal, multiplyDecimal } from '../../../kernel/decimal.js'
import { epochMsOf, type Instant, isNoDate, parseUpstreamInstant } from '../../../kernel/instant.js'
import { type Readable, Unreadable } from '../../../kernel/unreadable.js'
import { DEPTH_MAX, isDeeperThan } from '../../../upstream/json/fingerprint.js'
import { isJsonObject } from '../../../upstream/json/json.js'
import {
  enumOf,
  expected,
  isBlank,
  listOf,
  nullable,
  type Reader,
  read,
  readApart,
  readCount,
  readFlag,
  readText,
  type WireObject,
  wireObject,
} from '../../../upstream/json/reader.js'
import { MalformedResponse } from '../../../upstream/malformed-response.js'
import { parseAccountFacts } from '../../account-facts/account-facts.wire.js'
import { isLinkId } from '../payment-link.keys.js'
import {
  type Item,
  type JsonObject,
  PAYMENT_LINK_STATUSES,
  type PartlyReadLink,
  type PaymentLink,
} from '../payment-link.model.js'
import { amountReader } from './money.wire.js'
import { catalogueCode, readMethodCodes } from './payment-method.wire.js'

/** What parsing a row needs to know beyond the row. */
export interface RowContext {
  /** The ULID of the request path. */
  readonly accountId: string
  /** Epoch ms; a link expires by the clock alone. */
  readonly now: number
  /** Where the row is in the response, `$.data[3]`; for the log only. */
  readonly path: string
}

/** A link row as received. */
export type WireRow = Readonly<Record<string, unknown>>

const CURRENCY_DEFAULT = 'IDR'

/**
 * Parses one link row in any dialect. `docs/upstream.md` has the table of fields, and a test keeps the two equal; other keys are
 * ignored. Any unreadable field except the id becomes an `Unreadable` in its place.
 * @throws MalformedResponse when the row is not an object or has no id
 */
export function parseLinkFields(row: unknown, at: RowContext): PartlyReadLink {
  const link = wireObject(row, at.path)
  const field = <T>(key: string, reader: Reader<T>): Readable<T> => readApart(link, key, reader)
  const amount = amountReader(link)
  const currentUsage = field('current_usage', readCount)
  const createdAt = field('created_at', readInstant)
  const expiredAt = field('expired_at', nullable(readDate))
  const account = field('account', parseAccountFacts)
  return {
    id: read(link, 'id', readId),
    accountId: at.accountId,
    reffNo: field('reff_no', readText),
    title: field('title', nullable(readText)),
    paymentUrl: field('payment_url', nullable(readText)),
    ...parseStatus(link, isPast(expiredAt, at.now)),
    requiredCustomerDetail: field('required_customer_detail', (value) => !isBlank(value) && readFlag(value)),
    maxUsage: field('max_usage', readCount),
    currentUsage,
    hasPayments: currentUsage instanceof Unreadable ? currentUsage : currentUsage > 0,
    expiredAt,
    totalAmount: field('total_amount', (value, path) => parseTotal(value, path, amount)),
    currency: currencyOf(link.fields['total_amount']),
    items: field('items', nullable(listOf((item, path) => parseItem(item, path, amount)))),
    whitelistedPaymentMethod: field('whitelisted_payment_method', nullable(readWhitelist)),
    redirectUrl: field('redirect_url', nullable(readText)),
    optionalMetadata: field('optional_metadata', nullable(readMetadata)),
    paymentDate: field('payment_date', nullable(readDate)),
    createdAt,
    updatedAt:
      isBlank(link.fields['updated_at']) || isNoDate(link.fields['updated_at'])
        ? createdAt
        : field('updated_at', readInstant),
    accountFacts:
      account instanceof Unreadable ? { name: account, email: account, phone: account, status: account } : account,
  }
}

/** The link, or an error that names it if a field that may not be null is unreadable. */
export function wholeLink(link: PartlyReadLink): Readable<PaymentLink> {
  const unreadable = NEVER_NULL.map((field) => link[field]).find((value) => value instanceof Unreadable)
  return unreadable === undefined ? (link as PaymentLink) : namingLink(link.id, unreadable)
}

/** The same error with a message that names the link, and may be shown. */
export function namingLink(id: string, { jsonPath, cause }: Unreadable): MalformedResponse {
  return new MalformedResponse(jsonPath, cause, { message: `Link ${id} cannot be read.` })
}

const NEVER_NULL = [
  'reffNo',
  'status',
  'statusComputed',
  'isExpired',
  'requiredCustomerDetail',
  'maxUsage',
  'currentUsage',
  'totalAmount',
  'createdAt',
  'updatedAt',
] as const satisfies readonly (keyof PaymentLink)[]

/** The fields of a link that are present but unreadable. */
export function unreadableFields(link: PartlyReadLink): readonly Unreadable[] {
  const found = new Set<Unreadable>()
  for (const fields of [link, link.accountFacts]) {
    for (const value of Object.values(fields)) if (value instanceof Unreadable) found.add(value)
  }
  return [...found]
}

/**
 * The row in the response to a single read or a write: `data`, or its only element if it is a list, as it once was for the
 * detail of an account [oldest].
 * @throws MalformedResponse
 */
export function responseRow(body: unknown): WireRow {
  const row: Reader<WireObject> = (data, path) =>
    wireObject(Array.isArray(data) && data.length === 1 ? data[0] : data, path)
  return read(wireObject(body, '$'), 'data', row).fields
}

/** The id of a row, even if the rest is unreadable. */
export function readLinkId(row: unknown): string | undefined {
  try {
    return read(wireObject(row, '$'), 'id', readId)
  } catch {
    return undefined
  }
}

/** PHP turns a map with the keys 0, 1, 2 into a list. Numbers stay as parsed, so that they are sent back as received. */
export function readMetadata(value: unknown, path: string): JsonObject {
  const map = Array.isArray(value) ? Object.fromEntries(readElements(value, path).entries()) : value
  if (!isJsonObject(map)) throw expected('an object', value)
  if (isDeeperThan(DEPTH_MAX, map)) throw expected(`at most ${DEPTH_MAX} levels`, value)
  return map
}

const readElements = listOf((element) => element)

/** A zero date means no date. */
export function readDate(value: unknown): Instant | null {
  return isNoDate(value) ? null : readInstant(value)
}

/** Ten digits are seconds; as milliseconds they would be a day in early 1970. */
function readInstant(value: unknown): Instant {
  const text = typeof value === 'number' ? String(value) : value
  return parseUpstreamInstant(typeof text === 'string' && /^\d{10}$/.test(text) ? `${text}000` : text)
}

const readStatus = enumOf(PAYMENT_LINK_STATUSES)

function readId(value: unknown): string {
  const id = isLosslessNumber(value) || typeof value === 'number' ? readText(value) : value
  if (typeof id !== 'string' || !isLinkId(id)) throw expected('a link id of 1 to 19 digits', value)
  return id
}

function isPast(expiredAt: PaymentLink['expiredAt'], now: number): boolean {
  return expiredAt != null && !(expiredAt instanceof Unreadable) && epochMsOf(expiredAt) <= now
}

/** The stored status stays open after expiry. If the row lacks a computed field, it is derived from the others. */
function parseStatus(
  link: WireObject,
  isExpiredByClock: boolean,
): Pick<PartlyReadLink, 'status' | 'statusText' | 'statusComputed' | 'isExpired'> {
  const status = readApart(link, 'status', readStatus)
  const saysExpired = readApart(link, 'is_expired', (value) => (isBlank(value) ? undefined : readFlag(value)))
  const statusComputed =
    readApart(link, 'status_computed', nullable(readStatus)) ??
    (isExpiredByClock || saysExpired === true ? 'EXPIRED' : status)
  return {
    status,
    ...(status === 'UNKNOWN' ? { statusText: read(link, 'status', readText) } : {}),
    statusComputed,
    isExpired: saysExpired ?? (statusComputed === 'EXPIRED' || isExpiredByClock),
  }
}

function parseTotal(value: unknown, path: string, amount: Reader<Decimal>): Decimal {
  return isJsonObject(value) ? read({ fields: value, path }, 'value', amount) : amount(value, path)
}

function currencyOf(total: unknown): string {
  const { currency } = isJsonObject(total) ? total : {}
  return typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? currency : CURRENCY_DEFAULT
}

function parseItem(value: unknown, path: string, amount: Reader<Decimal>): Item {
  const item = wireObject(value, path)
  const quantity = read(item, 'quantity', readCount)
  const unitPrice = read(item, 'unit_price', amount)
  return {
    name: read(item, 'name', readText),
    quantity,
    unitPrice,
    subtotal: read(item, 'subtotal', (subtotal, at) =>
      isBlank(subtotal) ? multiplyDecimal(unitPrice, quantity) : amount(subtotal, at),
    ),
  }
}

/** Null and the empty list both allow every method [lsp inventory #56]. */
function readWhitelist(value: unknown, path: string): readonly string[] | null {
  const codes = readMethodCodes(value, path)
  return codes.length === 0 ? null : [...new Set(codes.map(catalogueCode))]
}
