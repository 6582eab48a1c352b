import { isLosslessNumber } from 'lossless-json'
import { type Decimal, multiplyDecimal, parseDecimal } from '../../kernel/decimal.js'
import { isLinkId } from '../../kernel/ids.js'
import { epochMsOf, type Instant, parseUpstreamInstant } from '../../kernel/instant.js'
import { parseAccountFacts } from '../account/account.wire.js'
import {
  expected,
  isBlank,
  isDeeperThan,
  isEmptyCollection,
  isJsonObject,
  listOf,
  nullable,
  read,
  readCount,
  readFlag,
  readText,
  type WireObject,
  wireObject,
  wordOf,
} from '../wire-values.js'
import { type Item, type JsonObject, PAYMENT_LINK_STATUSES, type PaymentLink } from './payment-link.model.js'
import { catalogueCode } from './payment-method.wire.js'

/** What a row cannot be trusted to say of itself. */
export interface RowContext {
  /** The ULID of the request path. */
  readonly accountId: string
  /** Epoch ms; a link expires by the clock alone. */
  readonly now: number
  /** Where the row stands in the answer, `$.data[3]`; for the log only. */
  readonly path: string
}

const CURRENCY_DEFAULT = 'IDR'

/**
 * Reads one link row in any dialect; `docs/upstream.md` has the table of fields, which a test holds this to. Keys that
 * the table does not name are ignored.
 * @throws MalformedAnswer at the path of the first field that cannot be read
 */
export function parsePaymentLink(row: unknown, at: RowContext): PaymentLink {
  const link = wireObject(row, at.path)
  const currentUsage = read(link, 'current_usage', readCount)
  const createdAt = read(link, 'created_at', parseUpstreamInstant)
  const expiredAt = read(link, 'expired_at', nullable(parseUpstreamInstant))
  return {
    id: read(link, 'id', readId),
    accountId: at.accountId,
    reffNo: read(link, 'reff_no', readText),
    title: read(link, 'title', nullable(readText)),
    paymentUrl: read(link, 'payment_url', nullable(readText)),
    ...parseStatus(link, isPast(expiredAt, at.now)),
    requiredCustomerDetail: read(link, 'required_customer_detail', (value) => !isBlank(value) && readFlag(value)),
    maxUsage: read(link, 'max_usage', readCount),
    currentUsage,
    hasPayments: currentUsage > 0,
    expiredAt,
    ...read(link, 'total_amount', parseTotal),
    items: read(link, 'items', nullable(listOf(parseItem))),
    whitelistedPaymentMethod: read(link, 'whitelisted_payment_method', nullable(readWhitelist)),
    redirectUrl: read(link, 'redirect_url', nullable(readText)),
    optionalMetadata: read(link, 'optional_metadata', nullable(readMetadata)),
    paymentDate: read(link, 'payment_date', nullable(parseUpstreamInstant)),
    createdAt,
    updatedAt: read(link, 'updated_at', (value) => (isBlank(value) ? createdAt : parseUpstreamInstant(value))),
    accountFacts: read(link, 'account', parseAccountFacts),
  }
}

/** The row of a single read or of a write's answer: `data` of the whole body. @throws MalformedAnswer */
export function parseShownLink(body: unknown): Readonly<Record<string, unknown>> {
  return read(wireObject(body, '$'), 'data', wireObject).fields
}

/** The id of a row that cannot be read as a whole, when that much can be read. */
export function readLinkId(row: unknown): string | undefined {
  try {
    return read(wireObject(row, '$'), 'id', readId)
  } catch {
    return undefined
  }
}

/** `[]` is PHP's empty map. Numbers stay as they were parsed, so that they go back as they came. */
export function readMetadata(value: unknown): JsonObject {
  if (isEmptyCollection(value)) return {}
  if (!isJsonObject(value)) throw expected('an object', value)
  if (isDeeperThan(METADATA_DEPTH_MAX, value)) throw expected(`at most ${METADATA_DEPTH_MAX} levels`, value)
  return value
}

/** PHP, which the upstream is written in, nests no deeper by itself; some thousand levels end whoever writes them out. */
const METADATA_DEPTH_MAX = 512

const readStatus = wordOf(PAYMENT_LINK_STATUSES)

function readId(value: unknown): string {
  const id = isLosslessNumber(value) || typeof value === 'number' ? readText(value) : value
  if (typeof id !== 'string' || !isLinkId(id)) throw expected('a link id of 1 to 19 digits', value)
  return id
}

function isPast(expiredAt: Instant | null | undefined, now: number): boolean {
  return expiredAt != null && epochMsOf(expiredAt) <= now
}

/** The stored status stays open after expiry; what the row leaves out of the computed two is derived. */
function parseStatus(
  link: WireObject,
  isExpiredByClock: boolean,
): Pick<PaymentLink, 'status' | 'statusText' | 'statusComputed' | 'isExpired'> {
  const status = read(link, 'status', readStatus)
  const saysExpired = read(link, 'is_expired', (value) => (isBlank(value) ? undefined : readFlag(value)))
  const statusComputed =
    read(link, 'status_computed', nullable(readStatus)) ?? (isExpiredByClock || saysExpired ? 'EXPIRED' : status)
  return {
    status,
    ...(status === 'UNKNOWN' ? { statusText: read(link, 'status', readText) } : {}),
    statusComputed,
    isExpired: saysExpired ?? (statusComputed === 'EXPIRED' || isExpiredByClock),
  }
}

/** Plain, or `{ value, currency }` as the webhooks have it. */
function parseTotal(value: unknown, path: string): { totalAmount: Decimal; currency: string } {
  if (!isJsonObject(value)) return { totalAmount: parseDecimal(value), currency: CURRENCY_DEFAULT }
  const total = wireObject(value, path)
  const { currency } = total.fields
  return {
    totalAmount: read(total, 'value', parseDecimal),
    currency: typeof currency === 'string' && /^[A-Z]{3}$/.test(currency) ? currency : CURRENCY_DEFAULT,
  }
}

function parseItem(value: unknown, path: string): Item {
  const item = wireObject(value, path)
  const quantity = read(item, 'quantity', readCount)
  const unitPrice = read(item, 'unit_price', parseDecimal)
  return {
    name: read(item, 'name', readText),
    quantity,
    unitPrice,
    subtotal: read(item, 'subtotal', (subtotal) =>
      isBlank(subtotal) ? multiplyDecimal(unitPrice, quantity) : parseDecimal(subtotal),
    ),
  }
}

/** Null and the empty list both allow every method [lsp inventory #56]. */
function readWhitelist(value: unknown, path: string): readonly string[] | null {
  const codes = listOf(readText)(value, path)
  return codes.length === 0 ? null : [...new Set(codes.map(catalogueCode))]
}
