import { ListReader } from '../../graphql/connection/list-reader.js'
import { locate } from '../../graphql/connection/locate.js'
import type { RequestScope } from '../../graphql/scope.js'
import type { Deadline } from '../../kernel/deadline.js'
import { epochMsOf } from '../../kernel/instant.js'
import { Unreadable } from '../../kernel/unreadable.js'
import { isJsonObject } from '../wire-values.js'
import { createPaymentLinkApi, type LinkKey, type ShownLink } from './payment-link.api.js'
import type { PartlyReadLink, PaymentLink } from './payment-link.model.js'
import { parseLinkFields } from './payment-link.wire.js'

/**
 * The link as it is now, past every cache and shared flight. `show` does not carry every field [seed:show]; where
 * `isComplete` misses one, it is looked up in the link's list row. What neither carries stays unknown.
 * @throws UpstreamFailure NOT_FOUND when the account has no such link
 */
export async function readFresh(
  scope: RequestScope,
  key: LinkKey,
  how: { readonly deadline: Deadline; readonly isComplete: (shown: ShownLink) => boolean },
): Promise<ShownLink> {
  const shown = await scope.app
    .get(createPaymentLinkApi)
    .show(scope, key, { freshness: 'fresh', access: 'write', deadline: how.deadline })
  if (how.isComplete(shown)) return shown
  const listed = await findListedRow(scope, shown.link, how.deadline)
  if (listed === undefined) return shown
  const row = { ...listed, ...shown.row }
  const at = { accountId: key.accountId, now: scope.services.clock.now(), path: '$.data' }
  return { link: parseLinkFields(row, at), row }
}

/**
 * The link's row in the list, found by its place there where the list has an order. As it came: a field of it that cannot
 * be read must not hide the one that is looked up, for what is not found is left out of the write and so erased.
 */
async function findListedRow(
  scope: RequestScope,
  link: PartlyReadLink,
  deadline: Deadline,
): Promise<ShownLink['row'] | undefined> {
  const api = scope.app.get(createPaymentLinkApi)
  const found: { row?: ShownLink['row'] } = {}
  const list = new ListReader<PaymentLink>(
    {
      fetch: async ({ number, size }) => {
        const page = await api.list(scope, link.accountId, {
          number,
          size,
          freshness: 'fresh',
          access: 'write',
          deadline,
        })
        const row = page.wireRows[page.rows.findIndex(({ id }) => id === link.id)]
        if (isJsonObject(row)) found.row = row
        return page
      },
      onPage: () => {},
    },
    {},
  )
  const createdAtMs = link.createdAt instanceof Unreadable ? undefined : epochMsOf(link.createdAt)
  await locate(list, 'before', { position: 0, id: link.id, createdAtMs, order: undefined })
  // A list in no order hides the row from that search.
  for (let number = 1; found.row === undefined; number += 1) {
    const page = await list.page(number, list.largePageSize)
    if (page.rows.length === 0) break
  }
  return found.row
}
