import { GatewayError } from '../../kernel/errors.js'
import type { RowPlace } from './cursor.js'
import type { ListReader } from './list-reader.js'
import { type CursorName, type Gap, gapBeside, locate } from './locate.js'
import { EMPTY_PAGES_MAX, type PlacedRow, type Range } from './seams.js'
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
    const { resized } = reader
    const cut = await readOnce(reader, window, bounds)
    const isPlaced = reader.resized === resized
    const isGood = (isPlaced && cut.isWhole) || (tries >= TRIES_MAX && cut.slice.rows.length > 0)
    if (isGood || tries > TRIES_MAX) return { ...cut.slice, order: reader.order }
    // What was read stands; only where it stands was mistaken.
    if (isPlaced) reader.forget()
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
  if (kind === 'offset') return cut(await viewFrom(reader, window.offset, count), kind, count)
  const after = bounds.after && (await findGap(reader, 'after', bounds.after, count))
  const before = bounds.before && (await findGap(reader, 'before', bounds.before, count))
  const view =
    kind === 'backward'
      ? await viewBackward(reader, { after, before, count })
      : await viewForward(reader, { after: after ?? { position: 0 }, before, count })
  return cut(view, kind, count)
}

interface Reach {
  readonly after: Gap | undefined
  readonly before: Gap | undefined
  readonly count: number
}

/** The rows behind so many others: by position, and where pages leave places empty, by counting rows from the first on. */
async function viewFrom<Node>(reader: ListReader<Node>, offset: number, count: number): Promise<View<Node>> {
  if (!reader.isSparse) {
    const view = await viewForward(reader, { after: { position: offset }, before: undefined, count })
    const isMissing = view.range.rows.length === 0 && placesOf(view.range) > offset
    if (!reader.isSparse && !isMissing) return view
  }
  const view = await viewForward(reader, { after: { position: 0 }, before: undefined, count: offset + count })
  return { ...view, from: Math.min(offset, view.range.rows.length) }
}

/** The rows behind a gap, read along with the neighbour that the gap is known by. */
async function viewForward<Node>(
  reader: ListReader<Node>,
  { after, before, count }: Reach & { readonly after: Gap },
): Promise<View<Node>> {
  const start = after.aheadId === undefined ? after.position : after.position - 1
  // Where the neighbour moved within the pages read, or places are empty, more has to be read to fill the window.
  for (let stop = after.position + count, reached = start; ; ) {
    const range = await reader.range(start, stop, 'head')
    const from = indexOf(range, after)
    // One row more where only that shows whether rows follow.
    const wanted = range.hasRowsBehind === undefined ? count + 1 : count
    const lacking = from + wanted - range.rows.length
    const isOpen = lacking > 0 && range.hasRowsBehind !== false && range.isWhole
    if (isOpen && range.to > reached && range.emptyBehind < EMPTY_PAGES_MAX) {
      reached = range.to
      stop = range.to + lacking
      continue
    }
    if (range.rows.length === from) refuseToGuess(range, { isWhole: after.position === 0, isOpen })
    return { range, from, to: before ? indexOf(range, before) : range.rows.length, isAnchored: true }
  }
}

/** The rows ahead of a gap, read along with the neighbour it is known by; without a gap the rows ahead of the end. */
async function viewBackward<Node>(reader: ListReader<Node>, { after, before, count }: Reach): Promise<View<Node>> {
  let stop = before ? before.position + (before.behindId === undefined ? 0 : 1) : await reader.end()
  for (let start = Math.max(0, stop - count - 1), reached = Number.POSITIVE_INFINITY; ; ) {
    const range = await reader.range(start, stop, 'tail')
    const to = before ? indexOf(range, before) : range.rows.length
    const lacking = count - to
    const isOpen = lacking > 0 && range.hasRowsAhead && range.isWhole
    if (isOpen && before === undefined && range.end !== undefined && range.end < range.from) {
      // The list ends before where it was thought to.
      stop = range.end
      start = Math.max(0, stop - count - 1)
    } else if (isOpen && range.from < reached && range.emptyAhead < EMPTY_PAGES_MAX) {
      reached = range.from
      start = Math.max(0, range.from - lacking)
    } else {
      const isAnchored = before !== undefined || range.hasRowsBehind !== true
      if (to === 0 && isAnchored) refuseToGuess(range, { isWhole: before === undefined, isOpen })
      return { range, from: after ? indexOf(range, after) : 0, to, isAnchored }
    }
  }
}

/**
 * What was not found is not what is not there: the figures count rows that no page brings, or so many empty pages follow
 * one another that nobody reads on. An empty window would say that the list has no such rows.
 */
function refuseToGuess<Node>(
  range: Range<Node>,
  { isWhole, isOpen }: { readonly isWhole: boolean; readonly isOpen: boolean },
): void {
  const isMissing = isWhole && range.isWhole && range.rows.length === 0 && placesOf(range) > 0
  if (isOpen || isMissing) {
    throw new GatewayError('UPSTREAM_MALFORMED', 'The upstream counts rows that its pages do not bring.')
  }
}

function placesOf<Node>({ total, end = 0 }: Range<Node>): number {
  return total ?? end
}

function cut<Node>({ range, from, to, isAnchored }: View<Node>, kind: Window['kind'], count: number): Cut<Node> {
  const stop = Math.max(from, to)
  const first = kind === 'backward' ? Math.max(from, stop - count) : from
  const last = kind === 'backward' ? stop : Math.min(stop, from + count)
  const rows = range.rows.slice(first, last)
  return {
    slice: {
      rows,
      hasNextPage: last < range.rows.length || range.hasRowsBehind === true,
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
