import type { RowReader } from '../../../graphql/batch/row-reader.js'
import { seekRows } from '../../../graphql/connection/seek/seek.js'
import { GatewayError, hasCode, toError } from '../../../kernel/errors.js'
import { epochMsOf } from '../../../kernel/instant.js'
import { LIST_ONLY_FIELDS, type PaymentLink } from '../payment-link.model.js'

/** The fields that a read of a link may not carry. */
export type LookedUpFields = Pick<PaymentLink, (typeof LIST_ONLY_FIELDS)[number]>

/**
 * Looks up the fields that the read of a link did not carry. The links are distinct and of one account; results are in
 * their order. Their list rows are searched for together; where a row lacks a field too, the link is read singly. A field
 * stays undefined if no read carries it. A link that the list does not show is an error, because the field may exist.
 * @param probe shared by all look-ups of the account and request
 */
export async function lookUpFields(
  links: readonly PaymentLink[],
  reader: RowReader<PaymentLink>,
  probe: Probe,
): Promise<(LookedUpFields | Error)[]> {
  const failure = await seekListed(links, reader)
  const rows = links.map(({ id }) => [id, reader.findListed(id) ?? failure ?? notListed()] as const)
  return [...new Map([...rows, ...(await readLacking(rows, reader, probe))]).values()]
}

/** Reads the pages that list the links. @returns why that failed, if it did */
async function seekListed(links: readonly PaymentLink[], reader: RowReader<PaymentLink>): Promise<Error | undefined> {
  try {
    await reader.paginator.idle()
    await reader.recall(links.map(({ id }) => id))
    const unlisted = links.filter(({ id }) => reader.findListed(id) === undefined)
    await seekRows(
      reader.paginator,
      unlisted.map(({ id, createdAt }) => ({ id, sortKey: epochMsOf(createdAt) })),
    )
    return undefined
  } catch (error) {
    return hasCode(error, 'NOT_FOUND') ? undefined : toError(error)
  }
}

type LookedUp = readonly [id: string, fields: LookedUpFields | Error]

/** The first single read of a link whose row lacks a field: it shows whether the others are worth a call. */
export interface Probe {
  read?: Promise<LookedUp>
}

/** Reads links singly whose rows lack a field. If the first one lacks it there too, the others are not read. */
async function readLacking(
  rows: readonly LookedUp[],
  reader: RowReader<PaymentLink>,
  probe: Probe,
): Promise<readonly LookedUp[]> {
  const lacking = rows.flatMap(([id, row]) => (row instanceof Error || isComplete(row) ? [] : [id]))
  const first = lacking.find((id) => reader.findSingle(id) !== undefined) ?? lacking[0]
  if (first === undefined) return []
  const read = async (id: string): Promise<LookedUp> => {
    try {
      return [id, reader.findSingle(id) ?? (await reader.readSingle(id))]
    } catch (error) {
      return [id, toError(error)]
    }
  }
  probe.read ??= read(first)
  const [, single] = await probe.read
  if (!(single instanceof Error) && !isComplete(single)) return []
  return Promise.all(lacking.map(read))
}

function isComplete(fields: LookedUpFields): boolean {
  return LIST_ONLY_FIELDS.every((field) => fields[field] !== undefined)
}

function notListed(): GatewayError {
  return new GatewayError(
    'UPSTREAM_MALFORMED',
    "Only the account's list carries this field, and the list does not show the link.",
  )
}
