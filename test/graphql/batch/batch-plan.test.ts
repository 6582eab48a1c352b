import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextStep, worstCalls } from '../../../src/graphql/batch/batch-plan.js'

/** Follows the plan over a list of so many pages in the worst case, when no page brings a requested row. */
function callsOf({
  requested,
  pages,
  isKnownBefore,
}: {
  requested: number
  pages: number
  isKnownBefore: boolean
}): number {
  let [calls, read, probes, sweeps] = [0, 0, 0, 0]
  let isKnown = isKnownBefore
  for (let turn = 0; turn < 1000; turn += 1) {
    const unreadPages = isKnown ? pages - read : undefined
    const step = nextStep({ requested, missing: requested, neededFromList: 0, unreadPages, probes, sweeps })
    if (step.kind === 'done') return calls
    if (step.kind === 'singles') return calls + requested
    if (step.kind === 'all-pages') {
      calls += pages - read
      read = pages
      sweeps += 1
    } else {
      calls += 1
      probes += 1
      read = Math.min(pages, read + 1)
    }
    // The page past the end tells where the end is.
    if (read === pages && probes > pages) isKnown = true
  }
  throw new Error('the plan does not end')
}

interface List {
  readonly pages: number
  /** Known beforehand, from the first page, or only from the page past the end. */
  readonly lengthKnown: 'before' | 'on a page' | 'by its end'
  /** The page of each requested row; `missing` for one that does not exist. */
  readonly rows: readonly (number | 'missing')[]
}

/** Follows the plan over a list that does not change. */
function callsOver({ pages, lengthKnown, rows }: List): number {
  let [calls, read, probes, sweeps] = [0, 0, 0, 0]
  for (;;) {
    const isKnown = lengthKnown === 'before' || (lengthKnown === 'on a page' ? read > 0 : probes > pages)
    const missing = rows.filter((page) => page === 'missing' || page > read).length
    const unreadPages = isKnown ? Math.max(0, pages - read) : undefined
    const step = nextStep({ requested: rows.length, missing, neededFromList: 0, unreadPages, probes, sweeps })
    if (step.kind === 'done') return calls
    if (step.kind === 'singles') return calls + missing
    calls += step.kind === 'all-pages' ? (unreadPages ?? 0) : 1
    read = step.kind === 'all-pages' ? pages : read + 1
    if (step.kind === 'all-pages') sweeps += 1
    else probes += 1
  }
}

/** Every way in which rows can lie on so many pages, or on none; their order does not matter. */
function* placesOf(rows: number, pages: number, from = 0): Generator<(number | 'missing')[]> {
  if (rows === 0) yield []
  else {
    for (let page = from; page <= pages; page += 1) {
      for (const rest of placesOf(rows - 1, pages, page)) yield [page === 0 ? 'missing' : page, ...rest]
    }
  }
}

describe('the batch plan', () => {
  it.each([
    ['nothing when nothing is missing', { requested: 5, missing: 0, unreadPages: 9, probes: 0, sweeps: 0 }, 'done'],
    [
      'every page when that is cheaper',
      { requested: 50, missing: 50, unreadPages: 2, probes: 0, sweeps: 0 },
      'all-pages',
    ],
    [
      'each row singly when that is cheaper',
      { requested: 3, missing: 3, unreadPages: 99, probes: 0, sweeps: 0 },
      'singles',
    ],
    [
      'each row singly when both cost the same',
      { requested: 2, missing: 2, unreadPages: 2, probes: 0, sweeps: 0 },
      'singles',
    ],
    [
      'each row singly when every page was read',
      { requested: 9, missing: 9, unreadPages: 0, probes: 0, sweeps: 1 },
      'singles',
    ],
    [
      'one page when the length is unknown',
      { requested: 3, missing: 3, unreadPages: undefined, probes: 0, sweeps: 0 },
      'next-page',
    ],
    [
      'two rows singly when the length is unknown',
      { requested: 2, missing: 2, unreadPages: undefined, probes: 0, sweeps: 0 },
      'singles',
    ],
    [
      'the next page while that may pay',
      { requested: 9, missing: 1, unreadPages: undefined, probes: 8, sweeps: 0 },
      'next-page',
    ],
    [
      'each row singly once pages cost as many calls',
      { requested: 9, missing: 9, unreadPages: undefined, probes: 9, sweeps: 0 },
      'singles',
    ],
    [
      'each row singly once all pages were read three times',
      { requested: 9, missing: 9, unreadPages: 1, probes: 0, sweeps: 3 },
      'singles',
    ],
  ] as const)('reads %s', (_name, state, kind) => {
    expect(nextStep({ neededFromList: 0, ...state })).toEqual({ kind })
  })

  it.each([
    ['one row singly, then its row in the list', { missing: 1, neededFromList: 1, unreadPages: 1 }, 'singles'],
    ['two rows singly, then their rows in the list', { missing: 2, neededFromList: 2, unreadPages: 2 }, 'singles'],
    ['every page rather than a search for each row', { missing: 5, neededFromList: 5, unreadPages: 12 }, 'all-pages'],
    [
      'each row singly when that and its search are cheaper',
      { missing: 5, neededFromList: 5, unreadPages: 40 },
      'singles',
    ],
    [
      'each row singly when few are needed from the list',
      { missing: 5, neededFromList: 1, unreadPages: 12 },
      'singles',
    ],
    ['one row singly when the length is unknown', { missing: 1, neededFromList: 1, unreadPages: undefined }, 'singles'],
  ] as const)('reads %s, for rows needed from the list', (_name, state, kind) => {
    expect(nextStep({ requested: state.missing, ...state, probes: 0, sweeps: 0 })).toEqual({ kind })
  })

  it('takes at most two calls a row, and one more where the length is unknown', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 300 }),
        fc.boolean(),
        (requested, pages, isKnownBefore) => {
          expect(callsOf({ requested, pages, isKnownBefore })).toBeLessThanOrEqual(
            2 * requested + (isKnownBefore ? 0 : 1),
          )
        },
      ),
    )
  })
})

describe('the worst case of a batch', () => {
  it.each(Array.from({ length: 6 }, (_, rows) => rows))(
    'the worst case is reached and never exceeded, for %i rows of any list',
    (rows) => {
      const lists = Array.from({ length: rows + 3 }, (_, pages) => pages).flatMap((pages) =>
        (['before', 'on a page', 'by its end'] as const).flatMap((lengthKnown) =>
          Array.from(placesOf(rows, pages), (places) => ({ pages, lengthKnown, rows: places })),
        ),
      )
      expect(Math.max(...lists.map(callsOver))).toBe(worstCalls(rows))
    },
  )

  it('the worst case of one batch is no lower than that of two that share its rows', () => {
    for (let a = 0; a < 50; a += 1) {
      for (let b = 0; b < 50; b += 1) expect(worstCalls(a) + worstCalls(b)).toBeLessThanOrEqual(worstCalls(a + b))
    }
  })
})

describe('rows needed from a list of 3,200, scattered over it', () => {
  const known = { requested: 10, missing: 10, neededFromList: 10, probes: 1, sweeps: 0 }

  it('reads all pages when searching for each row would take as many', () => {
    expect(nextStep({ ...known, unreadPages: 31 })).toEqual({ kind: 'all-pages' })
  })

  it('searches for rows one by one in a longer list, and when they are few', () => {
    expect(nextStep({ ...known, unreadPages: 42 })).toEqual({ kind: 'singles' })
    expect(nextStep({ ...known, missing: 3, neededFromList: 3, unreadPages: 31 })).toEqual({ kind: 'singles' })
  })
})
