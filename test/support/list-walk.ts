import type { SliceQuery } from '../../src/graphql/connection/arguments.js'
import type { PositionedRow, Slice } from '../../src/graphql/connection/continuity.js'
import type { Cursor } from '../../src/graphql/connection/cursor.js'

export interface ListWalk {
  readonly kind: 'forward' | 'backward'
  /** Rows per slice, by step. */
  readonly count: (step: number) => number
  /** Runs between two slices. */
  readonly between?: (step: number) => void
}

const STEPS_MAX = 2_000

/** Walks a list by cursor until nothing follows, and returns its rows in the list's order. */
export async function walkList<Node>(
  read: (query: SliceQuery) => Promise<Slice<Node>>,
  { kind, count, between = () => {} }: ListWalk,
): Promise<PositionedRow<Node>[]> {
  const isForward = kind === 'forward'
  const rows: PositionedRow<Node>[] = []
  let bound: { after?: Cursor; before?: Cursor } = {}
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const slice = await read({ kind, count: count(step), ...bound })
    if (isForward) rows.push(...slice.rows)
    else rows.unshift(...slice.rows)
    const edge = slice.rows.at(isForward ? -1 : 0)
    if (edge === undefined || !(isForward ? slice.hasNextPage : slice.hasPreviousPage)) return rows
    bound = { [isForward ? 'after' : 'before']: cursorTo(edge, slice.order) }
    between(step)
  }
  throw new Error('the walk does not end')
}

function cursorTo({ position, id, sortKey }: PositionedRow<unknown>, order: number | undefined): Cursor {
  return { position, id, sortKey, order }
}
