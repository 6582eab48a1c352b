/** What a caller must present: `X-PARTNER-ID` and the pair behind an access token. */
export interface MerchantCredentials {
  readonly apiKey: string
  readonly clientId: string
  readonly clientSecret: string
}

/** One credential and everything it may reach; `name` stands for it in the log, where no secret belongs. */
export interface Merchant extends MerchantCredentials {
  readonly name: string
}

export interface AccountRecord {
  /** ULID. */
  readonly id: string
  /** The integer that the documented update answer shows in place of the ULID [seed:update]. */
  readonly key: number
  readonly merchant: string
  readonly name: string
  readonly email: string | null
  readonly phone: string | null
  readonly status: string
}

export interface ItemRecord {
  readonly name: string
  readonly quantity: number
  /** Rupiah; negative for a discount. */
  readonly unitPrice: number
}

/** A stored link. Times are epoch milliseconds on whole seconds, amounts are rupiah. */
export interface LinkRecord {
  readonly id: number
  readonly accountId: string
  readonly reffNo: string
  readonly title: string | null
  readonly paymentUrl: string
  readonly status: string
  readonly requiredCustomerDetail: boolean
  readonly maxUsage: number
  readonly currentUsage: number
  readonly expiredAtMs: number | null
  readonly totalAmount: number
  readonly items: readonly ItemRecord[] | null
  /** As answered: retail codes already renamed. */
  readonly whitelist: readonly string[] | null
  readonly redirectUrl: string | null
  readonly metadata: Readonly<Record<string, unknown>> | null
  readonly paymentDateMs: number | null
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** A link to insert: what is left out is made up. */
export type NewLink = Partial<LinkRecord> & { readonly accountId: string }

/** How one row is answered in place of what is stored, so that odd rows can be planted. */
export interface RawRow {
  /** The whole row as JSON text, sent as it is: digits that a double cannot hold, duplicate keys, anything. */
  readonly text?: string
  /** Keys put over the encoded row. */
  readonly set?: Readonly<Record<string, unknown>>
  /** Keys taken out of the encoded row. */
  readonly remove?: readonly string[]
  /** Only in the answers of these operations; everywhere when left out. */
  readonly in?: readonly string[]
}

export interface World {
  /** The first is the default merchant. */
  readonly merchants: readonly Merchant[]
  readonly accounts: readonly AccountRecord[]
  readonly links: readonly NewLink[]
}

/** Everything the sandbox knows; changed by requests and by whoever drives it. */
export class Store {
  readonly merchants: readonly Merchant[]
  readonly #accounts = new Map<string, AccountRecord>()
  readonly #links = new Map<string, Map<number, LinkRecord>>()
  readonly #ids = new Set<number>()
  readonly #raw = new Map<number, RawRow>()
  #lastId = 100

  constructor(
    world: World,
    private readonly now: () => number,
  ) {
    this.merchants = world.merchants
    for (const account of world.accounts) {
      this.#accounts.set(account.id, account)
      this.#links.set(account.id, new Map())
    }
    for (const link of world.links) this.insertLink(link)
  }

  findAccount(id: string): AccountRecord | undefined {
    return this.#accounts.get(id)
  }

