import { describe, expect, it } from 'vitest'
import { RowReader, type RowSource } from '../../../src/graphql/batch/row-reader.js'
import { AppScope, RequestScope, type Services } from '../../../src/graphql/scope.js'
import { systemClock } from '../../../src/kernel/clock.js'
import { createDeadline } from '../../../src/kernel/deadline.js'
import { GatewayError } from '../../../src/kernel/errors.js'
import { merchantPrincipal } from '../../../src/kernel/principal.js'
import type { Cached } from '../../../src/upstream/request.js'

interface Branch {
  readonly id: string
}

/** A list of branches, of no account, that can also be read singly, in memory. */
class BranchSource implements RowSource<Branch> {
  readonly calls: string[] = []
  readonly read: string[] = []
  readonly cachedSingles = new Map<string, Cached<Branch>>()

  constructor(private readonly ids: readonly string[]) {}

  readonly list: RowSource<Branch>['list'] = {
    name: 'branches',
    fetch: async ({ number, size }) => {
      this.calls.push(`page ${number}`)
      const rows = this.ids.slice((number - 1) * size, number * size).map((id) => ({ id, node: { id } }))
      const totalPages = Math.ceil(this.ids.length / size)
      return { rows, pagination: { total: this.ids.length, perPage: size, currentPage: number, totalPages } }
    },
    onRead: ({ id }) => void this.read.push(id),
  }

  async readSingle(id: string): Promise<Branch> {
    this.calls.push(id)
    if (!this.ids.includes(id)) throw new GatewayError('NOT_FOUND', 'There is no such branch.')
    return { id }
  }

  async findCachedPage(): Promise<undefined> {
    return undefined
  }

  async findCachedSingle(id: string): Promise<Cached<Branch> | undefined> {
    return this.cachedSingles.get(id)
  }
}

const deadline = createDeadline(systemClock, 0)
deadline.release()

function readerOf(source: BranchSource): RowReader<Branch> {
  const services = { clock: systemClock, findCached: async () => undefined } as Partial<Services> as Services
  return new RowReader(new RequestScope(new AppScope(services), merchantPrincipal, 'request', deadline), source)
}

const load = (reader: RowReader<Branch>, ids: readonly string[]) => Promise.all(ids.map((id) => reader.load(id, false)))

const ids = Array.from({ length: 150 }, (_, index) => `branch-${index}`)

describe('reading rows of a list by id', () => {
  it('reads rows from pages when those are fewer than the rows', async () => {
    const source = new BranchSource(ids)
    expect(await load(readerOf(source), ids)).toEqual(ids.map((id) => ({ id })))
    expect(source.calls).toEqual(['page 1', 'page 2'])
    expect(source.read).toEqual(ids)
  })

  it('reads a few rows singly, and returns null for one that does not exist', async () => {
    const source = new BranchSource(ids)
    expect(await load(readerOf(source), ['branch-7', 'nowhere'])).toEqual([{ id: 'branch-7' }, null])
    expect(source.calls).toEqual(['branch-7', 'nowhere'])
    expect(source.read).toEqual(['branch-7'])
  })

  it('makes no call for rows that are cached or were read before', async () => {
    const source = new BranchSource(ids)
    source.cachedSingles.set('branch-3', { value: { id: 'branch-3' }, startedAtMs: 0 })
    const reader = readerOf(source)
    await reader.paginator.pageAt(0)
    expect(await load(reader, ['branch-3', 'branch-0', 'branch-24'])).toEqual(
      ['branch-3', 'branch-0', 'branch-24'].map((id) => ({ id })),
    )
    expect(await load(reader, ['branch-3'])).toEqual([{ id: 'branch-3' }])
    expect(source.calls).toEqual(['page 1'])
  })

  it('passes a cached row on once, as if it had been read', async () => {
    const source = new BranchSource(ids)
    source.cachedSingles.set('branch-99', { value: { id: 'branch-99' }, startedAtMs: 0 })
    const reader = readerOf(source)
    expect(await load(reader, ['branch-99'])).toEqual([{ id: 'branch-99' }])
    await reader.recall(['branch-99'])
    expect([source.calls, source.read]).toEqual([[], ['branch-99']])
  })
})
