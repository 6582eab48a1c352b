import { describe, expect, it } from 'vitest'
import { ListHintBook } from '../../../src/graphql/connection/list-hints.js'
import { merchantPrincipal } from '../../../src/kernel/principal.js'

const of = (credential: string) => ({ principal: { ...merchantPrincipal, credential } })

describe('what was learnt of lists', () => {
  it('is one thing per list and credential', () => {
    const book = new ListHintBook(() => 0)
    book.of(of('a'), 'list').total = 7
    expect(book.of(of('a'), 'list')).toMatchObject({ total: 7 })
    expect(book.of(of('b'), 'list')).not.toHaveProperty('total')
    expect(book.of(of('a'), 'other list')).not.toHaveProperty('total')
  })

  it('is forgotten after ten minutes, however often it was used in between', () => {
    let nowMs = 1000
    const book = new ListHintBook(() => nowMs)
    book.of(of('a'), 'list').pageSize = 1
    for (let minute = 1; minute < 10; minute += 1) {
      nowMs += 60_000
      expect(book.of(of('a'), 'list')).toMatchObject({ pageSize: 1 })
    }
    nowMs += 60_000
    expect(book.of(of('a'), 'list')).not.toHaveProperty('pageSize')
  })
})
