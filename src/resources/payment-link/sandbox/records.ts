import { PlantedRows, type RawRow } from '../../../sandbox/planted-rows.js'
import type { SandboxContext } from '../../../sandbox/resource.js'

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
  /** With the retail codes already renamed. */
  readonly whitelist: readonly string[] | null
  readonly redirectUrl: string | null
  readonly metadata: Readonly<Record<string, unknown>> | null
  readonly paymentDateMs: number | null
  readonly createdAtMs: number
  readonly updatedAtMs: number
}

/** A link to insert; fields that are left out have defaults. */
export type NewLink = Partial<LinkRecord> & { readonly accountId: string }

export type LinkChanges = Partial<Omit<LinkRecord, 'id' | 'accountId'>>

/** The links of one sandbox. */
export class LinkStore {
  readonly #accountIds: ReadonlySet<string>
  readonly #links = new Map<number, LinkRecord>()
  readonly #planted = new PlantedRows()
  readonly #now: () => number
  #lastId = 100

  constructor({ accounts, now }: Pick<SandboxContext, 'accounts' | 'now'>, links: readonly NewLink[]) {
    this.#accountIds = new Set(accounts.map(({ id }) => id))
    this.#now = now
    for (const link of links) this.insertLink(link)
  }

  find(accountId: string, id: number): LinkRecord | undefined {
    const link = this.#links.get(id)
    return link?.accountId === accountId ? link : undefined
  }

  /** The links of one account, newest first. */
  linksOf(accountId: string): readonly LinkRecord[] {
    return [...this.#links.values()].filter((link) => link.accountId === accountId).sort((a, b) => b.id - a.id)
  }

  /** @throws Error when the account is unknown, the id is taken or a link has no such key */
  insertLink(link: NewLink): LinkRecord {
    const { accountId, id = this.#lastId + 1 } = link
    if (!this.#accountIds.has(accountId)) throw new Error(`No account ${accountId} to insert a link into`)
    if (this.#links.has(id)) throw new Error(`Link ${id} exists already`)
    const record = completed(link, id, this.#now())
    this.#lastId = Math.max(this.#lastId, id)
    this.#links.set(id, record)
    return record
  }

  /** Changes a link as another client of the same API would; `updatedAtMs` moves unless it is given. */
  patchLink(accountId: string, id: number, changes: LinkChanges): LinkRecord {
    const link = this.#existing(accountId, id)
    const fixed = Object.keys(changes).find((key) => !(key in link) || key === 'id' || key === 'accountId')
    if (fixed !== undefined) throw new Error(`A link has no ${fixed} to change`)
    const changed = { ...link, updatedAtMs: toWholeSecond(this.#now()), ...changes }
    this.#links.set(id, changed)
    return changed
  }

  deleteLink(accountId: string, id: number): void {
    this.#existing(accountId, id)
    this.#links.delete(id)
    this.#planted.plant(id, null)
  }

  /** One successful payment. `payment_date` stays at creation, as in every documented sample [seed:show]. */
  pay(accountId: string, id: number): LinkRecord {
    const link = this.#existing(accountId, id)
    const isUsedUp = link.maxUsage > 0 && link.currentUsage >= link.maxUsage
    const { statusComputed } = lifecycleOf(link, this.#now())
    if (statusComputed !== 'open' || isUsedUp) throw new Error(`Link ${id} takes no payment`)
    return this.patchLink(accountId, id, { currentUsage: link.currentUsage + 1 })
  }

  /** Plants an odd row; `null` removes it. */
  setLinkRaw(accountId: string, id: number, raw: RawRow | null): void {
    this.#existing(accountId, id)
    this.#planted.plant(id, raw)
  }

  /** The row of a link as JSON text, or what is planted in its place. */
  textOf(id: number, operation: string, row: object): string {
    return this.#planted.textOf(id, operation, row)
  }

  #existing(accountId: string, id: number): LinkRecord {
    const link = this.find(accountId, id)
    if (link === undefined) throw new Error(`Account ${accountId} has no link ${id}`)
    return link
  }
}

/** The stored status stays `open` after expiry; the computed one changes with the clock [lsp]. */
export function lifecycleOf(link: LinkRecord, nowMs: number): { statusComputed: string; isExpired: boolean } {
  const isExpired = link.status === 'expired' || (link.expiredAtMs !== null && link.expiredAtMs <= nowMs)
  return { statusComputed: link.status === 'open' && isExpired ? 'expired' : link.status, isExpired }
}

/** The upstream stores whole seconds. */
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
