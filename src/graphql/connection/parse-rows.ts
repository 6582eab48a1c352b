import type { Logger } from '../../telemetry/logger.js'
import { fingerprintOf } from '../../upstream/json-fingerprint.js'
import type { Reader } from '../../upstream/json-reader.js'
import { MalformedResponse } from '../../upstream/malformed-response.js'
import { parsePage } from '../../upstream/pagination.js'
import type { PageResponse, Row } from './paginator/page.js'

export interface RowsContext {
  /** The page requested, from 1. */
  readonly pageNumber: number
  /** Names the call in the log. */
  readonly operation: string
  /** Gets one line for each row that cannot be read. */
  readonly logger: Logger
}

/**
 * Parses the response of a list row by row. A row that cannot be read keeps its place, as an error.
 * @throws MalformedResponse when there is no list
 */
export function parseRows<Node>(
  body: unknown,
  { pageNumber, operation, logger }: RowsContext,
  parseRow: Reader<Row<Node>>,
): PageResponse<Node> {
  const { rows, pagination } = parsePage(body, pageNumber)
  const parse = (row: unknown, index: number): Row<Node> => {
    try {
      return parseRow(row, `$.data[${index}]`)
    } catch (error) {
      if (!(error instanceof MalformedResponse)) throw error
      logger.warn({ operation, jsonPath: error.jsonPath }, 'a row of the upstream cannot be read')
      return { id: undefined, node: error, content: fingerprintOf(row) }
    }
  }
  return { rows: rows.map(parse), pagination }
}
