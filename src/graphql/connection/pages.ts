/** A row of a numbered list, readable or not; what cannot be read still holds its place. */
export interface ListRow<Node> {
  readonly id: string | undefined
  readonly createdAtMs: number | undefined
  readonly node: Node | Error
}

/** What an answer said of its own place; any figure may be missing. */
export interface PageFigures {
  readonly total: number | undefined
  readonly perPage: number | undefined
  readonly currentPage: number | undefined
  readonly totalPages: number | undefined
}

export interface PageAnswer<Node> {
  readonly rows: readonly ListRow<Node>[]
  readonly figures: PageFigures | undefined
}

/** A page whose place in the list is known. */
export interface Page<Node> {
  readonly number: number
  /** Rows of a full page of this list, which need not be what was asked for. */
  readonly size: number
  /** Position of its first row, counted from 0. */
  readonly start: number
  readonly rows: readonly ListRow<Node>[]
  /** Rows of the whole list by the upstream's own figures. */
  readonly total: number | undefined
  /** Rows of the whole list when the figures or this page show where it ends; an empty page only shows that it ends before. */
  readonly end: number | undefined
}

export interface AskedPage<Node> {
  readonly number: number
  /** The `per_page` asked for, which the upstream may ignore. */
  readonly size: number
  /** Read under the same `per_page`, for an answer that does not tell the size by itself. */
  readonly firstPage?: Page<Node> | undefined
}

/** Whether an answer alone does not tell where it stands: it needs the first page beside it. */
export function needsFirstPage<Node>(asked: AskedPage<Node>, { rows, figures }: PageAnswer<Node>): boolean {
  if (asked.number === 1) return false
  if (!hasExtent(figures)) return true
  return !isInner(asked.number, rows.length, figures) && isDoubtful(asked, rows.length, figures)
}

/**
 * Where an answer stands. The upstream may ignore `per_page`, and may echo it all the same, so the size comes from the
 * answer: a page that is not the last is as long as a page is; the last page is as long as its figures say where they
 * agree, else as the first page is. Without figures the first page's length is the size, and only an empty, shorter or
 * repeated page ends the list.
 */
export function placePage<Node>(asked: AskedPage<Node>, answer: PageAnswer<Node>): Page<Node> {
  return hasExtent(answer.figures)
    ? placeByFigures(asked, answer.rows, answer.figures)
    : placeByLength(asked, answer.rows)
}

function hasExtent(figures: PageFigures | undefined): figures is PageFigures {
  return figures !== undefined && (figures.total !== undefined || figures.totalPages !== undefined)
}

/** No `per_page` at all, or one that the other figures and the rows do not follow from: echoed, not honoured. */
function isDoubtful<Node>({ number, size }: AskedPage<Node>, rowCount: number, figures: PageFigures): boolean {
  const { perPage, total, totalPages, currentPage } = figures
  if (perPage === undefined || rowCount > perPage) return true
  if (total === undefined || totalPages === undefined) return perPage === size && totalPages !== undefined
  const endsHere = rowCount > 0 && (currentPage || number) === totalPages
  const endsElsewhere = endsHere && (totalPages - 1) * perPage + rowCount !== total
  return endsElsewhere || Math.max(1, Math.ceil(total / perPage)) !== Math.max(1, totalPages)
}

function isInner(number: number, rowCount: number, { currentPage, totalPages }: PageFigures): boolean {
  return totalPages !== undefined && rowCount > 0 && (currentPage || number) < totalPages
}

function placeByFigures<Node>(
  asked: AskedPage<Node>,
  rows: readonly ListRow<Node>[],
  figures: PageFigures,
): Page<Node> {
  const number = figures.currentPage || asked.number
  const { total } = figures
  const size = asked.firstPage?.size ?? sizeByFigures(asked, rows.length, figures)
  const start = (number - 1) * size
  const isLast = number >= (figures.totalPages ?? Math.ceil((total ?? 0) / size))
  const end = total ?? (isLast && (rows.length > 0 || number === 1) ? start + rows.length : undefined)
  return { number, size, start, rows, total, end }
}

function sizeByFigures<Node>(asked: AskedPage<Node>, rowCount: number, figures: PageFigures): number {
  if (isInner(asked.number, rowCount, figures)) return rowCount
  return Math.max(figures.perPage ?? asked.size, rowCount, 1)
}

function placeByLength<Node>(asked: AskedPage<Node>, rows: readonly ListRow<Node>[]): Page<Node> {
  const { number, firstPage } = asked
  if (firstPage === undefined) {
    const size = rows.length || asked.size
    return { number, size, start: 0, rows, total: undefined, end: rows.length === 0 ? 0 : undefined }
  }
  const { size } = firstPage
  const start = (number - 1) * size
  const firstId = rows[0]?.id
  const repeated = firstId !== undefined && firstId === firstPage.rows[0]?.id
  if (repeated) return { number, size, start, rows: [], total: undefined, end: firstPage.rows.length }
  const isShort = rows.length > 0 && rows.length < size
  return { number, size, start, rows, total: undefined, end: isShort ? start + rows.length : undefined }
}
