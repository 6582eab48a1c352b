import { hasCode, toError } from '../../kernel/errors.js'
import type { ListReader } from '../connection/list-reader.js'
import { PAGES_KEPT_MAX } from '../connection/read-pages.js'
import { nextStep, SEARCHES_MAX } from './batch-plan.js'

/** Where rows of one list are read by id: the upstream has pages of the list and single rows, but no bulk read. */
export interface BatchSource<Node> {
  readonly list: ListReader<Node>
  /** A row that this request has read already, on a page of the list or by itself. */
  known(id: string): Node | undefined
  /** Whether something is asked of the row that reading it by itself does not bring, so that it is read from the list anyway. */
  isRowWanted(id: string): boolean
  /** A page that was kept from before and looked through already: it brings none of the rows that are not known. */
  isPageKept(number: number, size: number): boolean
  /** Reads one row by itself, the last word on whether it exists. @throws GatewayError NOT_FOUND when it does not */
  show(id: string): Promise<Node>
}

/** A row, null where there is none, or why it could not be read. */
export type BatchAnswer<Node> = Node | null | Error

/** Follows the batch plan until every id is answered; a failure is the answer of the ids it concerns, of no others. */
export async function readBatch<Node>(
  ids: readonly string[],
  source: BatchSource<Node>,
): Promise<ReadonlyMap<string, BatchAnswer<Node>>> {
  const { list } = source
  await list.idle()
  for (let probes = 0, sweeps = 0; ; ) {
    const missing = missingOf(ids, source)
    const rows = missing.filter((id) => source.isRowWanted(id)).length
    const unread = unreadPages(source, missing.length + (rows > 0 ? SEARCHES_MAX : 0))
    const known = { wanted: ids.length, missing: missing.length, rows, unreadPages: unread?.length }
    const step = nextStep({ ...known, probes, sweeps })
    if (step.kind === 'done') return answersOf(ids, source)
    if (step.kind === 'singles') return readSingly(ids, source)
    if (step.kind === 'next-page') probes += 1
    else sweeps += 1
    const outcome = await readPages(step.kind === 'next-page' ? [list.nextPage] : (unread ?? []), list)
    if (outcome.kind === 'answered') {
      return answersOf(ids, source, new Map(missing.map((id) => [id, outcome.answer])))
    }
    if (outcome.kind === 'incomplete') return readSingly(ids, source)
  }
}

/** So many at most, of those that may bring a row. */
function unreadPages<Node>({ list, isPageKept }: BatchSource<Node>, max: number): readonly number[] | undefined {
  const size = list.largePageSize
  return list
    .unreadPages(PAGES_KEPT_MAX + max)
    ?.filter((number) => !isPageKept(number, size))
    .slice(0, max)
}

type PagesOutcome =
  | { readonly kind: 'complete' }
  /** A page is missing: what it would have brought is asked singly. */
  | { readonly kind: 'incomplete' }
  /** Asking on is of no use: there is no such list, or the upstream fails. */
  | { readonly kind: 'answered'; readonly answer: Error | null }

async function readPages<Node>(numbers: readonly number[], list: ListReader<Node>): Promise<PagesOutcome> {
  const size = list.largePageSize
  const results = await Promise.allSettled(numbers.map((number) => list.page(number, size)))
  const failures = results.filter((result) => result.status === 'rejected').map((result) => toError(result.reason))
  const [failure] = failures
  if (failure === undefined) return { kind: 'complete' }
  if (hasCode(failure, 'NOT_FOUND')) return { kind: 'answered', answer: null }
  const isHopeless = failures.length === results.length && !hasCode(failure, 'UPSTREAM_MALFORMED')
  return isHopeless ? { kind: 'answered', answer: failure } : { kind: 'incomplete' }
}

async function readSingly<Node>(
  ids: readonly string[],
  source: BatchSource<Node>,
): Promise<ReadonlyMap<string, BatchAnswer<Node>>> {
  const read = async (id: string): Promise<[string, BatchAnswer<Node>]> => {
    try {
      return [id, await source.show(id)]
    } catch (error) {
      return [id, hasCode(error, 'NOT_FOUND') ? null : toError(error)]
    }
  }
  return answersOf(ids, source, new Map(await Promise.all(missingOf(ids, source).map(read))))
}

function missingOf<Node>(ids: readonly string[], source: BatchSource<Node>): readonly string[] {
  return ids.filter((id) => source.known(id) === undefined)
}

/** What is known of each id, after what was found out of it just now. */
function answersOf<Node>(
  ids: readonly string[],
  source: BatchSource<Node>,
  found: ReadonlyMap<string, BatchAnswer<Node>> = new Map(),
): ReadonlyMap<string, BatchAnswer<Node>> {
  return new Map(ids.map((id) => [id, found.has(id) ? (found.get(id) ?? null) : (source.known(id) ?? null)]))
}
