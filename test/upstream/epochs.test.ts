import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EpochBook } from '../../src/upstream/epochs.js'

const tag = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
const step = fc.oneof(
  fc.record({ bump: fc.uniqueArray(tag, { maxLength: 3 }) }),
  fc.record({ begin: fc.uniqueArray(tag, { maxLength: 3 }) }),
)

/** Runs a history; says of every flight begun in it what the book says and whether a tag of it was really bumped since. */
function replay(history: readonly ({ bump: string[] } | { begin: string[] })[], book: EpochBook) {
  const flights: { tags: string[]; mark: number; wasBumped: boolean }[] = []
  for (const event of history) {
    if ('begin' in event) {
      flights.push({ tags: event.begin, mark: book.mark(), wasBumped: false })
      continue
    }
    book.bump(event.bump)
    for (const flight of flights) flight.wasBumped ||= flight.tags.some((name) => event.bump.includes(name))
  }
  return flights.map(({ tags, mark, wasBumped }) => ({ isCurrent: book.isCurrent(tags, mark), wasBumped }))
}

describe('the book of epochs', () => {
  it('calls current exactly what was not written to since, while it remembers every tag', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (history) => {
        for (const { isCurrent, wasBumped } of replay(history, new EpochBook())) expect(isCurrent).toBe(!wasBumped)
      }),
    )
  })

  it('never calls current what was written to, however little it may remember', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 0, max: 4 }), (history, tagsMax) => {
        for (const { isCurrent, wasBumped } of replay(history, new EpochBook(tagsMax))) {
          if (wasBumped) expect(isCurrent).toBe(false)
        }
      }),
    )
  })

  it('calls everything current that begins after the last write, however little it may remember', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 0, max: 4 }), (history, tagsMax) => {
        const book = new EpochBook(tagsMax)
        replay(history, book)
        expect(book.isCurrent(['a', 'b', 'c', 'd', 'e', 'f', 'never seen'], book.mark())).toBe(true)
      }),
    )
  })

  it('takes no more memory for fifty thousand tags than for ten', () => {
    const book = new EpochBook()
    const mark = book.mark()
    for (let id = 0; id < 50_000; id += 1) book.bump([`link:${id}`])
    expect(book.size).toBe(10_000)
    expect(book.isCurrent(['link:0'], mark)).toBe(false)
    expect(book.isCurrent(['link:49999'], mark)).toBe(false)
    expect(book.isCurrent(['link:0'], book.mark())).toBe(true)
  })
})
