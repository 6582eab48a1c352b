import type { AccountRecord } from '../../../sandbox/directory.js'
import { JAKARTA_OFFSET_MS } from '../../../sandbox/jakarta.js'
import type { LinkBehaviour, RowDialect } from './behaviour.js'
import { type ItemRecord, type LinkRecord, lifecycleOf } from './records.js'

export interface RowOptions {
  readonly dialect: RowDialect
  readonly behaviour: Pick<LinkBehaviour, 'emptyMap' | 'extraKeys'>
  readonly nowMs: number
}

/** A link as a response writes it. */
export function rowOf(link: LinkRecord, account: AccountRecord, { dialect, behaviour, nowMs }: RowOptions): object {
  const { statusComputed, isExpired } = lifecycleOf(link, nowMs)
  const time = (ms: number | null): string | null => (ms === null ? null : ZONES[dialect.zone](ms))
  return {
    id: link.id,
    reff_no: link.reffNo,
    title: link.title,
    payment_url: link.paymentUrl,
    status: link.status,
    status_computed: statusComputed,
    is_expired: isExpired,
    required_customer_detail: link.requiredCustomerDetail,
    max_usage: link.maxUsage,
    current_usage: link.currentUsage,
    expired_at: time(link.expiredAtMs),
    total_amount: dialect.figures === 'text' ? link.totalAmount.toFixed(2) : link.totalAmount,
    items: link.items?.map((item) => itemOf(item, dialect)) ?? null,
    whitelisted_payment_method: link.whitelist,
    redirect_url: link.redirectUrl,
    ...(dialect.metadata === 'present' ? { optional_metadata: metadataOf(link, behaviour) } : {}),
    payment_date: time(link.paymentDateMs),
    created_at: time(link.createdAtMs),
    updated_at: time(link.updatedAtMs),
    account: accountOf(account, dialect),
    ...(behaviour.extraKeys ? extraKeysOf(link) : {}),
  }
}

/** In the text dialect the subtotal stays a number, as PHP multiplies two strings [seed:show]. */
function itemOf({ name, quantity, unitPrice }: ItemRecord, { figures }: RowDialect): object {
  const subtotal = quantity * unitPrice
  if (figures === 'numbers') return { name, quantity, unit_price: unitPrice, subtotal }
  return { name, quantity: String(quantity), unit_price: String(unitPrice), subtotal }
}

/** PHP writes an empty map as `[]` unless told otherwise. */
function metadataOf({ metadata }: LinkRecord, { emptyMap }: RowOptions['behaviour']): unknown {
  return metadata !== null && emptyMap === 'list' && Object.keys(metadata).length === 0 ? [] : metadata
}

function accountOf({ id, key, name, email, phone, status }: AccountRecord, dialect: RowDialect): object {
  if (dialect.account === 'brief') return { id: key, name }
  return dialect.account === 'full'
    ? { id, name, email, phone, status }
    : { id, name, email: null, phone: null, status }
}

/** Undocumented keys that other clients have seen [ledger][lsp]. */
function extraKeysOf(link: LinkRecord): object {
  return {
    source: 'api v1',
    description: link.title,
    payment_link_type: link.items === null ? 'total' : 'items',
    customer_pays_fee: false,
    success_redirect_url: link.redirectUrl,
    is_unlimited_usage: link.maxUsage === 0,
    __debug: { nested: [null, { status: 'open' }] },
  }
}

const ZONES: Readonly<Record<RowDialect['zone'], (ms: number) => string>> = {
  jakarta: (ms) => `${secondsOf(ms + JAKARTA_OFFSET_MS)}+07:00`,
  utc: (ms) => `${secondsOf(ms)}Z`,
  micros: (ms) => `${secondsOf(ms)}.000000Z`,
  zoneless: (ms) => secondsOf(ms + JAKARTA_OFFSET_MS).replace('T', ' '),
}

function secondsOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19)
}
