import type { Paginator } from '../../../graphql/connection/paginator/paginator.js'
import { seekRows } from '../../../graphql/connection/seek/seek.js'
import { GatewayError, hasCode, toError } from '../../../kernel/errors.js'
import { epochMsOf } from '../../../kernel/instant.js'
import { NOT_IN_EVERY_ROUTE, type PaymentLink } from '../payment-link.model.js'

/** The fields of a link that one of the two routes to it may not carry. */
export type LookedUpFields = Pick<PaymentLink, (typeof NOT_IN_EVERY_ROUTE)[number]>

/** What one request has read of an account's links, and how it reads more. */
export interface LinkReads {
  readonly paginator: Paginator<PaymentLink>
  /** The link's row in the list, or why it cannot be read; undefined until a page has brought it. */
  findListed(id: string): PaymentLink | Error | undefined
  /** Undefined until the link was read singly. */
  findShown(id: string): PaymentLink | undefined
  /** Looks links up in the cache. */
  recall(ids: readonly string[]): Promise<void>
  /** @throws GatewayError NOT_FOUND when the account has no such link */
  show(id: string): Promise<PaymentLink>
}

/**
 * Looks up what the read of a link did not bring, for links of one account: in their rows of the list, which are sought
 * together, and if those lack it too, in single reads. A field is null when no route carries it. When it may exist and was
 * not found, that is an error.
 */
export async function lookUpFields(
  links: readonly PaymentLink[],
  reads: LinkReads,
): Promise<ReadonlyMap<string, LookedUpFields | Error>> {
  const failure = await seekListed(links, reads)
  const rows = links.map(({ id }) => [id, reads.findListed(id) ?? failure ?? notListed()] as const)
  return new Map([...rows, ...(await showLacking(rows, reads))])
}

/** Reads the pages that list the links. Why that failed, if it did. */
async function seekListed(
  links: readonly PaymentLink[],
  { paginator, findListed, recall }: LinkReads,
): Promise<Error | undefined> {
  try {
    await paginator.idle()
    await recall(links.map(({ id }) => id))
    const unlisted = links.filter(({ id }) => findListed(id) === undefined)
    await seekRows(
      paginator,
      unlisted.map(({ id, createdAt }) => ({ id, sortKey: epochMsOf(createdAt) })),
    )
    return undefined
  } catch (error) {
    return hasCode(error, 'NOT_FOUND') ? undefined : toError(error)
  }
}

type ListedRow = readonly [id: string, row: PaymentLink | Error]

/** Reads links singly whose rows lack a field. If one of them lacks it there too, so do the others. */
async function showLacking(rows: readonly ListedRow[], reads: LinkReads): Promise<[string, LookedUpFields | Error][]> {
  const lacking = rows.flatMap(([id, row]) => (row instanceof Error || isWhole(row) ? [] : [id]))
  const probe = lacking.find((id) => reads.findShown(id) !== undefined) ?? lacking[0]
  if (probe === undefined) return []
  const show = async (id: string): Promise<[string, LookedUpFields | Error]> => {
    try {
      return [id, reads.findShown(id) ?? (await reads.show(id))]
    } catch (error) {
      return [id, toError(error)]
    }
  }
  const [, shown] = await show(probe)
  if (!(shown instanceof Error) && !isWhole(shown)) return []
  return Promise.all(lacking.map(show))
}

function isWhole(read: LookedUpFields): boolean {
  return NOT_IN_EVERY_ROUTE.every((field) => read[field] !== undefined)
}

function notListed(): GatewayError {
  return new GatewayError(
    'UPSTREAM_MALFORMED',
    "Only the account's list carries this field, and the list does not show the link.",
  )
}
