import { describe, expect, it } from 'vitest'
import { ListHintBook } from '../../../src/graphql/connection/list-hints.js'
import { merchantPrincipal } from '../../../src/kernel/principal.js'

const of = (credential: string) => ({ principal: { ...merchantPrincipal, credential } })

describe('what was learnt of lists', () => {
  it('is one thing per list and credential', () => {
    const book = new ListHintBook(() => 0)
    book.of(of('a'), 'list').total = 7
    expect(book.of(of('a'), 'list')).toEqual({ total: 7 })
    expect(book.of(of('b'), 'list')).toEqual({})
    expect(book.of(of('a'), 'other list')).toEqual({})
  })

  it('is forgotten after ten minutes, however often it was used in between', () => {
    let nowMs = 1000
    const book = new ListHintBook(() => nowMs)
    book.of(of('a'), 'list').pageSize = 1
    for (let minute = 1; minute < 10; minute += 1) {
      nowMs += 60_000
      expect(book.of(of('a'), 'list')).toEqual({ pageSize: 1 })
    }
    nowMs += 60_000
    expect(book.of(of('a'), 'list')).toEqual({})
  })
})
