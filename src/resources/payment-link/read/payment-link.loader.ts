import DataLoader from 'dataloader'
import type { SelectedFields } from '../../../admission/field-cost.js'
import { type BatchResult, readBatch } from '../../../graphql/batch/batch-read.js'
import { type PagedList, paginators } from '../../../graphql/connection/list.js'
import { toPageName } from '../../../graphql/connection/paginator/page.js'
import type { Paginator } from '../../../graphql/connection/paginator/paginator.js'
import type { RequestScope } from '../../../graphql/scope.js'
import { Unreadable } from '../../../kernel/unreadable.js'
import { accountBook } from '../../account-facts/account-facts.book.js'
import { listLinks, showLink } from '../payment-link.api.js'
import { type LinkKey, linkList } from '../payment-link.keys.js'
import { NOT_IN_EVERY_ROUTE, type PartlyReadLink, type PaymentLink } from '../payment-link.model.js'
import { wholeLink } from '../wire/payment-link.wire.js'
import { findCached } from './payment-link.cached.js'
import { type LinkReads, type LookedUpFields, lookUpFields } from './payment-link.lookup.js'

/** All the ways in which one request reads payment links. They share results: a link is fetched once per request. */
export interface PaymentLinkLoaders {
  /** One link, or null when the account has no such link; loads of one tick are batched per account. */
  load(key: LinkKey, selected: SelectedFields): Promise<PaymentLink | null>
  /** The fields that the read of a link did not bring; links of one tick are looked up together, per account. */
  readonly lookups: DataLoader<PaymentLink, LookedUpFields | null, string>
  /** The links of an account. */
  list(accountId: string): PagedList<PaymentLink>
  /** After a write: forgets what was read of the account's links, and remembers the link as it is now. */
  refresh(link: PartlyReadLink): void
}

/** Built on first use by `scope.get(paymentLinkLoaders)` and gone with the request. */
export function paymentLinkLoaders(scope: RequestScope): PaymentLinkLoaders {
  const accounts = new Map<string, AccountLinks>()
  const linksOf = (accountId: string): AccountLinks => {
    const links = accounts.get(accountId) ?? new AccountLinks(scope, accountId)
    accounts.set(accountId, links)
    return links
  }
  const cacheKeyFn = ({ accountId, id }: LinkKey): string => `${accountId}/${id}`
  const byKey = new DataLoader<LinkKey, PaymentLink | null, string>(
    (keys) => loadByAccount(keys, (accountId, own) => linksOf(accountId).loadMany(own.map(({ id }) => id))),
    { cacheKeyFn },
  )
  const lookups = new DataLoader<PaymentLink, LookedUpFields | null, string>(
    (links) => loadByAccount(links, (accountId, own) => lookUpFields(own, linksOf(accountId))),
    { cacheKeyFn },
  )
  return {
    load: (key, selected) => {
      if (NOT_IN_EVERY_ROUTE.some(selected.has)) linksOf(key.accountId).needFromList(key.id)
      return byKey.load(key)
    },
    lookups,
    list: (accountId) => linksOf(accountId).list,
    refresh: (link) => {
      accounts.delete(link.accountId)
      scope.get(paginators).forget(linkList(link.accountId))
      byKey.clearAll()
      lookups.clearAll()
      const whole = wholeLink(link)
      byKey.prime({ accountId: link.accountId, id: link.id }, whole)
      if (!(whole instanceof Unreadable)) noteAccount(scope, whole)
    },
  }
}

/** Splits a batch by account, loads the accounts side by side and puts the results back into the order of the keys. */
async function loadByAccount<Key extends LinkKey, Value>(
  keys: readonly Key[],
  loadMany: (accountId: string, keys: readonly Key[]) => Promise<ReadonlyMap<string, BatchResult<Value>>>,
): Promise<BatchResult<Value>[]> {
  const byAccount = new Map<string, Key[]>()
  for (const key of keys) byAccount.set(key.accountId, [...(byAccount.get(key.accountId) ?? []), key])
  const loading = [...byAccount].map(async ([accountId, own]) => [accountId, await loadMany(accountId, own)] as const)
  const loaded = new Map(await Promise.all(loading))
  return keys.map(({ accountId, id }) => loaded.get(accountId)?.get(id) ?? null)
}

/** One account's links in one request. */
class AccountLinks implements LinkReads {
  readonly list: PagedList<PaymentLink>
  readonly paginator: Paginator<PaymentLink>
  readonly #shown = new Map<string, PaymentLink>()
  /** From the cache: rows of the list, and each link as it was read last. */
  readonly #cachedRows = new Map<string, PaymentLink | Error>()
  readonly #cachedLinks = new Map<string, PaymentLink>()
  readonly #cachedPages = new Set<string>()
  readonly #neededFromList = new Set<string>()

  constructor(
    private readonly scope: RequestScope,
    private readonly accountId: string,
  ) {
    this.list = {
      name: linkList(accountId),
      fetch: (page) => listLinks(scope, accountId, page),
      onPage: ({ rows }) => {
        for (const { node } of rows) if (!(node instanceof Error)) noteAccount(scope, node)
      },
    }
    this.paginator = scope.get(paginators).of(this.list)
  }

  findListed = (id: string): PaymentLink | Error | undefined =>
    this.paginator.findRow(id)?.node ?? this.#cachedRows.get(id)

  findShown = (id: string): PaymentLink | undefined => this.#shown.get(id)

  show = async (id: string): Promise<PaymentLink> => {
    const link = wholeLink((await showLink(this.scope, { accountId: this.accountId, id })).link)
    if (link instanceof Unreadable) throw link
    this.#shown.set(id, link)
    this.#cachedLinks.delete(id)
    noteAccount(this.scope, link)
    return link
  }

  /** The query asks for something of the link that a single read does not bring. */
  needFromList(id: string): void {
    this.#neededFromList.add(id)
  }

  async loadMany(ids: readonly string[]): Promise<ReadonlyMap<string, BatchResult<PaymentLink>>> {
    await this.recall(ids.filter((id) => this.#findRead(id) === undefined))
    return readBatch(ids, {
      paginator: this.paginator,
      findRead: (id) => this.#findRead(id),
      isNeededFromList: (id) => this.#neededFromList.has(id),
      isPageLookedUp: (page) => this.#cachedPages.has(toPageName(page)),
      show: this.show,
    })
  }

  /** What is cached counts as read, and costs nothing. */
  recall = async (ids: readonly string[]): Promise<void> => {
    const cached = await findCached(this.scope, this.accountId, ids)
    const unread = ids.filter((id) => this.#findRead(id) === undefined)
    for (const page of cached.pages) this.#cachedPages.add(toPageName(page))
    for (const [id, row] of cached.rows) this.#cachedRows.set(id, row)
    for (const [id, link] of cached.shown) if (!this.#shown.has(id)) this.#shown.set(id, link)
    for (const id of unread) {
      const link = cached.links.get(id)
      if (link === undefined) continue
      this.#cachedLinks.set(id, link)
      noteAccount(this.scope, link)
    }
  }

  #findRead(id: string): PaymentLink | undefined {
    const listed = this.paginator.findRow(id)?.node
    return listed === undefined || listed instanceof Error ? (this.#cachedLinks.get(id) ?? this.#shown.get(id)) : listed
  }
}

function noteAccount(scope: RequestScope, { accountId, accountFacts, updatedAt }: PaymentLink): void {
  scope.get(accountBook).note(accountId, accountFacts, updatedAt)
}
