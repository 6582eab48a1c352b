import DataLoader from 'dataloader'
import { type PagedList, paginators } from '../connection/list.js'
import { type PageKey, toPageName } from '../connection/paginator/page.js'
import type { Paginator } from '../connection/paginator/paginator.js'
import type { RequestScope } from '../scope.js'
import { type BatchResult, type BatchSource, readBatch } from './batch-read.js'
import { type CachedRow, type CachedRowSource, findCachedRows } from './cached-rows.js'

/** A list whose rows can also be read singly. */
export interface RowSource<Node> extends CachedRowSource<Node> {
  readonly list: PagedList<Node>
  /** Reads one row singly, which decides whether it exists. @throws GatewayError NOT_FOUND when it does not */
  readSingle(id: string): Promise<Node>
}

/**
 * Reads rows of one list by id for one request, from pages of the list or singly, whichever takes fewer calls. What this
 * request has read, or what is cached, costs nothing.
 */
export class RowReader<Node> implements BatchSource<Node> {
  readonly paginator: Paginator<Node>
  readonly #loader = new DataLoader<string, Node | null>((ids) => this.#loadMany(ids))
  readonly #singles = new Map<string, Node>()
  readonly #cached = new Map<string, CachedRow<Node>>()
  readonly #cachedPages = new Set<string>()
  readonly #neededFromList = new Set<string>()

  constructor(
    private readonly scope: RequestScope,
    private readonly source: RowSource<Node>,
  ) {
    this.paginator = scope.get(paginators).of(source.list)
  }

  /**
   * One row, or null when it does not exist; loads of one tick are batched.
   * @param isNeededFromList whether the query selects something that a single read does not carry
   */
  load(id: string, isNeededFromList: boolean): Promise<Node | null> {
    if (isNeededFromList) this.#neededFromList.add(id)
    return this.#loader.load(id)
  }

  /** Makes `load` return this row, or fail with this error. */
  prime(id: string, row: Node | Error): void {
    this.#loader.prime(id, row)
  }

  /** The row as a page of the list shows it, or why it is unreadable there; undefined until such a page was read. */
  findListed(id: string): Node | Error | undefined {
    return this.paginator.findRow(id)?.node ?? this.#cached.get(id)?.listed
  }

  /** Undefined until the row was read singly. */
  findSingle(id: string): Node | undefined {
    return this.#singles.get(id) ?? this.#cached.get(id)?.single
  }

  findRead(id: string): Node | undefined {
    const listed = this.paginator.findRow(id)?.node
    if (listed !== undefined && !(listed instanceof Error)) return listed
    return this.#singles.get(id) ?? this.#cached.get(id)?.latest
  }

  isNeededFromList(id: string): boolean {
    return this.#neededFromList.has(id)
  }

  isPageLookedUp(page: PageKey): boolean {
    return this.#cachedPages.has(toPageName(page))
  }

  async readSingle(id: string): Promise<Node> {
    const row = await this.source.readSingle(id)
    this.#singles.set(id, row)
    this.source.list.onRead?.(row)
    return row
  }

  /** Looks rows up in the cache. */
  async recall(ids: readonly string[]): Promise<void> {
    const { pages, rows } = await findCachedRows(this.scope, this.source, ids)
    for (const page of pages) this.#cachedPages.add(toPageName(page))
    for (const [id, row] of rows) {
      if (row.latest !== undefined && this.findRead(id) === undefined) this.source.list.onRead?.(row.latest)
      this.#cached.set(id, { ...this.#cached.get(id), ...row })
    }
  }

  async #loadMany(ids: readonly string[]): Promise<BatchResult<Node>[]> {
    await this.recall(ids.filter((id) => this.findRead(id) === undefined))
    return readBatch(ids, this)
  }
}
