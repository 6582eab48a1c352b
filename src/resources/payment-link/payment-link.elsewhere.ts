import type { ListReader } from '../../graphql/connection/list-reader.js'
import { seekRows } from '../../graphql/connection/seek.js'
import { GatewayError, hasCode, toError } from '../../kernel/errors.js'
import { epochMsOf } from '../../kernel/instant.js'
import { NOT_IN_EVERY_ROUTE, type PaymentLink } from './payment-link.model.js'

/** The fields of a link that may have to be read by another route than the link itself. */
export type Elsewhere = Pick<PaymentLink, (typeof NOT_IN_EVERY_ROUTE)[number]>

/** What one request has read of an account's links, and how it reads more. */
export interface LinkReads {
  readonly list: ListReader<PaymentLink>
  /** The link's row in the list, or why that cannot be read; undefined until a page has brought it. */
  listed(id: string): PaymentLink | Error | undefined
  /** Undefined until the link was read singly. */
  shown(id: string): PaymentLink | undefined
  /** Takes in what is kept of links from before. */
  recall(ids: readonly string[]): Promise<void>
  /** @throws GatewayError NOT_FOUND when the account has no such link */
  show(id: string): Promise<PaymentLink>
}

/**
 * Looks up what the read that brought a link does not carry, for links of one account: in their list rows, which are looked
 * for together, and where those carry it neither, in single reads. Null is what no read carries; what is not found is an
 * error, for it may be there.
 */
export async function readElsewhere(
  links: readonly PaymentLink[],
  reads: LinkReads,
): Promise<ReadonlyMap<string, Elsewhere | Error>> {
  const failure = await seekListed(links, reads)
  const rows = links.map(({ id }) => [id, reads.listed(id) ?? failure ?? notListed()] as const)
  return new Map([...rows, ...(await shownOf(rows, reads))])
}

/** Why some of the links were not looked for to the end. */
async function seekListed(
  links: readonly PaymentLink[],
  { list, listed, recall }: LinkReads,
): Promise<Error | undefined> {
  try {
    const sought = links.map(({ id, createdAt }) => ({ id, createdAtMs: epochMsOf(createdAt) }))
    await list.idle()
    await recall(links.map(({ id }) => id))
    await seekRows(list, sought, ({ id }) => listed(id) === undefined)
    return undefined
  } catch (error) {
    return hasCode(error, 'NOT_FOUND') ? undefined : toError(error)
  }
}

type ListedRow = readonly [id: string, row: PaymentLink | Error]

/** Single reads of the links whose rows lack a field. One shows whether they carry it; if it does not, the others do neither. */
async function shownOf(rows: readonly ListedRow[], reads: LinkReads): Promise<[string, Elsewhere | Error][]> {
  const lacking = rows.flatMap(([id, row]) => (row instanceof Error || isWhole(row) ? [] : [id]))
  const probe = lacking.find((id) => reads.shown(id) !== undefined) ?? lacking[0]
  if (probe === undefined) return []
  const read = async (id: string): Promise<[string, Elsewhere | Error]> => {
    try {
      return [id, reads.shown(id) ?? (await reads.show(id))]
    } catch (error) {
      return [id, toError(error)]
    }
  }
  const [, shown] = await read(probe)
  if (!(shown instanceof Error) && !isWhole(shown)) return []
  return Promise.all(lacking.map(read))
}

function isWhole(read: Elsewhere): boolean {
  return NOT_IN_EVERY_ROUTE.every((field) => read[field] !== undefined)
}

function notListed(): GatewayError {
  return new GatewayError(
    'UPSTREAM_MALFORMED',
    'Only the list of the account carries this field, and the list does not show the link.',
  )
}
