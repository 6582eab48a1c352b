import DataLoader from 'dataloader'
import { type BatchAnswer, readBatch } from '../../graphql/batch-read.js'
import { createListHintBook } from '../../graphql/connection/list-hints.js'
import { ListReader } from '../../graphql/connection/list-reader.js'
import type { Page } from '../../graphql/connection/pages.js'
import type { RequestScope } from '../../graphql/scope.js'
import { Unreadable } from '../../kernel/unreadable.js'
import { accountBook } from '../account/account.book.js'
import { createPaymentLinkApi, type LinkKey } from './payment-link.api.js'
import type { PartlyReadLink, PaymentLink } from './payment-link.model.js'
import { wholeLink } from './payment-link.wire.js'

/** Every way in which one request reads payment links; what one way has brought the others do not fetch again. */
export interface PaymentLinkLoaders {
  /** One link, or null when the account has no such link; loads of one tick are batched per account. */
  readonly byKey: DataLoader<LinkKey, PaymentLink | null, string>
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
  const byKey = new DataLoader<LinkKey, PaymentLink | null, string>((keys) => loadByAccount(keys, accountOf), {
    cacheKeyFn: ({ accountId, id }) => `${accountId}/${id}`,
  })
  return {
    byKey,
    list: (accountId) => accountOf(accountId).list,
    refresh: (link) => {
      accounts.delete(link.accountId)
      byKey.clearAll()
      const whole = wholeLink(link)
      byKey.prime({ accountId: link.accountId, id: link.id }, whole)
      if (!(whole instanceof Unreadable))
        scope.get(accountBook).note(link.accountId, whole.accountFacts, whole.updatedAt)
    },
  }
}

/** Splits a batch by account, loads the accounts side by side and puts the answers back into the order of the keys. */
async function loadByAccount(
  keys: readonly LinkKey[],
  accountOf: (accountId: string) => AccountLinks,
): Promise<BatchAnswer<PaymentLink>[]> {
  const idsByAccount = new Map<string, string[]>()
  for (const { accountId, id } of keys) {
    idsByAccount.set(accountId, [...(idsByAccount.get(accountId) ?? []), id])
  }
  const loaded = new Map<string, ReadonlyMap<string, BatchAnswer<PaymentLink>>>()
  await Promise.all(
    [...idsByAccount].map(async ([accountId, ids]) => {
      loaded.set(accountId, await accountOf(accountId).loadMany(ids))
    }),
  )
  return keys.map(({ accountId, id }) => loaded.get(accountId)?.get(id) ?? null)
}

/** One account's links in one request. */
class AccountLinks {
  readonly list: ListReader<PaymentLink>
  readonly #known = new Map<string, PaymentLink>()
  readonly #api

  constructor(
    private readonly scope: RequestScope,
    private readonly accountId: string,
  ) {
    this.#api = scope.app.get(createPaymentLinkApi)
    this.list = new ListReader<PaymentLink>(
      {
        fetch: (page) => this.#api.list(scope, accountId, page),
        onPage: (page) => this.#keep(page),
      },
      scope.app.get(createListHintBook).of(scope, `account/${accountId}/payment-links`),
    )
  }

  loadMany(ids: readonly string[]): Promise<ReadonlyMap<string, BatchAnswer<PaymentLink>>> {
    return readBatch(ids, {
      list: this.list,
      known: (id) => this.#known.get(id),
      show: async (id) => {
        const link = wholeLink((await this.#api.show(this.scope, { accountId: this.accountId, id })).link)
        if (link instanceof Unreadable) throw link
        this.#remember(link)
        return link
      },
    })
  }

  #keep(page: Page<PaymentLink>): void {
    for (const { node } of page.rows) if (!(node instanceof Error)) this.#remember(node)
  }

  #remember(link: PaymentLink): void {
    this.#known.set(link.id, link)
    this.scope.get(accountBook).note(link.accountId, link.accountFacts, link.updatedAt)
  }
}
