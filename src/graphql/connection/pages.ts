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
  /** Rows of the whole list when the figures or this page show where it ends. */
  readonly end: number | undefined
}

/**
 * Where an answer stands. The upstream may ignore `per_page`, so the size comes from the answer: from its own figures, or
 * from the length of a page that is not the last when the figures are missing or contradict each other. Without figures
 * the first page's length is the size, and only an empty, shorter or repeated page ends the list.
 */
export function placePage<Node>(
  asked: { readonly number: number; readonly size: number; readonly firstPage?: Page<Node> | undefined },
  answer: PageAnswer<Node>,
): Page<Node> {
  const { rows, figures } = answer
  return hasExtent(figures) ? placeByFigures(asked, rows, figures) : placeByLength(asked, rows)
}

/** Whether figures say how long the list is. */
export function hasExtent(figures: PageFigures | undefined): figures is PageFigures {
  return figures !== undefined && (figures.total !== undefined || figures.totalPages !== undefined)
}

function placeByFigures<Node>(
  asked: { readonly number: number; readonly size: number },
  rows: readonly ListRow<Node>[],
  figures: PageFigures,
): Page<Node> {
  const number = figures.currentPage || asked.number
  const { total } = figures
  const size = sizeByFigures(asked.size, rows.length, { ...figures, currentPage: number })
  const start = (number - 1) * size
  const isLast = number >= (figures.totalPages ?? Math.ceil((total ?? 0) / size))
  const end = total ?? (isLast && rows.length > 0 ? start + rows.length : undefined)
  return { number, size, start, rows, total, end }
}

function sizeByFigures(askedSize: number, rowCount: number, figures: PageFigures & { currentPage: number }): number {
  const { perPage, currentPage, total, totalPages } = figures
  const claimed = Math.max(perPage || askedSize, rowCount, 1)
  const isInner = totalPages !== undefined && currentPage < totalPages && rowCount > 0
  // An echoed per_page that was not honoured shows in a page count that does not follow from it.
  const contradicts = !perPage || (total !== undefined && Math.ceil(total / claimed) !== totalPages)
  return isInner && contradicts ? rowCount : claimed
}

function placeByLength<Node>(
  asked: { readonly number: number; readonly size: number; readonly firstPage?: Page<Node> | undefined },
  rows: readonly ListRow<Node>[],
): Page<Node> {
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
  return { number, size, start, rows, total: undefined, end: rows.length < size ? start + rows.length : undefined }
}
