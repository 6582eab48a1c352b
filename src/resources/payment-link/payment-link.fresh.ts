import { ListReader } from '../../graphql/connection/list-reader.js'
import { locate } from '../../graphql/connection/locate.js'
import type { RequestScope } from '../../graphql/scope.js'
import type { Deadline } from '../../kernel/deadline.js'
import { epochMsOf } from '../../kernel/instant.js'
import { createPaymentLinkApi, type LinkKey, type ShownLink } from './payment-link.api.js'
import { mergeLinks, type PaymentLink } from './payment-link.model.js'

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
  const listed = await findListed(scope, shown.link, how.deadline)
  if (listed === undefined) return shown
  return { link: mergeLinks(listed.link, shown.link), row: { ...listed.row, ...shown.row } }
}

/** The link's row in the list, found by its place there rather than by reading every page. */
async function findListed(scope: RequestScope, link: PaymentLink, deadline: Deadline): Promise<ShownLink | undefined> {
  const api = scope.app.get(createPaymentLinkApi)
  let found: ShownLink | undefined
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
        const index = page.rows.findIndex((row) => row.id === link.id)
        const node = page.rows[index]?.node
        if (node !== undefined && !(node instanceof Error)) {
          found = { link: node, row: page.wireRows[index] as ShownLink['row'] }
        }
        return page
      },
      onPage: () => {},
    },
    {},
  )
  await locate(list, 'before', { position: 0, id: link.id, createdAtMs: epochMsOf(link.createdAt), order: undefined })
  return found
}
