import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextStep, worstCalls } from '../../../src/graphql/batch/batch-plan.js'

/** Follows the plan over a list of so many pages, in the worst case: no page brings a row that is wanted. */
function callsOf({ wanted, pages, isTold }: { wanted: number; pages: number; isTold: boolean }): number {
  let [calls, read, probes, sweeps] = [0, 0, 0, 0]
  let isKnown = isTold
  for (let turn = 0; turn < 1000; turn += 1) {
    const unreadPages = isKnown ? pages - read : undefined
    const step = nextStep({ wanted, missing: wanted, rows: 0, unreadPages, probes, sweeps })
    if (step.kind === 'done') return calls
    if (step.kind === 'singles') return calls + wanted
    if (step.kind === 'all-pages') {
      calls += pages - read
      read = pages
      sweeps += 1
    } else {
      calls += 1
      probes += 1
      read = Math.min(pages, read + 1)
    }
    // The page behind the end tells where it is.
    if (read === pages && probes > pages) isKnown = true
  }
  throw new Error('the plan does not end')
}

interface List {
  readonly pages: number
  /** Told beforehand, by the first page, or by nothing but the page behind the end. */
  readonly lengthTold: 'before' | 'on a page' | 'by its end'
  /** The page of each row that is wanted; `missing` for one that does not exist. */
  readonly rows: readonly (number | 'missing')[]
}

/** Follows the plan over a list that stays as it is. */
function callsOver({ pages, lengthTold, rows }: List): number {
  let [calls, read, probes, sweeps] = [0, 0, 0, 0]
  for (;;) {
    const isKnown = lengthTold === 'before' || (lengthTold === 'on a page' ? read > 0 : probes > pages)
    const missing = rows.filter((page) => page === 'missing' || page > read).length
    const unreadPages = isKnown ? Math.max(0, pages - read) : undefined
    const step = nextStep({ wanted: rows.length, missing, unreadPages, probes, sweeps })
    if (step.kind === 'done') return calls
    if (step.kind === 'singles') return calls + missing
    calls += step.kind === 'all-pages' ? (unreadPages ?? 0) : 1
    read = step.kind === 'all-pages' ? pages : read + 1
    if (step.kind === 'all-pages') sweeps += 1
    else probes += 1
  }
}

/** Every way in which rows can lie on so many pages, or on none, in an order that does not matter. */
function* placesOf(rows: number, pages: number, from = 0): Generator<(number | 'missing')[]> {
  if (rows === 0) yield []
  else {
    for (let page = from; page <= pages; page += 1) {
      for (const rest of placesOf(rows - 1, pages, page)) yield [page === 0 ? 'missing' : page, ...rest]
    }
  }
}

describe('the plan for a batch of rows', () => {
  it.each([
    ['nothing when nothing is missing', { wanted: 5, missing: 0, unreadPages: 9, probes: 0, sweeps: 0 }, 'done'],
    ['every page when that is cheaper', { wanted: 50, missing: 50, unreadPages: 2, probes: 0, sweeps: 0 }, 'all-pages'],
    ['each row when that is cheaper', { wanted: 3, missing: 3, unreadPages: 99, probes: 0, sweeps: 0 }, 'singles'],
    ['each row when both cost the same', { wanted: 2, missing: 2, unreadPages: 2, probes: 0, sweeps: 0 }, 'singles'],
    ['each row when every page was read', { wanted: 9, missing: 9, unreadPages: 0, probes: 0, sweeps: 1 }, 'singles'],
    [
      'one page when nothing is known',
      { wanted: 3, missing: 3, unreadPages: undefined, probes: 0, sweeps: 0 },
      'next-page',
    ],
    [
      'each of two rows when nothing is known',
      { wanted: 2, missing: 2, unreadPages: undefined, probes: 0, sweeps: 0 },
      'singles',
    ],
    [
      'the next page while that may pay',
      { wanted: 9, missing: 1, unreadPages: undefined, probes: 8, sweeps: 0 },
      'next-page',
    ],
    [
      'each row once pages cost as many calls',
      { wanted: 9, missing: 9, unreadPages: undefined, probes: 9, sweeps: 0 },
      'singles',
    ],
    [
      'each row once all pages were read thrice',
      { wanted: 9, missing: 9, unreadPages: 1, probes: 0, sweeps: 3 },
      'singles',
    ],
  ] as const)('reads %s', (_name, state, kind) => {
    expect(nextStep(state)).toEqual({ kind })
  })

  it.each([
    ['one row by itself, then its place in the list', { missing: 1, rows: 1, unreadPages: 1 }, 'singles'],
    ['two rows by themselves, then their places', { missing: 2, rows: 2, unreadPages: 2 }, 'singles'],
    ['every page rather than a search for each row', { missing: 5, rows: 5, unreadPages: 12 }, 'all-pages'],
    ['each row where that and its search are cheaper', { missing: 5, rows: 5, unreadPages: 40 }, 'singles'],
    ['each row where few of them are wanted whole', { missing: 5, rows: 1, unreadPages: 12 }, 'singles'],
    ['one row by itself where nothing is known', { missing: 1, rows: 1, unreadPages: undefined }, 'singles'],
  ] as const)('where rows are wanted from the list reads %s', (_name, state, kind) => {
    expect(nextStep({ wanted: state.missing, ...state, probes: 0, sweeps: 0 })).toEqual({ kind })
  })

  it('ends, and costs at most two calls a row where the length is known, two and one where it is not', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 300 }),
        fc.boolean(),
        (wanted, pages, isTold) => {
          expect(callsOf({ wanted, pages, isTold })).toBeLessThanOrEqual(2 * wanted + (isTold ? 0 : 1))
        },
      ),
    )
  })
})

describe('the most calls of a batch', () => {
  it.each(Array.from({ length: 6 }, (_, rows) => rows))(
    'are never exceeded, and come to pass, for %i rows of any list',
    (rows) => {
      const lists = Array.from({ length: rows + 3 }, (_, pages) => pages).flatMap((pages) =>
        (['before', 'on a page', 'by its end'] as const).flatMap((lengthTold) =>
          Array.from(placesOf(rows, pages), (places) => ({ pages, lengthTold, rows: places })),
        ),
      )
      expect(Math.max(...lists.map(callsOver))).toBe(worstCalls(rows))
    },
  )

  it('are as many for one batch as for two of the same rows, or more', () => {
    for (let a = 0; a < 50; a += 1) {
      for (let b = 0; b < 50; b += 1) expect(worstCalls(a) + worstCalls(b)).toBeLessThanOrEqual(worstCalls(a + b))
    }
  })
})

describe('rows whose place in the list is wanted, scattered over 3,200', () => {
  const told = { wanted: 10, missing: 10, rows: 10, probes: 1, sweeps: 0 }

  it('are read with all of its pages, where searching each would come to as many', () => {
    expect(nextStep({ ...told, unreadPages: 31 })).toEqual({ kind: 'all-pages' })
  })

  it('are searched one by one in a longer list, and where they are few', () => {
    expect(nextStep({ ...told, unreadPages: 42 })).toEqual({ kind: 'singles' })
    expect(nextStep({ ...told, missing: 3, rows: 3, unreadPages: 31 })).toEqual({ kind: 'singles' })
  })
})
