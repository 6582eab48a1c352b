import { echoedWhitelist } from './payment-methods.js'
import type { AccountRecord, ItemRecord, LinkRecord, Merchant, NewLink, World } from './store.js'

/** The account of the documented list sample; holds exactly 200 links and, as there, neither e-mail nor phone. */
const MAIN_ACCOUNT_ID = '01HZ7N9K3R0F2QW3X4Y5Z6V7AB'

/**
 * The default world: one merchant with accounts of 200, 47, 7, 0 and 12 links, another with 12 and 3. Ids and amounts
 * are the same in every run; times, and the day in a reference number, hang on the day of `nowMs` in Jakarta, so that
 * there are always open links.
 */
export function believableWorld(nowMs: number): World {
  const links = ACCOUNTS.flatMap(({ linkCount, goods, ...account }) =>
    believableLinks({ accountId: account.id, key: account.key, count: linkCount, goods, nowMs }),
  )
  return {
    merchants: [DEFAULT_MERCHANT, OTHER_MERCHANT],
    accounts: ACCOUNTS.map(({ linkCount: _linkCount, goods: _goods, ...account }) => account),
    // One primary key counts the links of all accounts in order of creation, so no account's ids follow each other.
    links: links.sort((a, b) => a.createdAtMs - b.createdAtMs).map((link, index) => ({ ...link, id: 103 + index })),
  }
}

interface LinkRecipe {
  readonly accountId: string
  /** Makes the reference numbers and the choice of goods differ between accounts. */
  readonly key: number
  readonly count: number
  readonly goods: readonly Good[]
  readonly nowMs: number
}

type Good = readonly [name: string, unitPrice: number]

/** Links of one account, oldest first, a few hours apart until the day before `nowMs`. */
function believableLinks({ accountId, key, count, goods, nowMs }: LinkRecipe): (NewLink & Times)[] {
  const dayStartMs = Math.floor((nowMs + JAKARTA_OFFSET_MS) / DAY_MS) * DAY_MS - JAKARTA_OFFSET_MS
  return Array.from({ length: count }, (_, index) => {
    const mixed = mix(key * 1000 + index)
    const createdAtMs = dayStartMs - (count - index) * 7 * HOUR_MS - (mixed % 10_000) * 1000
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
      ...lifeOf(index, createdAtMs, dayStartMs),
      createdAtMs,
    }
  })
}

type Times = Pick<LinkRecord, 'createdAtMs'>

const HOUR_MS = 60 * 60 * 1000
const DAY_MS = 24 * HOUR_MS
const JAKARTA_OFFSET_MS = 7 * HOUR_MS

const DEFAULT_MERCHANT: Merchant = {
  name: 'merchant',
  apiKey: 'b3ed7d4b-a96c-4c08-b3c7-12c312424201',
  clientId: '5f1c2a90-7d1e-4f0b-9a55-sandbox00001',
  clientSecret: 'sandbox-secret-of-the-default-merchant',
}

const OTHER_MERCHANT: Merchant = {
  name: 'other-merchant',
  apiKey: 'c9a1f7e2-0b5d-4e3a-8f66-77e1a0b4d902',
  clientId: '91d3b7c4-2e8a-4b7c-8c11-sandbox00002',
  clientSecret: 'sandbox-secret-of-the-other-merchant',
}

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

type SeedAccount = AccountRecord & { readonly linkCount: number; readonly goods: readonly Good[] }

const ACTIVE = { merchant: 'merchant', status: 'active' }

