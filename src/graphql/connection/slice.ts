import { GatewayError } from '../../kernel/errors.js'
import type { SliceQuery } from './arguments.js'
import { joinPages, type Slice } from './continuity.js'
import type { Cursor } from './cursor.js'
import { EMPTY_PAGES_MAX } from './paginator/page.js'
import type { Paginator, Side } from './paginator/paginator.js'
import { type Boundary, type CursorName, findBoundary, nextToRow } from './seek/boundary.js'

/**
 * How often a list is read that changes between two page reads. After that the rows that are certain are returned; if there
 * are none, changes are ignored, because an empty page with more rows to follow would end a client's walk.
 */
const TRIES_MAX = 3

/** Reads the rows of a query. Both page flags are right, in either direction of paging. */
export async function readSlice<Node>(paginator: Paginator<Node>, query: SliceQuery): Promise<Slice<Node>> {
  for (let tries = 1; ; tries += 1) {
    const { resizes } = paginator
    const slice = await new SliceReader(paginator, tries > TRIES_MAX).read(query)
    const arePositionsRight = paginator.resizes === resizes
    const isGood = (arePositionsRight && slice.isWhole) || (tries >= TRIES_MAX && slice.rows.length > 0)
    if (isGood || tries > TRIES_MAX) return slice
    // If only positions were wrong, what was read is still valid.
    if (arePositionsRight) paginator.forget()
  }
}

interface Bounds {
  readonly after: Boundary | undefined
  readonly before: Boundary | undefined
  readonly count: number
}

/** Reads one query once. */
class SliceReader<Node> {
  constructor(
    private readonly paginator: Paginator<Node>,
    private readonly ignoreChanges: boolean,
  ) {}

  async read(query: SliceQuery): Promise<Slice<Node>> {
    const { kind, count } = query
    if (kind === 'offset') return this.#readFromOffset(query.offset, count)
    const after = query.after && (await this.#find('after', query.after, count))
    const before = query.before && (await this.#find('before', query.before, count))
    if (kind === 'backward') return this.#readBackward({ after, before, count })
    return this.#readForward({ after: after ?? { position: 0 }, before, count })
  }

  /** Where a cursor points now. If nothing has moved, this reads only pages that the query needs anyway. */
  async #find(name: CursorName, cursor: Cursor, count: number): Promise<Boundary> {
    const { position, id } = cursor
    const { rows } =
      name === 'after'
        ? await this.#join(position, position + 1 + count, 'head')
        : await this.#join(Math.max(0, position - count), position + 1, 'tail')
    const isThere = id !== undefined && rows.some((row) => row.position === position && row.id === id)
    return isThere ? nextToRow(name, position, id) : findBoundary(this.paginator, name, cursor)
  }

  /** By position; in a list with empty positions, by counting rows from the first. */
  async #readFromOffset(offset: number, count: number): Promise<Slice<Node>> {
    if (!this.paginator.isSparse) {
      const slice = await this.#readForward({ after: { position: offset }, before: undefined, count })
      const isMissing = slice.rows.length === 0 && isCounted(slice, offset)
      if (!this.paginator.isSparse && !isMissing) return slice
    }
    const slice = await this.#readForward({ after: { position: 0 }, before: undefined, count: offset + count })
    const wanted = narrow(slice, Math.min(offset, slice.rows.length), slice.rows.length)
    return { ...wanted, isWhole: slice.isWhole || wanted.rows.length === count }
  }

