import { JAKARTA_OFFSET_MS, jakartaDay } from '../../../sandbox/jakarta.js'
import { echoedWhitelist } from './payment-methods.js'
import type { ItemRecord, NewLink } from './records.js'

/**
 * Links of the default accounts: 200, 47, 7, 0 and 12 for the first merchant, 12 and 3 for the other. Ids and amounts are
 * the same in every run. Times, and the day in a reference number, count back from the day of `nowMs` in Jakarta, so
 * there are always open links.
 */
export function believableLinks(nowMs: number): readonly NewLink[] {
  const links = SHOPS.flatMap((shop) => linksOf(shop, nowMs))
  // One primary key counts the links of all accounts in order of creation, so ids within an account have gaps.
  return links.sort((a, b) => a.createdAtMs - b.createdAtMs).map((link, index) => ({ ...link, id: 103 + index }))
}

/** What one of the default accounts sells. */
interface Shop {
  readonly accountId: string
  /** Varies the reference numbers and the choice of goods between accounts. */
  readonly key: number
  readonly linkCount: number
  readonly goods: readonly Good[]
}

type Good = readonly [name: string, unitPrice: number]

/** Links of one account, oldest first, a few hours apart, the last on the day before `nowMs`. */
function linksOf(
  { accountId, key, linkCount, goods }: Shop,
  nowMs: number,
): (NewLink & { readonly createdAtMs: number })[] {
  const dayStartMs = Math.floor((nowMs + JAKARTA_OFFSET_MS) / DAY_MS) * DAY_MS - JAKARTA_OFFSET_MS
  return Array.from({ length: linkCount }, (_, index) => {
    const mixed = mix(key * 1000 + index)
    const createdAtMs = dayStartMs - (linkCount - index) * 7 * HOUR_MS - (mixed % 10_000) * 1000
    const reffNo = referenceOf(createdAtMs, key, index, mixed)
    const items = itemsOf(goods, index, mixed)
    const total = items.reduce((sum, item) => sum + item.quantity * item.unitPrice, 0)
    return {
      accountId,
      reffNo,
      paymentUrl: `${index % 40 === 7 ? 'http://localhost:3000' : 'https://sandbox-paymentlink.singapay.id'}/b2b/${reffNo}`,
      title: index % 23 === 9 ? null : `${items[0]?.name ?? 'Pesanan'} #${1000 + index}`,
      requiredCustomerDetail: mixed % 3 !== 0,
      totalAmount: total,
      items: index % 29 === 14 ? null : items,
      whitelist: WHITELISTS[mixed % WHITELISTS.length] ?? null,
      redirectUrl: index % 4 === 0 ? null : `https://toko.example.id/terima-kasih?ref=${reffNo}`,
      metadata: index % 3 === 0 ? {} : { invoice_number: `INV/${2000 + index}`, cashier: CASHIERS[mixed % 4] ?? null },
      ...lifecycleAt(index, createdAtMs, dayStartMs),
      createdAtMs,
    }
  })
}

const HOUR_MS = 60 * 60 * 1000
const DAY_MS = 24 * HOUR_MS

const COFFEE: readonly Good[] = [
  ['Kopi Arabika Gayo 1 kg', 185_000],
  ['Kopi Robusta Temanggung 500 g', 62_500],
  ['Kopi Toraja Sapan 250 g', 78_000],
  ['Paket Kedai Bulanan', 1_450_000],
  ['Filter V60 isi 100', 45_000],
]
const BATIK: readonly Good[] = [
  ['Kemeja Batik Parang', 325_000],
  ['Kain Batik Tulis Sidomukti', 2_750_000],
  ['Selendang Batik Cap', 140_000],
]
const LESSONS: readonly Good[] = [
  ['Kelas Bahasa Inggris', 600_000],
  ['Modul Latihan UTBK', 95_000],
]

