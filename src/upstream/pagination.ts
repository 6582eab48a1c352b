import { isJsonObject, listOf, read, type WireObject, wireObject } from './json-reader.js'

/** What an answer said of its own place; any figure may be missing. */
export interface PageFigures {
  readonly total: number | undefined
  readonly perPage: number | undefined
  readonly currentPage: number | undefined
  readonly totalPages: number | undefined
  /** Rows of this page, also where fewer of them are there. */
  readonly count?: number | undefined
}

/** One page of the list, its rows not read yet: a malformed row must not cost its neighbours. */
export interface LinkPage {
  readonly rows: readonly unknown[]
  /** What the answer says of its own place; undefined when it says nothing that makes sense. */
  readonly figures: PageFigures | undefined
}

/**
 * Reads the whole answer of the list: `data`, and the figures of `pagination` [seed:list], `meta` [new:payment-link/list]
 * or `meta.pagination`, in camelCase or snake_case [ledger:singapay/client.go]. `links` is never looked at: it points at
 * foreign hosts.
 * `{}` is the empty list. Null is it only where the figures say so: beside rows that they count it is a list that was not
 * brought.
 * @param asked the page's number
 * @throws MalformedAnswer when `data` is no list
 */
export function parseLinkPage(body: unknown, asked?: number): LinkPage {
  const answer = wireObject(body, '$')
  const figures = parseFigures(answer)
  const isEmpty = answer.fields['data'] === null && isBehindEnd(asked ?? figures?.currentPage ?? 1, figures)
  return { rows: isEmpty ? [] : read(answer, 'data', readRows), figures }
}

const readRows = listOf((row) => row)

/** By one figure at least, and against none. */
function isBehindEnd(number: number, figures: PageFigures | undefined): boolean {
  if (figures?.total === 0) return true
  const voices = voicesOfEnd(number, figures)
  return voices.includes(true) && !voices.includes(false)
}

/** The same way round: whether the figures of the first page count rows on this one. */
export function isCounted(number: number, { rows, figures }: LinkPage): boolean {
  const { perPage = rows.length } = figures ?? {}
  const voices = voicesOfEnd(number, figures && { ...figures, perPage: Math.max(perPage, rows.length, 1) })
  return voices.includes(false) && !voices.includes(true)
}

/** Whether a page lies behind the end, by each figure that tells it. */
function voicesOfEnd(number: number, { total, perPage, totalPages }: Partial<PageFigures> = {}): boolean[] {
  const byPages = totalPages === undefined ? [] : [number > totalPages]
  const byRows = total === undefined || perPage === undefined ? [] : [(number - 1) * perPage >= total]
  return [...byPages, ...byRows]
}

function parseFigures(answer: WireObject): PageFigures | undefined {
  const { pagination, meta } = answer.fields
  const { pagination: nested } = isJsonObject(meta) ? meta : {}
  const sources = [pagination, nested, meta].filter(isJsonObject)
  const figures: PageFigures = {
    total: figureOf(sources, ['total'], 0),
    perPage: figureOf(sources, ['perPage', 'per_page'], 1),
    currentPage: figureOf(sources, ['currentPage', 'current_page'], 1),
    totalPages: figureOf(sources, ['totalPages', 'total_pages', 'lastPage', 'last_page'], 0),
    count: figureOf(sources, ['count'], 0),
  }
  return Object.values(figures).every((figure) => figure === undefined) ? undefined : figures
}

/** The first of the spellings that makes sense; a nonsense figure is no figure, never a malformed page. */
function figureOf(
  sources: readonly Record<string, unknown>[],
  names: readonly string[],
  least: number,
): number | undefined {
  return sources
    .flatMap((source) => names.map((name) => source[name]))
    .map((value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value))
    .find((value): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= least)
}
