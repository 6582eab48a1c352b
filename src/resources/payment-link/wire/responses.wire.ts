import type { PageResponse, Row } from '../../../graphql/connection/paginator/page.js'
import { epochMsOf } from '../../../kernel/instant.js'
import { Unreadable } from '../../../kernel/unreadable.js'
import type { Logger } from '../../../telemetry/logger.js'
import { parsePage } from '../../../upstream/envelope/pagination.js'
import { fingerprintOf } from '../../../upstream/json/fingerprint.js'
import { wireObject } from '../../../upstream/json/reader.js'
import { MalformedResponse } from '../../../upstream/malformed-response.js'
import { refuseForeignRow } from '../../account-facts/account-facts.wire.js'
import type { PartlyReadLink, PaymentLink } from '../payment-link.model.js'
import {
  namingLink,
  parseLinkFields,
  readLinkId,
  responseRow,
  unreadableFields,
  type WireRow,
  wholeLink,
} from './payment-link.wire.js'

/** A link with its wire row: an update is encoded from the row, never from the model. */
export interface LinkResponse {
  readonly link: PartlyReadLink
  readonly row: WireRow
}

/** A row of a page. */
export interface LinkRow extends Row<PaymentLink> {
  /** As received: where an update finds a field that `show` does not carry. Undefined when the row is not a link. */
  readonly wireRow?: unknown
}

export interface LinkPage extends PageResponse<PaymentLink> {
  readonly rows: readonly LinkRow[]
}

export interface ParseContext {
  /** The account requested. */
  readonly accountId: string
  /** For the log. */
  readonly operation: string
  /** Epoch ms; a link expires by the clock alone. */
  readonly now: number
  /** Receives one line for each unreadable row and field. */
  readonly logger: Logger
}

/**
 * Parses a list response. An unreadable row keeps its place, as an error.
 * @throws MalformedResponse when there is no list
 */
export function parseLinkPage(body: unknown, pageNumber: number, context: ParseContext): LinkPage {
  const { rows, pagination } = parsePage(body, pageNumber)
  return { rows: rows.map((row, index) => parseRow(row, `$.data[${index}]`, context)), pagination }
}

/** Parses the response to a single read or a write. @throws MalformedResponse unless it shows the link of this id */
export function parseLinkResponse(body: unknown, id: string, context: ParseContext): LinkResponse {
  try {
    const row = responseRow(body)
    const link = parseFields(row, '$.data', context)
    if (link.id !== id) throw new MalformedResponse('$.data.id')
    return { link, row }
  } catch (error) {
    throw logged(error, id, context)
  }
}

/** The earliest future expiry among these links, in epoch ms: from then on, a cached status is out of date. */
export function nextExpiry(
  rows: readonly { readonly node: PartlyReadLink | Error }[],
  now: number,
): number | undefined {
  const moments = rows
    .map(({ node }) => (node instanceof Error ? undefined : node.expiredAt))
    .map((expiredAt) => (expiredAt == null || expiredAt instanceof Unreadable ? Number.NaN : epochMsOf(expiredAt)))
    .filter((moment) => moment > now)
  return moments.length === 0 ? undefined : Math.min(...moments)
}

function parseRow(row: unknown, path: string, context: ParseContext): LinkRow {
  try {
    const link = wholeLink(parseFields(row, path, context))
    if (link instanceof Unreadable) return { ...unreadableRow(row, link), wireRow: row }
    return { id: link.id, sortKey: epochMsOf(link.createdAt), node: link, wireRow: row }
  } catch (error) {
    // The row is not a link, or belongs to another account: nothing but its id is used.
    return unreadableRow(row, logged(error, readLinkId(row), context))
  }
}

function unreadableRow(row: unknown, node: Unreadable): LinkRow {
  return { id: readLinkId(row), node, content: fingerprintOf(row) }
}

function parseFields(row: unknown, path: string, { accountId, now, operation, logger }: ParseContext): PartlyReadLink {
  refuseForeignRow(wireObject(row, path), accountId)
  const link = parseLinkFields(row, { accountId, now, path })
  for (const { jsonPath } of unreadableFields(link)) {
    logger.warn({ operation, jsonPath }, 'a field of the upstream cannot be read')
  }
  return link
}

function logged(error: unknown, id: string | undefined, { operation, logger }: ParseContext): MalformedResponse {
  if (!(error instanceof MalformedResponse)) throw error
  logger.warn({ operation, jsonPath: error.jsonPath }, 'a link of the upstream cannot be read')
  return id === undefined ? error : namingLink(id, error)
}
