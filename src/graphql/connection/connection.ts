import type { RequestScope } from '../scope.js'
import { type ConnectionArguments, parseArguments } from './arguments.js'
import type { Slice } from './continuity.js'
import { cursorEncoder } from './cursor.js'
import { type PagedList, paginators } from './list.js'
import { readSlice } from './slice.js'

/** A cursor connection as plain data. An unreadable row is an Error in its place and does not affect the others. */
export interface Connection<Node> {
  readonly edges: readonly Edge<Node>[]
  readonly nodes: readonly (Node | Error)[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
  readonly totalCount: number | null
}

export interface Edge<Node> {
  readonly cursor: string
  readonly node: Node | Error
}

/**
 * Reads a connection over any list.
 * @throws GatewayError BAD_USER_INPUT, before anything is read, for arguments that cannot be combined or a cursor of another
 *   list
 */
export async function readConnection<Node>(
  scope: RequestScope,
  list: PagedList<Node>,
  args: ConnectionArguments,
): Promise<Connection<Node>> {
  const query = parseArguments(list.name, args)
  return toConnection(list.name, await readSlice(scope.get(paginators).of(list), query))
}

function toConnection<Node>(list: string, { rows, order, total, ...slice }: Slice<Node>): Connection<Node> {
  const encodeCursor = cursorEncoder(list)
  const edges = rows.map(({ position, id, sortKey, node }) => ({
    cursor: encodeCursor({ position, id, sortKey, order }),
    node,
  }))
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: slice.hasNextPage === true,
      hasPreviousPage: slice.hasPreviousPage,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: total ?? null,
  }
}
