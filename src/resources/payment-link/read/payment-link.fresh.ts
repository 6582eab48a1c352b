import { Paginator } from '../../../graphql/connection/paginator/paginator.js'
import { seekRows } from '../../../graphql/connection/seek/seek.js'
import type { RequestScope } from '../../../graphql/scope.js'
import type { Deadline } from '../../../kernel/deadline.js'
import { hasCode, toError } from '../../../kernel/errors.js'
import { epochMsOf } from '../../../kernel/instant.js'
import { Unreadable } from '../../../kernel/unreadable.js'
import { isJsonObject } from '../../../upstream/json/json.js'
import { listLinks, showLink } from '../payment-link.api.js'
import type { LinkKey } from '../payment-link.keys.js'
import type { PartlyReadLink } from '../payment-link.model.js'
import { parseLinkFields, type WireRow } from '../wire/payment-link.wire.js'
import type { LinkResponse } from '../wire/responses.wire.js'

export interface FreshLink extends LinkResponse {
  /**
   * Whether the list row, which may carry more, was merged in. Only after `found` is a key that `row` lacks known to be absent;
   * after `not-found`, or an error, it may still exist.
   */
  readonly listRow: 'not-needed' | 'found' | 'not-found' | Error
}

interface FreshRead {
  readonly deadline: Deadline
  /** Whether the response of `show` has everything that is needed. */
  readonly isComplete: (response: LinkResponse) => boolean
}

/**
 * Reads the link as it is now, past every cache and call in flight. `show` does not carry every field [seed:show]: unless it
 * `isComplete`, the link's list row is read too.
 * @throws UpstreamFailure NOT_FOUND when the account has no such link
 */
export async function readFresh(
  scope: RequestScope,
  key: LinkKey,
  { deadline, isComplete }: FreshRead,
): Promise<FreshLink> {
  const how = { freshness: 'fresh', access: 'write', deadline } as const
  const response = await showLink(scope, key, how)
  if (isComplete(response)) return { ...response, listRow: 'not-needed' }
  const listed = await findListedRow(scope, response.link, deadline).catch(toError)
  if (listed === undefined || isPermanent(listed)) return { ...response, listRow: 'not-found' }
  if (listed instanceof Error) return { ...response, listRow: listed }
  const row = { ...listed, ...response.row }
  const context = { accountId: key.accountId, now: scope.services.clock.now(), path: '$.data' }
  return { link: parseLinkFields(row, context), row, listRow: 'found' }
}

/** Whether the upstream has responded without what was requested, so that another try would not help. */
export function isPermanent(error: unknown): boolean {
  return PERMANENT.some((code) => hasCode(error, code))
}

const PERMANENT = ['NOT_FOUND', 'UPSTREAM_REJECTED', 'UPSTREAM_MALFORMED'] as const

/** The link's list row as received, not parsed: an unreadable field must not hide the one that is looked up. */
async function findListedRow(
  scope: RequestScope,
  { accountId, id, createdAt }: PartlyReadLink,
  deadline: Deadline,
): Promise<WireRow | undefined> {
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
