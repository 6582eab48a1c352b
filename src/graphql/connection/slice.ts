import type { RowPlace } from './cursor.js'
import type { ListReader, Range } from './list-reader.js'
import { type Located, locate } from './locate.js'
import type { ListRow } from './pages.js'
import type { Window } from './window.js'

/** The rows a window asks for, with their positions, and what lies around them. */
export interface Slice<Node> {
  readonly rows: readonly PlacedRow<Node>[]
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  /** Rows of the whole list; undefined when the upstream gives no figures. */
  readonly total: number | undefined
}

export interface PlacedRow<Node> {
  readonly position: number
  readonly row: ListRow<Node>
}

export type DecodeCursor = (name: 'after' | 'before', cursor: string) => RowPlace

/** Reads what a window asks for. Both page flags tell what truly lies there, whichever way was asked. */
export async function readSlice<Node>(
  reader: ListReader<Node>,
  window: Window,
  decode: DecodeCursor,
): Promise<Slice<Node>> {
  if (window.kind === 'offset') return readForward(reader, window.offset, window.count, undefined)
  const after = window.after === undefined ? undefined : decode('after', window.after)
  const before = window.before === undefined ? undefined : decode('before', window.before)
  const lower = after === undefined ? 0 : behind(await locateWithin(reader, after, { ahead: window.count }))
  const upper = before === undefined ? undefined : (await locateWithin(reader, before, { back: window.count })).position
  return window.kind === 'forward'
    ? readForward(reader, lower, window.count, upper)
    : readBackward(reader, lower, window.count, upper)
}

async function readForward<Node>(reader: ListReader<Node>, from: number, count: number, upper: number | undefined) {
  const to = Math.min(from + count, upper ?? Number.POSITIVE_INFINITY)
  return cut(await reader.range(from, Math.max(from, to), 'head'), from, Math.max(from, to))
}

async function readBackward<Node>(reader: ListReader<Node>, lower: number, count: number, upper: number | undefined) {
  if (upper !== undefined) {
    const from = Math.max(lower, upper - count)
    return cut(await reader.range(Math.min(from, upper), upper, 'tail'), Math.min(from, upper), upper)
  }
  let end = await reader.end()
  // The list's end may move while it is read; what is read tells where it is now.
  for (let tries = 1; ; tries += 1) {
    const from = Math.max(lower, end - count)
    const range = await reader.range(Math.min(from, end), end, 'tail')
    if (range.end === undefined || range.end === end || tries === 3) return cut(range, Math.min(from, end), end)
    end = range.end
  }
}

function cut<Node>(range: Range<Node>, from: number, to: number): Slice<Node> {
  const first = Math.max(from, range.start)
  const rows = range.rows
    .slice(first - range.start, Math.max(0, to - range.start))
    .map((row, index) => ({ position: first + index, row }))
  const stop = rows.length > 0 ? first + rows.length : Math.min(to, range.end ?? to)
  const seenEnd = range.start + range.rows.length
  return {
    rows,
    hasNextPage: (range.end ?? seenEnd) > stop,
    hasPreviousPage: Math.min(first, range.end ?? first) > 0,
    total: range.total,
  }
}

/**
 * The row's position as of now. The rows that will be wanted are read along with it: where nothing has moved, one read
 * serves both, and the row and its followers come from one view of the list.
 */
async function locateWithin<Node>(
  reader: ListReader<Node>,
  place: RowPlace,
  reach: { readonly ahead?: number; readonly back?: number },
): Promise<Located> {
  const from = Math.max(0, place.position - (reach.back ?? 0))
  const to = place.position + 1 + (reach.ahead ?? 0)
  const range = await reader.range(from, to, reach.back === undefined ? 'head' : 'tail')
  const index = place.id === undefined ? -1 : range.rows.findIndex((row) => row.id === place.id)
  return index < 0 ? locate(reader, place) : { position: range.start + index, isThere: true }
}

function behind(located: Located): number {
  return located.isThere ? located.position + 1 : located.position
}
