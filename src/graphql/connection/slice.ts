import type { RowPlace } from './cursor.js'
import type { ListReader } from './list-reader.js'
import { type CursorName, type Gap, gapBeside, locate } from './locate.js'
import type { PlacedRow, Range } from './seams.js'
import type { Window } from './window.js'

/** The rows a window asks for, with their positions, and what lies around them. */
export interface Slice<Node> {
  readonly rows: readonly PlacedRow<Node>[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  /** Rows of the whole list; undefined when the upstream gives no figures. */
  readonly total: number | undefined
  /** Index into `ORDERS`; undefined when the rows show none. */
  readonly order: number | undefined
}

export type DecodeCursor = (name: CursorName, cursor: string) => RowPlace

/**
 * A list that changes between two page reads is read anew this often, then given as far as it is certain; only when not
 * one row is, the seam is trusted, because an empty page with more behind it would end a walk.
 */
const TRIES_MAX = 3

/** Reads what a window asks for. Both page flags tell what truly lies there, whichever way was asked. */
export async function readSlice<Node>(
  reader: ListReader<Node>,
  window: Window,
  decode: DecodeCursor,
): Promise<Slice<Node>> {
  const bounds = decodeBounds(window, decode)
  for (let tries = 1; ; tries += 1) {
    const cut = await readOnce(reader, window, bounds)
    const isGood = cut.isWhole || (tries >= TRIES_MAX && cut.slice.rows.length > 0)
    if (isGood || tries > TRIES_MAX) return { ...cut.slice, order: reader.order }
    reader.forget()
    if (tries === TRIES_MAX) reader.trustSeams()
  }
}

interface Bounds {
  readonly after: RowPlace | undefined
  readonly before: RowPlace | undefined
}

interface Cut<Node> {
  readonly slice: Omit<Slice<Node>, 'order'>
  /** False when there are more rows to give than could be shown to stand together. */
  readonly isWhole: boolean
}

/** Rows that were read in one view, with the two ends between which the wanted ones lie. */
interface View<Node> {
  readonly range: Range<Node>
  readonly from: number
  readonly to: number
  /** False when the list does not end where it was thought to, so that its last rows are others. */
  readonly isAnchored: boolean
}

function decodeBounds(window: Window, decode: DecodeCursor): Bounds {
  if (window.kind === 'offset') return { after: undefined, before: undefined }
  return {
    after: window.after === undefined ? undefined : decode('after', window.after),
    before: window.before === undefined ? undefined : decode('before', window.before),
  }
}

async function readOnce<Node>(reader: ListReader<Node>, window: Window, bounds: Bounds): Promise<Cut<Node>> {
  const { kind, count } = window
  const after = bounds.after && (await findGap(reader, 'after', bounds.after, count))
  const before = bounds.before && (await findGap(reader, 'before', bounds.before, count))
  if (kind === 'backward') return cut(await viewBackward(reader, { after, before, count }), kind, count)
  const start = kind === 'offset' ? window.offset : 0
  return cut(await viewForward(reader, { after: after ?? { position: start }, before, count }), kind, count)
}

interface Reach {
  readonly after: Gap | undefined
  readonly before: Gap | undefined
  readonly count: number
}

/** The rows behind a gap, read along with the neighbour that the gap is known by. */
async function viewForward<Node>(
  reader: ListReader<Node>,
  { after, before, count }: Reach & { readonly after: Gap },
): Promise<View<Node>> {
  const start = after.aheadId === undefined ? after.position : after.position - 1
  // Where the neighbour moved within the pages read, more has to be read to fill the window.
  for (let stop = after.position + count; ; ) {
    const range = await reader.range(start, stop, 'head')
    const from = indexOf(range, after)
    const lacking = from + count - range.rows.length
    if (lacking <= 0 || lacking > count || !range.hasRowsBehind || !range.isWhole) {
      return { range, from, to: before ? indexOf(range, before) : range.rows.length, isAnchored: true }
    }
    stop += lacking
  }
}

/** The rows ahead of a gap, read along with the neighbour it is known by; without a gap the rows ahead of the end. */
async function viewBackward<Node>(reader: ListReader<Node>, { after, before, count }: Reach): Promise<View<Node>> {
  const stop = before ? before.position + (before.behindId === undefined ? 0 : 1) : await reader.end()
  const range = await reader.range(Math.max(0, stop - count - 1), stop, 'tail')
  const reachesEnd = !range.hasRowsBehind && (range.rows.length >= count || !range.hasRowsAhead)
  return {
    range,
    from: after ? indexOf(range, after) : 0,
    to: before ? indexOf(range, before) : range.rows.length,
    isAnchored: before !== undefined || reachesEnd,
  }
}

function cut<Node>({ range, from, to, isAnchored }: View<Node>, kind: Window['kind'], count: number): Cut<Node> {
  const stop = Math.max(from, to)
  const first = kind === 'backward' ? Math.max(from, stop - count) : from
  const last = kind === 'backward' ? stop : Math.min(stop, from + count)
  const rows = range.rows.slice(first, last)
  return {
    slice: {
      rows,
      hasNextPage: last < range.rows.length || range.hasRowsBehind,
      hasPreviousPage: first > 0 || range.hasRowsAhead,
      total: range.total,
    },
    isWhole: isAnchored && (range.isWhole || rows.length === count),
  }
}

/** Where a cursor points now. Where nothing has moved, this reads just what the window wants beside it. */
async function findGap<Node>(reader: ListReader<Node>, name: CursorName, place: RowPlace, count: number): Promise<Gap> {
  const { position, id } = place
  const range =
    name === 'after'
      ? await reader.range(position, position + 1 + count, 'head')
      : await reader.range(Math.max(0, position - count), position + 1, 'tail')
  const isHere = range.rows.some((placed) => placed.position === position && id !== undefined && placed.row.id === id)
  return isHere ? gapBeside(name, position, id) : locate(reader, name, place)
}

/** Where the rows behind a gap begin: by a neighbour that is among the rows, else by position. */
function indexOf<Node>(range: Range<Node>, { position, aheadId, behindId }: Gap): number {
  const indexById = (id: string | undefined) =>
    id === undefined ? -1 : range.rows.findIndex(({ row }) => row.id === id)
  const ahead = indexById(aheadId)
  if (ahead >= 0) return ahead + 1
  const behind = indexById(behindId)
  if (behind >= 0) return behind
  const index = range.rows.findIndex((placed) => placed.position >= position)
  return index < 0 ? range.rows.length : index
}