  /** The rows after a boundary, read together with the neighbour that identifies it. */
  async #readForward({ after, before, count }: Bounds & { readonly after: Boundary }): Promise<Slice<Node>> {
    const start = after.previousId === undefined ? after.position : after.position - 1
    for (let stop = after.position + count, reached = start; ; ) {
      const slice = await this.#join(start, stop, 'head')
      const first = indexOf(slice, after)
      // One row more if nothing else tells whether rows follow.
      const wanted = slice.hasNextPage === undefined ? count + 1 : count
      const lacking = first + wanted - slice.rows.length
      const isOpen = lacking > 0 && slice.hasNextPage !== false && slice.isWhole
      // Some positions are empty, or the neighbour has moved within these pages: more pages are needed for enough rows.
      if (isOpen && slice.to > reached && slice.emptyPagesAfter < EMPTY_PAGES_MAX) {
        reached = slice.to
        stop = slice.to + lacking
        continue
      }
      if (slice.rows.length === first) refuseToGuess(slice, { isOpen, isWholeList: after.position === 0 })
      const end = before ? indexOf(slice, before) : slice.rows.length
      const rows = narrow(slice, first, Math.min(Math.max(first, end), first + count))
      return { ...rows, isWhole: slice.isWhole || rows.rows.length === count }
    }
  }

  /** The rows before a boundary, read together with the neighbour that identifies it; without a boundary, the last rows. */
  async #readBackward({ after, before, count }: Bounds): Promise<Slice<Node>> {
    let stop = before ? before.position + (before.nextId === undefined ? 0 : 1) : await this.paginator.end()
    for (let start = Math.max(0, stop - count - 1), reached = Number.POSITIVE_INFINITY; ; ) {
      const slice = await this.#join(start, stop, 'tail')
      const end = before ? indexOf(slice, before) : slice.rows.length
      const lacking = count - end
      const isOpen = lacking > 0 && slice.hasPreviousPage && slice.isWhole
      if (isOpen && before === undefined && slice.end !== undefined && slice.end < slice.from) {
        // The list ends earlier than expected.
        stop = slice.end
        start = Math.max(0, stop - count - 1)
      } else if (isOpen && slice.from < reached && slice.emptyPagesBefore < EMPTY_PAGES_MAX) {
        reached = slice.from
        start = Math.max(0, slice.from - lacking)
      } else {
        // If more rows follow, these are not the last ones.
        const isAtEnd = before !== undefined || slice.hasNextPage !== true
        if (end === 0 && isAtEnd) refuseToGuess(slice, { isOpen, isWholeList: before === undefined })
        const first = after ? indexOf(slice, after) : 0
        const last = Math.max(first, end)
        const rows = narrow(slice, Math.max(first, last - count), last)
        return { ...rows, isWhole: isAtEnd && (slice.isWhole || rows.rows.length === count) }
      }
    }
  }

  async #join(from: number, to: number, keep: Side): Promise<Slice<Node>> {
    const pages = await this.paginator.pages(from, to, keep)
    return { ...joinPages(pages, { keep, ignoreChanges: this.ignoreChanges }), order: this.paginator.order }
  }
}

/** The index of the first row after a boundary: by a neighbour that is among the rows, else by position. */
function indexOf<Node>({ rows }: Slice<Node>, { position, previousId, nextId }: Boundary): number {
  const indexById = (id: string | undefined) => (id === undefined ? -1 : rows.findIndex((row) => row.id === id))
  const previous = indexById(previousId)
  if (previous >= 0) return previous + 1
  const next = indexById(nextId)
  if (next >= 0) return next
  const index = rows.findIndex((row) => row.position >= position)
  return index < 0 ? rows.length : index
}

function narrow<Node>(slice: Slice<Node>, first: number, last: number): Slice<Node> {
  return {
    ...slice,
    rows: slice.rows.slice(first, last),
    hasPreviousPage: first > 0 || slice.hasPreviousPage,
    hasNextPage: last < slice.rows.length || slice.hasNextPage === true,
  }
}

/** @param position counted from 0 */
function isCounted({ total, end = 0 }: Slice<unknown>, position: number): boolean {
  return (total ?? end) > position
}

/**
 * An empty slice would claim that the list has no such rows. That is unknown when the upstream counts rows that no page has,
 * or after so many empty pages that reading has stopped.
 */
function refuseToGuess(
  slice: Slice<unknown>,
  { isOpen, isWholeList }: { readonly isOpen: boolean; readonly isWholeList: boolean },
): void {
  const isMissing = isWholeList && slice.isWhole && slice.rows.length === 0 && isCounted(slice, 0)
  if (isOpen || isMissing) {
    throw new GatewayError('UPSTREAM_MALFORMED', 'The upstream counts rows that its pages do not contain.')
  }
}