  accountsOf(merchant: string): readonly AccountRecord[] {
    return [...this.#accounts.values()].filter((account) => account.merchant === merchant)
  }

  findLink(accountId: string, id: number): LinkRecord | undefined {
    return this.#links.get(accountId)?.get(id)
  }

  /** Links of one account, newest first. */
  linksOf(accountId: string): readonly LinkRecord[] {
    return [...(this.#links.get(accountId)?.values() ?? [])].sort((a, b) => b.id - a.id)
  }

  /** @throws Error when the account is unknown, the id is taken or a key is no link's. */
  insertLink(link: NewLink): LinkRecord {
    const links = this.#links.get(link.accountId)
    if (links === undefined) throw new Error(`No account ${link.accountId} to insert a link into`)
    if (link.id !== undefined && this.#ids.has(link.id)) throw new Error(`Link ${link.id} exists already`)
    const record = completed(link, link.id ?? this.#lastId + 1, this.now())
    this.#lastId = Math.max(this.#lastId, record.id)
    this.#ids.add(record.id)
    links.set(record.id, record)
    return record
  }

  /** Changes what is stored, as another client of the same API would; `updatedAtMs` moves unless it is given. */
  patchLink(accountId: string, id: number, changes: Partial<Omit<LinkRecord, 'id' | 'accountId'>>): LinkRecord {
    const link = this.#existing(accountId, id)
    const fixed = Object.keys(changes).find((key) => !(key in link) || key === 'id' || key === 'accountId')
    if (fixed !== undefined) throw new Error(`A link has no ${fixed} to change`)
    const changed = { ...link, updatedAtMs: toWholeSecond(this.now()), ...changes }
    this.#links.get(accountId)?.set(id, changed)
    return changed
  }

  deleteLink(accountId: string, id: number): void {
    this.#existing(accountId, id)
    this.#links.get(accountId)?.delete(id)
    this.#raw.delete(id)
  }

  /** One successful payment. `payment_date` stays at creation, as in every documented sample [seed:show]. */
  pay(accountId: string, id: number): LinkRecord {
    const link = this.#existing(accountId, id)
    const usedUp = link.maxUsage > 0 && link.currentUsage >= link.maxUsage
    const lifecycle = lifecycleOf(link, this.now())
    if (lifecycle.statusComputed !== 'open' || usedUp) throw new Error(`Link ${id} takes no payment`)
    return this.patchLink(accountId, id, { currentUsage: link.currentUsage + 1 })
  }

  /** Plants an odd row; `null` takes it away again. */
  setLinkRaw(accountId: string, id: number, raw: RawRow | null): void {
    this.#existing(accountId, id)
    if (raw === null) this.#raw.delete(id)
    else this.#raw.set(id, raw)
  }

  rawOf(id: number, operation: string): RawRow | undefined {
    const raw = this.#raw.get(id)
    return raw?.in === undefined || raw.in.includes(operation) ? raw : undefined
  }

  #existing(accountId: string, id: number): LinkRecord {
    const link = this.findLink(accountId, id)
    if (link === undefined) throw new Error(`Account ${accountId} has no link ${id}`)
    return link
  }
}

/** The stored status stays `open` after expiry; what is computed on read flips by the clock [lsp]. */
export function lifecycleOf(link: LinkRecord, nowMs: number): { statusComputed: string; isExpired: boolean } {
  const isExpired = link.status === 'expired' || (link.expiredAtMs !== null && link.expiredAtMs <= nowMs)
  return { statusComputed: link.status === 'open' && isExpired ? 'expired' : link.status, isExpired }
}

/** The upstream keeps whole seconds. */
export function toWholeSecond(ms: number): number {
  return Math.floor(ms / 1000) * 1000
}

function completed(link: NewLink, id: number, nowMs: number): LinkRecord {
  const createdAtMs = toWholeSecond(link.createdAtMs ?? nowMs)
  const reffNo = link.reffNo ?? `PL${createdAtMs}${id}`
  const items = link.items === undefined ? [{ name: 'Pesanan', quantity: 1, unitPrice: 50_000 }] : link.items
  const madeUp: LinkRecord = {
    id,
    accountId: link.accountId,
    reffNo,
    title: `Pesanan ${id}`,
    status: 'open',
    requiredCustomerDetail: true,
    maxUsage: 1,
    currentUsage: 0,
    expiredAtMs: null,
    items,
    totalAmount: items === null ? 50_000 : items.reduce((sum, item) => sum + item.quantity * item.unitPrice, 0),
    whitelist: null,
    redirectUrl: null,
    metadata: {},
    paymentDateMs: createdAtMs,
    updatedAtMs: createdAtMs,
    createdAtMs,
    paymentUrl: `https://sandbox-paymentlink.singapay.id/b2b/${reffNo}`,
  }
  const unknown = Object.keys(link).find((key) => !(key in madeUp))
  if (unknown !== undefined) throw new Error(`A link has no ${unknown}`)
  return { ...madeUp, ...link, createdAtMs }
}
