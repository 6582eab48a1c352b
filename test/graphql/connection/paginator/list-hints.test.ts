import { describe, expect, it } from 'vitest'
import { ListHintBook, noteReadPage } from '../../../../src/graphql/connection/paginator/list-hints.js'
import type { PageKey } from '../../../../src/graphql/connection/paginator/page.js'
import { merchantPrincipal } from '../../../../src/kernel/principal.js'

const as = (credential: string) => ({ principal: { ...merchantPrincipal, credential } })

describe('list hints', () => {
  it('keeps hints by list and credential', () => {
    const book = new ListHintBook(() => 0)
    book.of(as('a'), 'list').total = 7
    expect(book.of(as('a'), 'list')).toMatchObject({ total: 7 })
    expect(book.of(as('b'), 'list')).not.toHaveProperty('total')
    expect(book.of(as('a'), 'other list')).not.toHaveProperty('total')
  })

  it('forgets hints after ten minutes, however often they were used', () => {
    let nowMs = 1000
    const book = new ListHintBook(() => nowMs)
    book.of(as('a'), 'list').pageSize = 1
    for (let minute = 1; minute < 10; minute += 1) {
      nowMs += 60_000
      expect(book.of(as('a'), 'list')).toMatchObject({ pageSize: 1 })
    }
    nowMs += 60_000
    expect(book.of(as('a'), 'list')).not.toHaveProperty('pageSize')
  })
})

describe('the pages of a list that were read', () => {
  it('returns the pages read by number and size, the latest last, each once', () => {
    const readPages = new Map<string, PageKey>()
    for (const [number, size] of [
      [1, 25],
      [2, 25],
      [1, 100],
      [1, 25],
    ] as const) {
      noteReadPage({ readPages }, { number, size })
    }
    expect([...readPages.values()]).toEqual([
      { number: 2, size: 25 },
      { number: 1, size: 100 },
      { number: 1, size: 25 },
    ])
  })

  it('remembers at most forty pages, and drops those read longest ago', () => {
    const readPages = new Map<string, PageKey>()
    for (let number = 1; number <= 50; number += 1) noteReadPage({ readPages }, { number, size: 100 })
    const numbers = [...readPages.values()].map(({ number }) => number)
    expect(numbers).toEqual(Array.from({ length: 40 }, (_, index) => index + 11))
  })
})
