import DataLoader from 'dataloader'
import type { SelectedFields } from '../../admission/field-cost.js'
import { type BatchAnswer, readBatch } from '../../graphql/batch/batch-read.js'
import { createListHintBook } from '../../graphql/connection/list-hints.js'
import { ListReader } from '../../graphql/connection/list-reader.js'
import type { Page } from '../../graphql/connection/pages.js'
import type { RequestScope } from '../../graphql/scope.js'
import { Unreadable } from '../../kernel/unreadable.js'
import { accountBook } from '../account-facts/account-facts.book.js'
import { listLinks, showLink } from './payment-link.api.js'
import { type Elsewhere, type LinkReads, readElsewhere } from './payment-link.elsewhere.js'
import { findKept } from './payment-link.kept.js'
import type { LinkKey } from './payment-link.keys.js'
import { NOT_IN_EVERY_ROUTE, type PartlyReadLink, type PaymentLink } from './payment-link.model.js'
import { wholeLink } from './payment-link.wire.js'

/** Every way in which one request reads payment links; what one way has brought the others do not fetch again. */
export interface PaymentLinkLoaders {
  /** One link, or null when the account has no such link; loads of one tick are batched per account. */
  load(key: LinkKey, selected: SelectedFields): Promise<PaymentLink | null>
  /** What the read that brought a link does not carry; links of one tick are looked up together per account. */
  readonly elsewhere: DataLoader<PaymentLink, Elsewhere | null, string>
  /** The list of an account, read by position. */
  list(accountId: string): ListReader<PaymentLink>
  /** After a write: forgets what was read of the account and remembers the link as it is now. */
  refresh(link: PartlyReadLink): void
}

/** Built on first use by `scope.get(paymentLinkLoaders)` and gone with the request. */
export function paymentLinkLoaders(scope: RequestScope): PaymentLinkLoaders {
  const accounts = new Map<string, AccountLinks>()
  const accountOf = (accountId: string): AccountLinks => {
    const account = accounts.get(accountId) ?? new AccountLinks(scope, accountId)
    accounts.set(accountId, account)
    return account
  }
  const cacheKeyFn = ({ accountId, id }: LinkKey): string => `${accountId}/${id}`
  const byKey = new DataLoader<LinkKey, PaymentLink | null, string>(
    (keys) => loadByAccount(keys, (accountId, own) => accountOf(accountId).loadMany(own.map(({ id }) => id))),
    { cacheKeyFn },
  )
  const elsewhere = new DataLoader<PaymentLink, Elsewhere | null, string>(
    (links) => loadByAccount(links, (accountId, own) => readElsewhere(own, accountOf(accountId))),
    { cacheKeyFn },
  )
  return {
    load: (key, selected) => {
      if (NOT_IN_EVERY_ROUTE.some(selected.has)) accountOf(key.accountId).wantRow(key.id)
      return byKey.load(key)
    },
    elsewhere,
    list: (accountId) => accountOf(accountId).list,
    refresh: (link) => {
      accounts.delete(link.accountId)
      byKey.clearAll()
      elsewhere.clearAll()
      const whole = wholeLink(link)
      byKey.prime({ accountId: link.accountId, id: link.id }, whole)
      if (!(whole instanceof Unreadable))
        scope.get(accountBook).note(link.accountId, whole.accountFacts, whole.updatedAt)
    },
  }
}

/** Splits a batch by account, loads the accounts side by side and puts the answers back into the order of the keys. */
async function loadByAccount<Key extends LinkKey, Value>(
  keys: readonly Key[],
  loadMany: (accountId: string, keys: readonly Key[]) => Promise<ReadonlyMap<string, BatchAnswer<Value>>>,
): Promise<BatchAnswer<Value>[]> {
  const byAccount = new Map<string, Key[]>()
  for (const key of keys) byAccount.set(key.accountId, [...(byAccount.get(key.accountId) ?? []), key])
  const loaded = new Map<string, ReadonlyMap<string, BatchAnswer<Value>>>()
  await Promise.all(
    [...byAccount].map(async ([accountId, own]) => {
      loaded.set(accountId, await loadMany(accountId, own))
    }),
  )
  return keys.map(({ accountId, id }) => loaded.get(accountId)?.get(id) ?? null)
}

/** One account's links in one request. */
class AccountLinks implements LinkReads {
  readonly list: ListReader<PaymentLink>
  readonly #listed = new Map<string, PaymentLink | Error>()
  readonly #shown = new Map<string, PaymentLink>()
  readonly #known = new Map<string, PaymentLink>()
  readonly #rowsWanted = new Set<string>()
  readonly #keptPages = new Set<string>()
  readonly #hints

  constructor(
    private readonly scope: RequestScope,
    private readonly accountId: string,
  ) {
    this.#hints = scope.app.get(createListHintBook).of(scope, `account/${accountId}/payment-links`)
    this.list = new ListReader<PaymentLink>(
      {
        fetch: (page) => listLinks(scope, accountId, page),
        onPage: (page) => this.#keep(page),
      },
      this.#hints,
    )
  }

  listed = (id: string): PaymentLink | Error | undefined => this.#listed.get(id)

  shown = (id: string): PaymentLink | undefined => this.#shown.get(id)

  show = async (id: string): Promise<PaymentLink> => {
    const link = wholeLink((await showLink(this.scope, { accountId: this.accountId, id })).link)
    if (link instanceof Unreadable) throw link
    this.#shown.set(id, link)
    this.#remember(link)
    return link
  }

  /** Something is asked of the link that a single read does not carry. */
  wantRow(id: string): void {
    this.#rowsWanted.add(id)
  }

  async loadMany(ids: readonly string[]): Promise<ReadonlyMap<string, BatchAnswer<PaymentLink>>> {
    await this.recall(ids.filter((id) => !this.#known.has(id)))
    return readBatch(ids, {
      list: this.list,
      known: (id) => this.#known.get(id),
      isRowWanted: (id) => this.#rowsWanted.has(id),
      isPageKept: (number, size) => this.#keptPages.has(`${size}/${number}`),
      show: this.show,
    })
  }

  /** What is kept from before is as good as read, and costs nothing. */
  recall = async (ids: readonly string[]): Promise<void> => {
    const kept = await findKept(this.scope, { accountId: this.accountId, hints: this.#hints }, ids)
    for (const { number, size } of kept.pages) this.#keptPages.add(`${size}/${number}`)
    for (const [id, row] of kept.listed) if (!this.#listed.has(id)) this.#listed.set(id, row)
    for (const [id, link] of kept.shown) if (!this.#shown.has(id)) this.#shown.set(id, link)
    for (const [id, link] of kept.links) if (!this.#known.has(id)) this.#remember(link)
  }

  #keep(page: Page<PaymentLink>): void {
    for (const { id, node } of page.rows) {
      if (id !== undefined) this.#listed.set(id, node)
      if (!(node instanceof Error)) this.#remember(node)
    }
  }

  #remember(link: PaymentLink): void {
    this.#known.set(link.id, link)
    this.scope.get(accountBook).note(link.accountId, link.accountFacts, link.updatedAt)
  }
}
