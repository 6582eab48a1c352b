import DataLoader from 'dataloader'
import { paginators } from '../../graphql/connection/list.js'
import type { RequestScope } from '../../graphql/scope.js'
import { hasCode, toError } from '../../kernel/errors.js'
import { accountBook } from '../account-facts/account-facts.book.js'
import type { Account } from '../account-facts/account-facts.model.js'
import { linkList } from '../payment-link/read/payment-link.loader.js'

/**
 * Accounts by id, null for one that does not exist. The upstream's account routes add nothing to what link rows carry, so an
 * account costs one page of its links, or nothing if the request reads one anyway.
 */
export function accountLoader(scope: RequestScope): DataLoader<string, Account | null> {
  const load = async (id: string): Promise<Account | null | Error> => {
    const paginator = scope.get(paginators).of(linkList(scope, id))
    const book = scope.get(accountBook)
    try {
      await paginator.idle()
      // Even after a page was read: it may have failed, or lie past the last row.
      if (Object.values(book.read(id)).includes(undefined)) await paginator.pageAt(0)
      return book.read(id)
    } catch (error) {
      return hasCode(error, 'NOT_FOUND') ? null : toError(error)
    }
  }
  return new DataLoader((ids) => Promise.all(ids.map(load)))
}
