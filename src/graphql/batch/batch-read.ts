import { hasCode, toError } from '../../kernel/errors.js'
import { READ_PAGES_MAX } from '../connection/paginator/list-hints.js'
import type { PageKey } from '../connection/paginator/page.js'
import type { Paginator } from '../connection/paginator/paginator.js'
import { nextStep, SEARCHES_MAX } from './batch-plan.js'

/** Reads rows of one list by id, by page or singly: the upstream has no bulk read. */
export interface BatchSource<Node> {
  readonly paginator: Paginator<Node>
  /** A row that this request has read, on a page or singly. */
  findRead(id: string): Node | undefined
  /** Whether the query selects something that a single read of the row does not carry. */
  isNeededFromList(id: string): boolean
  /** Whether the page was found in the cache, so that reading it brings nothing new. */
  isPageLookedUp(page: PageKey): boolean
  /** Reads one row singly, which decides whether it exists. @throws GatewayError NOT_FOUND when it does not */
  readSingle(id: string): Promise<Node>
}

/** A row, null for one that does not exist, or the error of its read. */
export type BatchResult<Node> = Node | null | Error

/**
 * Follows the batch plan until there is a result for every id, in the order of the ids. A failure is the
 * result of only those ids that it affects.
 */
export async function readBatch<Node>(ids: readonly string[], source: BatchSource<Node>): Promise<BatchResult<Node>[]> {
  const { paginator } = source
  await paginator.idle()
  for (let probes = 0, sweeps = 0; ; ) {
    const missing = missingOf(ids, source)
    const neededFromList = missing.filter((id) => source.isNeededFromList(id)).length
    const unread = findUnreadPages(source, missing.length + (neededFromList > 0 ? SEARCHES_MAX : 0))
    const counts = { requested: ids.length, missing: missing.length, neededFromList, unreadPages: unread?.length }
    const step = nextStep({ ...counts, probes, sweeps })
    if (step.kind === 'done') return resultsOf(ids, source)
    if (step.kind === 'singles') return readSingly(ids, source)
    if (step.kind === 'next-page') probes += 1
    else sweeps += 1
    const outcome = await readPages(step.kind === 'next-page' ? [paginator.nextPage] : (unread ?? []), paginator)
    if (outcome.kind === 'final') return resultsOf(ids, source, new Map(missing.map((id) => [id, outcome.result])))
    if (outcome.kind === 'incomplete') return readSingly(ids, source)
  }
}

/** At most `max` pages that may have a missing row; undefined while the list's length is unknown. */
function findUnreadPages<Node>(source: BatchSource<Node>, max: number): readonly number[] | undefined {
  const { paginator } = source
  const size = paginator.largePageSize
  return paginator
    .unreadPages(READ_PAGES_MAX + max)
    ?.filter((number) => !source.isPageLookedUp({ number, size }))
    .slice(0, max)
}

type PagesOutcome =
  | { readonly kind: 'complete' }
  /** A page failed: the rows that it may have are read singly. */
  | { readonly kind: 'incomplete' }
  /** Further reads are of no use: there is no such list, or the upstream fails. */
  | { readonly kind: 'final'; readonly result: Error | null }

async function readPages<Node>(numbers: readonly number[], paginator: Paginator<Node>): Promise<PagesOutcome> {
  const size = paginator.largePageSize
  const results = await Promise.allSettled(numbers.map((number) => paginator.page(number, size)))
  const failures = results.filter((result) => result.status === 'rejected').map((result) => toError(result.reason))
  const [failure] = failures
  if (failure === undefined) return { kind: 'complete' }
  if (hasCode(failure, 'NOT_FOUND')) return { kind: 'final', result: null }
  const isHopeless = failures.length === results.length && !hasCode(failure, 'UPSTREAM_MALFORMED')
  return isHopeless ? { kind: 'final', result: failure } : { kind: 'incomplete' }
}

async function readSingly<Node>(ids: readonly string[], source: BatchSource<Node>): Promise<BatchResult<Node>[]> {
  const read = async (id: string): Promise<[string, BatchResult<Node>]> => {
    try {
      return [id, await source.readSingle(id)]
    } catch (error) {
      return [id, hasCode(error, 'NOT_FOUND') ? null : toError(error)]
    }
  }
  return resultsOf(ids, source, new Map(await Promise.all(missingOf(ids, source).map(read))))
}

function missingOf<Node>(ids: readonly string[], source: BatchSource<Node>): readonly string[] {
  return ids.filter((id) => source.findRead(id) === undefined)
}

/** In the order of the ids. @param decided results that replace whatever was read */
function resultsOf<Node>(
  ids: readonly string[],
  source: BatchSource<Node>,
  decided: ReadonlyMap<string, BatchResult<Node>> = new Map(),
): BatchResult<Node>[] {
  return ids.map((id) => {
    const result = decided.get(id)
    return result === undefined ? (source.findRead(id) ?? null) : result
  })
}
