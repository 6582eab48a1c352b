import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EpochBook } from '../../../src/upstream/chain/epochs.js'

const tag = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
const step = fc.oneof(
  fc.record({ bump: fc.uniqueArray(tag, { maxLength: 3 }) }),
  fc.record({ begin: fc.uniqueArray(tag, { maxLength: 3 }) }),
)

/** Runs a history of bumps and reads; gives, for each read, the verdict of the book and whether a tag was bumped since. */
function replay(history: readonly ({ bump: string[] } | { begin: string[] })[], book: EpochBook) {
  const reads: { tags: string[]; mark: number; wasBumped: boolean }[] = []
  for (const event of history) {
    if ('begin' in event) {
      reads.push({ tags: event.begin, mark: book.mark(), wasBumped: false })
      continue
    }
    book.bump(event.bump)
    for (const read of reads) read.wasBumped ||= read.tags.some((name) => event.bump.includes(name))
  }
  return reads.map(({ tags, mark, wasBumped }) => ({ isCurrent: book.isCurrent(tags, mark), wasBumped }))
}

describe('EpochBook', () => {
  it('calls a read current exactly when no tag was written to since, while it remembers every tag', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (history) => {
        for (const { isCurrent, wasBumped } of replay(history, new EpochBook())) expect(isCurrent).toBe(!wasBumped)
      }),
    )
  })

  it('never calls a read current after a write to its tags, however few tags it remembers', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 0, max: 4 }), (history, tagsMax) => {
        for (const { isCurrent, wasBumped } of replay(history, new EpochBook(tagsMax))) {
          if (wasBumped) expect(isCurrent).toBe(false)
        }
      }),
    )
  })

  it('calls every read current that begins after the last write, however few tags it remembers', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 0, max: 4 }), (history, tagsMax) => {
        const book = new EpochBook(tagsMax)
        replay(history, book)
        expect(book.isCurrent(['a', 'b', 'c', 'd', 'e', 'f', 'never seen'], book.mark())).toBe(true)
      }),
    )
  })

  it('remembers 10,000 of 50,000 tags and still knows that all were written to', () => {
    const book = new EpochBook()
    const mark = book.mark()
    for (let id = 0; id < 50_000; id += 1) book.bump([`link:${id}`])
    expect(book.size).toBe(10_000)
    expect(book.isCurrent(['link:0'], mark)).toBe(false)
    expect(book.isCurrent(['link:49999'], mark)).toBe(false)
    expect(book.isCurrent(['link:0'], book.mark())).toBe(true)
  })
})
