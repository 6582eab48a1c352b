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
  /** Rows of this page, also where fewer of them are there. */
  readonly count?: number | undefined
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
  // An upstream that does not turn the page says so here, or says nothing.
  if (rows.length > 0 && figures.currentPage !== asked.number) return true
  const length = lengthOf(rows, figures)
  return !isInner(asked.number, length, figures) && isDoubtful(asked, length, figures)
}

/**
 * Where an answer stands. The upstream may ignore `per_page`, and may echo it all the same, so the size comes from the
 * answer: a page that is not the last is as long as a page is; the last page is as long as its figures say where they
 * agree, else as the first page is. Without figures the first page's length is the size, and only an empty or shorter
 * page ends the list. The number is the one that was asked for: rows behind the end that the figures tell are those of
 * another page, given again.
 */
export function placePage<Node>(asked: AskedPage<Node>, answer: PageAnswer<Node>): Page<Node> {
  return hasExtent(answer.figures)
    ? placeByFigures(asked, answer.rows, answer.figures)
    : placeByLength(asked, answer.rows)
}

/** Whether a later page brings the rows of an earlier one again: the upstream does not turn the page, or not that far. */
export function repeats<Node>(page: Page<Node>, earlier: Page<Node>): boolean {
  const firstId = page.rows[0]?.id
  return (
    firstId !== undefined &&
    firstId === earlier.rows[0]?.id &&
    page.number > earlier.number &&
    page.size === earlier.size &&
    page.total === earlier.total
  )
}

function hasExtent(figures: PageFigures | undefined): figures is PageFigures {
  return figures !== undefined && (figures.total !== undefined || figures.totalPages !== undefined)
}

/** A page may show fewer rows than it counts [seed:list]. */
function lengthOf(rows: readonly unknown[], { count, perPage }: PageFigures): number {
  return count !== undefined && count <= (perPage ?? 0) ? Math.max(count, rows.length) : rows.length
}

/** No `per_page` at all, or one that the other figures and the rows do not follow from: echoed, not honoured. */
function isDoubtful<Node>({ number, size }: AskedPage<Node>, length: number, figures: PageFigures): boolean {
  const { perPage, total, totalPages } = figures
  if (perPage === undefined || length > perPage) return true
  if (total === undefined || totalPages === undefined) return perPage === size && totalPages !== undefined
  const endsHere = length > 0 && number === totalPages
  const endsElsewhere = endsHere && (totalPages - 1) * perPage + length !== total
  return endsElsewhere || Math.max(1, Math.ceil(total / perPage)) !== Math.max(1, totalPages)
}

function isInner(number: number, length: number, { totalPages }: PageFigures): boolean {
  return totalPages !== undefined && length > 0 && number < totalPages
}

function placeByFigures<Node>(
  asked: AskedPage<Node>,
  rows: readonly ListRow<Node>[],
  figures: PageFigures,
): Page<Node> {
  const { number, firstPage } = asked
  const { total } = figures
  const length = lengthOf(rows, figures)
  const size = firstPage?.size ?? sizeByFigures(asked, length, figures)
  const start = (number - 1) * size
  const pageCount = figures.totalPages ?? Math.ceil((total ?? 0) / size)
  if (number > 1 && (total === undefined ? number > pageCount : start >= total)) {
    return { number, size, start, rows: [], total, end: total }
  }
  const isLast = number >= pageCount
  const end = total ?? (isLast && (rows.length > 0 || number === 1) ? start + length : undefined)
  return { number, size, start, rows, total, end }
}

function sizeByFigures<Node>(asked: AskedPage<Node>, length: number, figures: PageFigures): number {
  if (isInner(asked.number, length, figures)) return length
  return Math.max(figures.perPage ?? asked.size, length, 1)
}

function placeByLength<Node>(asked: AskedPage<Node>, rows: readonly ListRow<Node>[]): Page<Node> {
  const { number, firstPage } = asked
  const size = firstPage?.size ?? (rows.length || asked.size)
  const start = (number - 1) * size
  const isShort = firstPage !== undefined && rows.length > 0 && rows.length < size
  const endsHere = isShort || (number === 1 && rows.length === 0)
  return { number, size, start, rows, total: undefined, end: endsHere ? start + rows.length : undefined }
}
