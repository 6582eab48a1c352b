import { encodeCursor } from './cursor.js'
import type { Slice } from './slice.js'

/** A cursor connection as plain data: what cannot be read is an Error in its place, and the rest of the page lives. */
export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node | Error }[]
  readonly nodes: readonly (Node | Error)[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
  readonly totalCount: number | null
}

/** @param list names the list in its cursors */
export function toConnection<Node>(list: string, slice: Slice<Node>): Connection<Node> {
  const edges = slice.rows.map(({ position, row: { id, createdAtMs, node } }) => ({
    cursor: encodeCursor(list, { position, id, createdAtMs, order: slice.order }),
    node,
  }))
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: slice.hasNextPage,
      hasPreviousPage: slice.hasPreviousPage,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: slice.total ?? null,
  }
}