const SHOPS: readonly Shop[] = [
  { accountId: '01HZ7N9K3R0F2QW3X4Y5Z6V7AB', key: 1, linkCount: 200, goods: COFFEE },
  { accountId: '01K7P073Q8RE2A9PQT8Q7MXPN4', key: 35, linkCount: 47, goods: BATIK },
  { accountId: '01K9B2V4X6Z8C0E1G3J5M7P9R2', key: 36, linkCount: 7, goods: LESSONS },
  { accountId: '01JD4M8R2T6W0Y4A8C2E6G0J4K', key: 12, linkCount: 12, goods: COFFEE },
  { accountId: '01K3F6H9K2N5Q8T1W4Y7A0C3E6', key: 58, linkCount: 12, goods: [['Kipas Angin Meja', 275_000]] },
  { accountId: '01K3F6J2M5P8R1T4W7Y0A3C6E9', key: 59, linkCount: 3, goods: [['Cuci AC Split', 85_000]] },
]

const CASHIERS = ['Dewi', 'Agus', 'Putri', 'Bambang']

const WHITELISTS: readonly (readonly string[] | null)[] = [
  null,
  echoedWhitelist(['QRIS']),
  echoedWhitelist(['VA_BRI', 'VA_DANAMON', 'VA_MAYBANK', 'QRIS']),
  echoedWhitelist([]),
  echoedWhitelist(['ALFAMART', 'INDOMARET', 'EWALLET_GOPAY']),
]

/** A fixed hash: the data look random and are the same in every run. */
function mix(value: number): number {
  return Math.imul(value ^ 0x5bd1e995, 0x9e3779b1) >>> 8
}

function referenceOf(createdAtMs: number, key: number, index: number, mixed: number): string {
  const day = jakartaDay(createdAtMs)
  const suffix = `${key}${String(index).padStart(4, '0')}`
  return index % 5 === 0 ? `PL${day}${suffix}${mixed.toString(16)}` : `INV-${day}-${suffix}`
}

/** One to three items, and a discount on every ninth link. */
function itemsOf(goods: readonly Good[], index: number, mixed: number): readonly ItemRecord[] {
  const lines = Array.from({ length: 1 + (mixed % 3) }, (_, line): ItemRecord => {
    const [name, unitPrice] = goods[(mixed + line) % goods.length] ?? ['Pesanan', 50_000]
    return { name, quantity: 1 + ((mixed >> line) % 4), unitPrice }
  })
  return index % 9 === 4 ? [...lines, { name: 'Diskon pelanggan', quantity: 1, unitPrice: -10_000 }] : lines
}

/** Ten lifecycles in turn. As in the real sandbox, a link may still be stored as `open` after its expiry [lsp]. */
function lifecycleAt(index: number, createdAtMs: number, dayStartMs: number): Partial<NewLink> {
  const used = { maxUsage: 1000, currentUsage: 1 + (index % 7), updatedAtMs: createdAtMs + HOUR_MS }
  const lifecycles: readonly Partial<NewLink>[] = [
    {},
    { expiredAtMs: dayStartMs + (3 + (index % 28)) * DAY_MS - 1000 },
    used,
    { expiredAtMs: createdAtMs + 2 * HOUR_MS },
    { ...used, expiredAtMs: dayStartMs + 365 * DAY_MS },
    { status: 'closed', updatedAtMs: createdAtMs + 3 * HOUR_MS },
    { expiredAtMs: dayStartMs + (1 + (index % 5)) * DAY_MS },
    { status: 'expired', expiredAtMs: createdAtMs + HOUR_MS, updatedAtMs: createdAtMs + HOUR_MS },
    { maxUsage: 1, currentUsage: 1, updatedAtMs: createdAtMs + 2 * HOUR_MS },
    { maxUsage: 100, paymentDateMs: null },
  ]
  return { maxUsage: index % 50 === 30 ? 0 : 1, ...lifecycles[index % lifecycles.length] }
}
