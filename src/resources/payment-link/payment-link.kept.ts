import type { ListHints } from '../../graphql/connection/list-reader.js'
import type { ListedPage } from '../../graphql/connection/read-pages.js'
import type { RequestScope } from '../../graphql/scope.js'
import { Unreadable } from '../../kernel/unreadable.js'
import { createPaymentLinkApi, type Kept } from './payment-link.api.js'
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
  if (scope.services.findKept === undefined || ids.length === 0) return NOTHING
  const api = scope.app.get(createPaymentLinkApi)
  const asPage = async (page: ListedPage) => {
    const kept = await api.keptList(scope, accountId, page)
    if (kept === undefined) hints.readPages?.forget(page)
    return withKey(page, kept)
  }
  const asLink = async (id: string) => withKey(id, await api.keptShow(scope, { accountId, id }))
  const [pages, singles] = await Promise.all([found((hints.readPages?.all ?? []).map(asPage)), found(ids.map(asLink))])
  const wanted = new Set(ids)
  const rows = pages.flatMap(({ answer, startedAtMs }) =>
    answer.rows.flatMap(({ id, node }) =>
      id !== undefined && wanted.has(id) ? [{ key: id, answer: node, startedAtMs }] : [],
    ),
  )
  const shown = singles.flatMap(({ answer, ...kept }) => {
    const link = wholeLink(answer.link)
    return link instanceof Unreadable ? [] : [{ ...kept, answer: link }]
  })
  return {
    pages: pages.map(({ key }) => key),
    listed: latest(rows),
    shown: latest(shown),
    links: latest([
      ...shown,
      ...rows.flatMap(({ answer, ...row }) => (answer instanceof Error ? [] : [{ ...row, answer }])),
    ]),
  }
}

type Keyed<Key, Answer> = Kept<Answer> & { readonly key: Key }

function withKey<Key, Answer>(key: Key, kept: Kept<Answer> | undefined): Keyed<Key, Answer> | undefined {
  return kept && { ...kept, key }
}

async function found<T>(lookups: readonly Promise<T | undefined>[]): Promise<T[]> {
  const results = await Promise.allSettled(lookups)
  return results.flatMap((result) =>
    result.status === 'fulfilled' && result.value !== undefined ? [result.value] : [],
  )
}

function latest<Answer>(answers: readonly Keyed<string, Answer>[]): ReadonlyMap<string, Answer> {
  const inOrder = [...answers].sort((a, b) => a.startedAtMs - b.startedAtMs)
  return new Map(inOrder.map(({ key, answer }) => [key, answer]))
}