const ACCOUNTS: readonly SeedAccount[] = [
  {
    ...ACTIVE,
    id: MAIN_ACCOUNT_ID,
    key: 1,
    name: 'Kopi Nusantara',
    email: null,
    phone: null,
    linkCount: 200,
    goods: COFFEE,
  },
  {
    ...ACTIVE,
    id: '01K7P073Q8RE2A9PQT8Q7MXPN4',
    key: 35,
    name: 'Batik Laras Solo',
    email: 'keuangan@batiklaras.example.id',
    phone: '08123993201',
    linkCount: 47,
    goods: BATIK,
  },
  {
    ...ACTIVE,
    id: '01K9B2V4X6Z8C0E1G3J5M7P9R2',
    key: 36,
    name: 'Bimbel Cendekia Bandung',
    email: 'admin@bimbelcendekia.example.id',
    phone: '082217004455',
    linkCount: 7,
    goods: LESSONS,
  },
  {
    ...ACTIVE,
    id: '01KA0D5F7H9K1N3Q5S7V9X1Z3B',
    key: 37,
    name: 'Warung Bu Sri',
    email: null,
    phone: '085600112233',
    linkCount: 0,
    goods: [],
  },
  {
    merchant: 'merchant',
    status: 'inactive',
    id: '01JD4M8R2T6W0Y4A8C2E6G0J4K',
    key: 12,
    name: 'Kopi Nusantara Surabaya (tutup)',
    email: 'surabaya@kopinusantara.example.id',
    phone: null,
    linkCount: 12,
    goods: COFFEE,
  },
  {
    merchant: 'other-merchant',
    status: 'active',
    id: '01K3F6H9K2N5Q8T1W4Y7A0C3E6',
    key: 58,
    name: 'Toko Elektronik Jaya',
    email: 'kasir@elektronikjaya.example.id',
    phone: '081390008877',
    linkCount: 12,
    goods: [['Kipas Angin Meja', 275_000]],
  },
  {
    merchant: 'other-merchant',
    status: 'active',
    id: '01K3F6J2M5P8R1T4W7Y0A3C6E9',
    key: 59,
    name: 'Servis AC Jaya',
    email: null,
    phone: null,
    linkCount: 3,
    goods: [['Cuci AC Split', 85_000]],
  },
]

const CASHIERS = ['Dewi', 'Agus', 'Putri', 'Bambang']

const WHITELISTS: readonly (readonly string[] | null)[] = [
  null,
  echoedWhitelist(['QRIS']),
  echoedWhitelist(['VA_BRI', 'VA_DANAMON', 'VA_MAYBANK', 'QRIS']),
  echoedWhitelist([]),
  echoedWhitelist(['ALFAMART', 'INDOMARET', 'EWALLET_GOPAY']),
]

/** A fixed scramble of a number, so that the data look unordered and are the same in every run. */
function mix(value: number): number {
  return Math.imul(value ^ 0x5bd1e995, 0x9e3779b1) >>> 8
}

function referenceOf(createdAtMs: number, key: number, index: number, mixed: number): string {
  const day = new Date(createdAtMs + JAKARTA_OFFSET_MS).toISOString().slice(0, 10).replaceAll('-', '')
  const suffix = `${key}${String(index).padStart(4, '0')}`
  return index % 5 === 0 ? `PL${day}${suffix}${mixed.toString(16)}` : `INV-${day}-${suffix}`
}

/** One to three lines, on every ninth link a discount. */
function itemsOf(goods: readonly Good[], index: number, mixed: number): readonly ItemRecord[] {
  const lines = Array.from({ length: 1 + (mixed % 3) }, (_, line): ItemRecord => {
    const [name, unitPrice] = goods[(mixed + line) % goods.length] ?? ['Pesanan', 50_000]
    return { name, quantity: 1 + ((mixed >> line) % 4), unitPrice }
  })
  return index % 9 === 4 ? [...lines, { name: 'Diskon pelanggan', quantity: 1, unitPrice: -10_000 }] : lines
}

type Life = Pick<LinkRecord, 'status' | 'maxUsage' | 'currentUsage' | 'expiredAtMs' | 'paymentDateMs' | 'updatedAtMs'>

/** Ten lives in turn; a stored `open` beside an expiry that has passed is what the real sandbox keeps [lsp]. */
function lifeOf(index: number, createdAtMs: number, dayStartMs: number): Life {
  const fresh = {
    status: 'open',
    maxUsage: index % 50 === 30 ? 0 : 1,
    currentUsage: 0,
    expiredAtMs: null,
    paymentDateMs: createdAtMs,
    updatedAtMs: createdAtMs,
  }
  const used = { maxUsage: 1000, currentUsage: 1 + (index % 7), updatedAtMs: createdAtMs + HOUR_MS }
  const lives: readonly Partial<Life>[] = [
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
  return { ...fresh, ...lives[index % lives.length] }
}
