import { ListReader } from '../../graphql/connection/list-reader.js'
import { locate } from '../../graphql/connection/locate.js'
import type { Page } from '../../graphql/connection/pages.js'
import { EMPTY_PAGES_MAX } from '../../graphql/connection/seams.js'
import type { RequestScope } from '../../graphql/scope.js'
import type { Deadline } from '../../kernel/deadline.js'
import { hasCode, toError } from '../../kernel/errors.js'
import { epochMsOf } from '../../kernel/instant.js'
import { Unreadable } from '../../kernel/unreadable.js'
import { isJsonObject } from '../../upstream/json.js'
import { listLinks, type ShownLink, showLink } from './payment-link.api.js'
import type { LinkKey } from './payment-link.keys.js'
import type { PartlyReadLink } from './payment-link.model.js'
import { parseLinkFields } from './payment-link.wire.js'

export interface FreshLink extends ShownLink {
  /**
   * What became of the look into the list. Only of a link whose row was `found` there is a key that `row` lacks known to
   * be absent; where it was `not-found`, or could not be read, it may exist all the same.
   */
  readonly listing: 'needless' | 'found' | 'not-found' | Error
}

interface FreshReading {
  readonly deadline: Deadline
  /** Whether the list row could add nothing that matters. */
  readonly isComplete: (shown: ShownLink) => boolean
}

/**
 * The link as it is now, past every cache and shared flight. `show` does not carry every field [seed:show]; where
 * `isComplete` misses one, it is looked up in the link's list row.
 * @throws UpstreamFailure NOT_FOUND when the account has no such link
 */
export async function readFresh(scope: RequestScope, key: LinkKey, reading: FreshReading): Promise<FreshLink> {
  const { deadline } = reading
  const shown = await showLink(scope, key, { freshness: 'fresh', access: 'write', deadline })
  if (reading.isComplete(shown)) return { ...shown, listing: 'needless' }
  const listed = await findListedRow(scope, shown.link, deadline).catch(toError)
  if (listed === undefined || isLastingGap(listed)) return { ...shown, listing: 'not-found' }
  if (listed instanceof Error) return { ...shown, listing: listed }
  const row = { ...listed, ...shown.row }
  const at = { accountId: key.accountId, now: scope.services.clock.now(), path: '$.data' }
  return { link: parseLinkFields(row, at), row, listing: 'found' }
}

/** The upstream has answered, and the answer does not bring what was asked for: asking again would not help. */
export function isLastingGap(error: unknown): boolean {
  return LASTING.some((code) => hasCode(error, code))
}

const LASTING = ['NOT_FOUND', 'UPSTREAM_REJECTED', 'UPSTREAM_MALFORMED'] as const

type WireRow = ShownLink['row']

/** The link's row in the list. As it came: a field of it that cannot be read must not hide the one that is looked up. */
async function findListedRow(
  scope: RequestScope,
  link: PartlyReadLink,
  deadline: Deadline,
): Promise<WireRow | undefined> {
  const list = wireList(scope, link.accountId, deadline)
  let row = await lookFor(link, list)
  if (row === undefined) {
    // Links that come and go while pages are read can hide it once.
    list.forget()
    row = await lookFor(link, list)
  }
  return row
}

/** By its place where the list has an order; page by page where it has none. */
async function lookFor({ id, createdAt }: PartlyReadLink, list: ListReader<unknown>): Promise<WireRow | undefined> {
  const place = {
    position: 0,
    id,
    createdAtMs: createdAt instanceof Unreadable ? undefined : epochMsOf(createdAt),
    order: undefined,
  }
  const { position } = await locate(list, 'before', place)
  return rowOn(await list.pageAt(position), id) ?? (await scanFor(list, id))
}

/** The account's list as it came, row by row. */
function wireList(scope: RequestScope, accountId: string, deadline: Deadline): ListReader<unknown> {
  const how = { freshness: 'fresh', access: 'write', deadline } as const
  return new ListReader(
    {
      fetch: async ({ number, size }) => {
        const page = await listLinks(scope, accountId, { number, size, ...how })
        return { ...page, rows: page.rows.map((row, index) => ({ ...row, node: page.wireRows[index] })) }
      },
      onPage: () => {},
    },
    {},
  )
}

/** One page may be empty though others follow it. */
async function scanFor(list: ListReader<unknown>, id: string): Promise<WireRow | undefined> {
  for (let number = 1, empty = 0; empty < EMPTY_PAGES_MAX; number += 1) {
    const page = await list.page(number, list.largePageSize)
    const row = rowOn(page, id)
    if (row !== undefined || page.hasMore === false) return row
    empty = page.rows.length > 0 ? 0 : empty + 1
  }
  return undefined
}

function rowOn(page: Page<unknown>, id: string): WireRow | undefined {
  const row = page.rows.find((each) => each.id === id)?.node
  return isJsonObject(row) ? row : undefined
}
