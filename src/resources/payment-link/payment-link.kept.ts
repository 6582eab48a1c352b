import type { ListHints } from '../../graphql/connection/list-reader.js'
import type { ListedPage } from '../../graphql/connection/read-pages.js'
import type { RequestScope } from '../../graphql/scope.js'
import { Unreadable } from '../../kernel/unreadable.js'
import type { Cached } from '../../upstream/request.js'
import { findCachedLink, findCachedPage } from './payment-link.api.js'
import type { PaymentLink } from './payment-link.model.js'
import { wholeLink } from './payment-link.wire.js'

/** What answers of before, which may still be given, tell of links of one account. */
export interface KeptLinks {
  readonly pages: readonly ListedPage[]
  /** Rows of those pages; of two the later. */
  readonly listed: ReadonlyMap<string, PaymentLink | Error>
  readonly shown: ReadonlyMap<string, PaymentLink>
  /** Each link by the later of its answers that can be read. */
  readonly links: ReadonlyMap<string, PaymentLink>
}

const NOTHING: KeptLinks = { pages: [], listed: new Map(), shown: new Map(), links: new Map() }

/**
 * Looks up links on kept pages of the list and among kept single reads: the upstream is not asked. Whatever is in the way,
 * such as a missing grant, is told when it is.
 */
export async function findKept(
  scope: RequestScope,
  { accountId, hints }: { readonly accountId: string; readonly hints: ListHints },
  ids: readonly string[],
): Promise<KeptLinks> {
  if (scope.services.findCached === undefined || ids.length === 0) return NOTHING
  const asPage = async (page: ListedPage) => {
    const cached = await findCachedPage(scope, accountId, page)
    if (cached === undefined) hints.readPages?.forget(page)
    return withKey(page, cached)
  }
  const asLink = async (id: string) => withKey(id, await findCachedLink(scope, { accountId, id }))
  const [pages, singles] = await Promise.all([found((hints.readPages?.all ?? []).map(asPage)), found(ids.map(asLink))])
  const wanted = new Set(ids)
  const rows = pages.flatMap(({ value, startedAtMs }) =>
    value.rows.flatMap(({ id, node }) =>
      id !== undefined && wanted.has(id) ? [{ key: id, value: node, startedAtMs }] : [],
    ),
  )
  const shown = singles.flatMap(({ value, ...cached }) => {
    const link = wholeLink(value.link)
    return link instanceof Unreadable ? [] : [{ ...cached, value: link }]
  })
  return {
    pages: pages.map(({ key }) => key),
    listed: latest(rows),
    shown: latest(shown),
    links: latest([
      ...shown,
      ...rows.flatMap(({ value, ...row }) => (value instanceof Error ? [] : [{ ...row, value }])),
    ]),
  }
}

type Keyed<Key, Value> = Cached<Value> & { readonly key: Key }

function withKey<Key, Value>(key: Key, cached: Cached<Value> | undefined): Keyed<Key, Value> | undefined {
  return cached && { ...cached, key }
}

async function found<T>(lookups: readonly Promise<T | undefined>[]): Promise<T[]> {
  const results = await Promise.allSettled(lookups)
  return results.flatMap((result) =>
    result.status === 'fulfilled' && result.value !== undefined ? [result.value] : [],
  )
}

function latest<Value>(values: readonly Keyed<string, Value>[]): ReadonlyMap<string, Value> {
  const inOrder = [...values].sort((a, b) => a.startedAtMs - b.startedAtMs)
  return new Map(inOrder.map(({ key, value }) => [key, value]))
}
