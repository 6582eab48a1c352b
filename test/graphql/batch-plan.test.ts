import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nextStep } from '../../src/graphql/batch-plan.js'

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
    expect(nextStep({ rows: 0, ...state })).toEqual({ kind })
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
