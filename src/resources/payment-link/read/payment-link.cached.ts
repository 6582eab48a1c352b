import { paginators } from '../../../graphql/connection/list.js'
import type { PageKey } from '../../../graphql/connection/paginator/page.js'
import type { RequestScope } from '../../../graphql/scope.js'
import { Unreadable } from '../../../kernel/unreadable.js'
import type { Cached } from '../../../upstream/request.js'
import { findCachedLink, findCachedPage } from '../payment-link.api.js'
import { linkList } from '../payment-link.keys.js'
import type { PaymentLink } from '../payment-link.model.js'
import { wholeLink } from '../wire/payment-link.wire.js'

/** What cached responses hold of links of one account. */
export interface CachedLinks {
  /** The pages of the list that were looked through. */
  readonly pages: readonly PageKey[]
  /** Rows of those pages; of two the later. */
  readonly rows: ReadonlyMap<string, PaymentLink | Error>
  readonly shown: ReadonlyMap<string, PaymentLink>
  /** Each link from the latest of its responses that can be read. */
  readonly links: ReadonlyMap<string, PaymentLink>
}

const NOTHING: CachedLinks = { pages: [], rows: new Map(), shown: new Map(), links: new Map() }

/**
 * Looks links up on cached pages of the list and among cached single reads, without a call. Errors, such as a missing
 * grant, are left to the read that follows.
 */
export async function findCached(scope: RequestScope, accountId: string, ids: readonly string[]): Promise<CachedLinks> {
  if (scope.services.findCached === undefined || ids.length === 0) return NOTHING
  const [pages, singles] = await Promise.all([findPages(scope, accountId), findSingles(scope, accountId, ids)])
  const wanted = new Set(ids)
  const rows = pages.flatMap(({ value, startedAtMs }) =>
    value.rows.flatMap(({ id, node }) =>
      id !== undefined && wanted.has(id) ? [{ key: id, value: node, startedAtMs }] : [],
    ),
  )
  const readable = rows.flatMap(({ value, ...row }) => (value instanceof Error ? [] : [{ ...row, value }]))
  return {
    pages: pages.map(({ key }) => key),
    rows: latest(rows),
    shown: latest(singles),
    links: latest([...singles, ...readable]),
  }
}

type Keyed<Key, Value> = Cached<Value> & { readonly key: Key }

function findPages(scope: RequestScope, accountId: string) {
  const { readPages } = scope.get(paginators).hintsOf(linkList(accountId))
  const lookUps = [...(readPages ?? [])].map(async ([name, page]) => {
    const cached = await findCachedPage(scope, accountId, page)
    if (cached === undefined) readPages?.delete(name)
    return cached && { ...cached, key: page }
  })
  return foundOf(lookUps)
}

function findSingles(scope: RequestScope, accountId: string, ids: readonly string[]) {
  const lookUps = ids.map(async (id) => {
    const cached = await findCachedLink(scope, { accountId, id })
    const link = cached && wholeLink(cached.value.link)
    return cached === undefined || link === undefined || link instanceof Unreadable
      ? undefined
      : { key: id, value: link, startedAtMs: cached.startedAtMs }
  })
  return foundOf(lookUps)
}

async function foundOf<T>(lookUps: readonly Promise<T | undefined>[]): Promise<T[]> {
  const results = await Promise.allSettled(lookUps)
  return results.flatMap((result) =>
    result.status === 'fulfilled' && result.value !== undefined ? [result.value] : [],
  )
}

function latest<Value>(values: readonly Keyed<string, Value>[]): ReadonlyMap<string, Value> {
  const inOrder = [...values].sort((a, b) => a.startedAtMs - b.startedAtMs)
  return new Map(inOrder.map(({ key, value }) => [key, value]))
}
