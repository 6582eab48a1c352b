import DataLoader from 'dataloader'
import type { SelectedFields } from '../../../admission/field-cost.js'
import { RowReader } from '../../../graphql/batch/row-reader.js'
import { type PagedList, paginators } from '../../../graphql/connection/list.js'
import type { RequestScope } from '../../../graphql/scope.js'
import { Unreadable } from '../../../kernel/unreadable.js'
import { accountBook } from '../../account-facts/account-facts.book.js'
import { findCachedLink, findCachedPage, listLinks, showLink } from '../payment-link.api.js'
import { type LinkKey, linkListName } from '../payment-link.keys.js'
import { LIST_ONLY_FIELDS, type PartlyReadLink, type PaymentLink } from '../payment-link.model.js'
import { wholeLink } from '../wire/payment-link.wire.js'
import { type LookedUpFields, lookUpFields, type Probe } from './payment-link.lookup.js'

/** Reads payment links by id for one request. Each account has a batch of its own. */
export interface PaymentLinkLoaders {
  /** One link, or null when the account has no such link; loads of one tick are batched per account. */
  load(key: LinkKey, selected: SelectedFields): Promise<PaymentLink | null>
  /** The fields that the read of a link did not carry; links of one tick are looked up together, per account. */
  lookUp(link: PaymentLink): Promise<LookedUpFields>
  /** After a write: forgets what was read of the account's links, and remembers the link as it is now. */
  refresh(link: PartlyReadLink): void
}

/** The list of an account's links. */
export function linkList(scope: RequestScope, accountId: string): PagedList<PaymentLink> {
  return {
    name: linkListName(accountId),
    fetch: (page) => listLinks(scope, accountId, page),
    onRead: (link) => noteAccount(scope, link),
  }
}

/** Built on first use by `scope.get(paymentLinkLoaders)` and gone with the request. */
export function paymentLinkLoaders(scope: RequestScope): PaymentLinkLoaders {
  const accounts = new Map<string, AccountLinks>()
  const ofAccount = (accountId: string): AccountLinks => {
    const links = accounts.get(accountId) ?? createAccountLinks(scope, accountId)
    accounts.set(accountId, links)
    return links
  }
  return {
    load: ({ accountId, id }, selected) => ofAccount(accountId).rows.load(id, LIST_ONLY_FIELDS.some(selected.has)),
    lookUp: (link) => ofAccount(link.accountId).lookups.load(link),
    refresh: (link) => {
      accounts.delete(link.accountId)
      scope.get(paginators).forget(linkListName(link.accountId))
      const whole = wholeLink(link)
      ofAccount(link.accountId).rows.prime(link.id, whole)
      if (!(whole instanceof Unreadable)) noteAccount(scope, whole)
    },
  }
}

interface AccountLinks {
  readonly rows: RowReader<PaymentLink>
  readonly lookups: DataLoader<PaymentLink, LookedUpFields, string>
}

function createAccountLinks(scope: RequestScope, accountId: string): AccountLinks {
  const rows = new RowReader<PaymentLink>(scope, {
    list: linkList(scope, accountId),
    findCachedPage: (page) => findCachedPage(scope, accountId, page),
    findCachedSingle: async (id) => {
      const cached = await findCachedLink(scope, { accountId, id })
      if (cached === undefined) return undefined
      const link = wholeLink(cached.value.link)
      return link instanceof Unreadable ? undefined : { ...cached, value: link }
    },
    readSingle: async (id) => {
      const link = wholeLink((await showLink(scope, { accountId, id })).link)
      if (link instanceof Unreadable) throw link
      return link
    },
  })
  const probe: Probe = {}
  const lookups = new DataLoader((links: readonly PaymentLink[]) => lookUpFields(links, rows, probe), {
    cacheKeyFn: ({ id }: PaymentLink) => id,
  })
  return { rows, lookups }
}

function noteAccount(scope: RequestScope, { accountId, accountFacts, updatedAt }: PaymentLink): void {
  scope.get(accountBook).note(accountId, accountFacts, updatedAt)
}
