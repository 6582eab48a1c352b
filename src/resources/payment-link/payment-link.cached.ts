import { paginators } from '../../graphql/connection/list.js'
import type { PageKey } from '../../graphql/connection/paginator/page.js'
import type { RequestScope } from '../../graphql/scope.js'
import { Unreadable } from '../../kernel/unreadable.js'
import { createPaymentLinkApi, type Kept } from './payment-link.api.js'
import { linkList } from './payment-link.keys.js'
import type { PaymentLink } from './payment-link.model.js'
import { wholeLink } from './payment-link.wire.js'

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
  if (scope.services.findKept === undefined || ids.length === 0) return NOTHING
  const [pages, singles] = await Promise.all([findPages(scope, accountId), findSingles(scope, accountId, ids)])
  const wanted = new Set(ids)
  const rows = pages.flatMap(({ answer, startedAtMs }) =>
    answer.rows.flatMap(({ id, node }) =>
      id !== undefined && wanted.has(id) ? [{ key: id, answer: node, startedAtMs }] : [],
    ),
  )
  const readable = rows.flatMap(({ answer, ...row }) => (answer instanceof Error ? [] : [{ ...row, answer }]))
  return {
    pages: pages.map(({ key }) => key),
    rows: latest(rows),
    shown: latest(singles),
    links: latest([...singles, ...readable]),
  }
}

type Keyed<Key, Answer> = Kept<Answer> & { readonly key: Key }

function findPages(scope: RequestScope, accountId: string) {
  const api = scope.app.get(createPaymentLinkApi)
  const { readPages } = scope.get(paginators).hintsOf(linkList(accountId))
  const lookUps = [...(readPages ?? [])].map(async ([name, page]) => {
    const cached = await api.keptList(scope, accountId, page)
    if (cached === undefined) readPages?.delete(name)
    return cached && { ...cached, key: page }
  })
  return foundOf(lookUps)
}

function findSingles(scope: RequestScope, accountId: string, ids: readonly string[]) {
  const api = scope.app.get(createPaymentLinkApi)
  const lookUps = ids.map(async (id) => {
    const cached = await api.keptShow(scope, { accountId, id })
    const link = cached && wholeLink(cached.answer.link)
    return cached === undefined || link === undefined || link instanceof Unreadable
      ? undefined
      : { key: id, answer: link, startedAtMs: cached.startedAtMs }
  })
  return foundOf(lookUps)
}

async function foundOf<T>(lookUps: readonly Promise<T | undefined>[]): Promise<T[]> {
  const results = await Promise.allSettled(lookUps)
  return results.flatMap((result) =>
    result.status === 'fulfilled' && result.value !== undefined ? [result.value] : [],
  )
}

function latest<Answer>(answers: readonly Keyed<string, Answer>[]): ReadonlyMap<string, Answer> {
  const inOrder = [...answers].sort((a, b) => a.startedAtMs - b.startedAtMs)
  return new Map(inOrder.map(({ key, answer }) => [key, answer]))
}
