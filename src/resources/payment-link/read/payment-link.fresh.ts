import { Paginator } from '../../../graphql/connection/paginator/paginator.js'
import { seekRows } from '../../../graphql/connection/seek/seek.js'
import type { RequestScope } from '../../../graphql/scope.js'
import type { Deadline } from '../../../kernel/deadline.js'
import { hasCode, toError } from '../../../kernel/errors.js'
import { epochMsOf } from '../../../kernel/instant.js'
import { Unreadable } from '../../../kernel/unreadable.js'
import { isJsonObject } from '../../../upstream/json.js'
import { listLinks, showLink } from '../payment-link.api.js'
import type { LinkKey } from '../payment-link.keys.js'
import type { PartlyReadLink } from '../payment-link.model.js'
import { parseLinkFields } from '../wire/payment-link.wire.js'
import type { LinkResponse } from '../wire/responses.wire.js'

export interface FreshLink extends LinkResponse {
  /**
   * What the list added. Only after `found` is a key that `row` lacks known to be absent; after `not-found`, or an error, it
   * may exist all the same.
   */
  readonly listing: 'needless' | 'found' | 'not-found' | Error
}

interface FreshRead {
  readonly deadline: Deadline
  /** Whether the list row could add nothing that matters. */
  readonly isComplete: (shown: LinkResponse) => boolean
}

/**
 * The link as it is now, past every cache and call in flight. `show` does not carry every field [seed:show]: what
 * `isComplete` misses is looked up in the link's row of the list.
 * @throws UpstreamFailure NOT_FOUND when the account has no such link
 */
export async function readFresh(
  scope: RequestScope,
  key: LinkKey,
  { deadline, isComplete }: FreshRead,
): Promise<FreshLink> {
  const how = { freshness: 'fresh', access: 'write', deadline } as const
  const shown = await showLink(scope, key, how)
  if (isComplete(shown)) return { ...shown, listing: 'needless' }
  const listed = await findListedRow(scope, shown.link, deadline).catch(toError)
  if (listed === undefined || isPermanent(listed)) return { ...shown, listing: 'not-found' }
  if (listed instanceof Error) return { ...shown, listing: listed }
  const row = { ...listed, ...shown.row }
  const at = { accountId: key.accountId, now: scope.services.clock.now(), path: '$.data' }
  return { link: parseLinkFields(row, at), row, listing: 'found' }
}

/** Whether the upstream has answered without what was asked for, so that asking again would not help. */
export function isPermanent(error: unknown): boolean {
  return LASTING.some((code) => hasCode(error, code))
}

const LASTING = ['NOT_FOUND', 'UPSTREAM_REJECTED', 'UPSTREAM_MALFORMED'] as const

/** The link's row as it came: a field of it that cannot be read must not hide the one that is looked up. */
async function findListedRow(
  scope: RequestScope,
  { accountId, id, createdAt }: PartlyReadLink,
  deadline: Deadline,
): Promise<LinkResponse['row'] | undefined> {
  const paginator = new Paginator<unknown>(
    {
      fetch: async ({ number, size }) => {
        const page = await listLinks(scope, accountId, { number, size, freshness: 'fresh', access: 'write', deadline })
        return { ...page, rows: page.rows.map((row) => ({ ...row, node: row.wireRow })) }
      },
    },
    {},
  )
  const sortKey = createdAt instanceof Unreadable ? undefined : epochMsOf(createdAt)
  await seekRows(paginator, [{ id, sortKey }], { isExhaustive: true })
  const row = paginator.findRow(id)?.node
  return isJsonObject(row) ? row : undefined
}
