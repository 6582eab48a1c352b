import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RequestScope } from '../../../src/graphql/scope.js'
import { parseRfc3339 } from '../../../src/kernel/instant.js'
import { Unreadable } from '../../../src/kernel/unreadable.js'
import { accountBook } from '../../../src/resources/account-facts/account-facts.book.js'
import type { AccountFacts } from '../../../src/resources/account-facts/account-facts.model.js'

const scope = {} as RequestScope
const NOTHING: AccountFacts = { name: undefined, email: undefined, phone: undefined, status: undefined }
const day = (n: number) => parseRfc3339(`2026-01-${String(n).padStart(2, '0')}T00:00:00Z`)

describe('accountBook', () => {
  it('knows only the id of an account without rows', () => {
    expect(accountBook(scope).read('A')).toEqual({ id: 'A', ...NOTHING })
  })

  it('keeps the facts of each account apart', () => {
    const book = accountBook(scope)
    book.note('A', { ...NOTHING, name: 'of A' }, day(1))
    expect(book.read('B').name).toBeUndefined()
  })

  it('distinguishes an absent fact from an empty one', () => {
    const book = accountBook(scope)
    book.note('A', { ...NOTHING, email: null }, day(1))
    book.note('A', NOTHING, day(2))
    expect(book.read('A')).toEqual({ id: 'A', ...NOTHING, email: null })
  })

  it('replaces an unreadable fact with a value from any row, however old the row', () => {
    const book = accountBook(scope)
    const bad = new Unreadable('$.data[0].account.name')
    book.note('A', { ...NOTHING, name: null }, day(9))
    book.note('A', { ...NOTHING, name: bad }, day(2))
    book.note('A', { ...NOTHING, name: null }, day(10))
    expect(book.read('A').name).toBe(bad)
    book.note('A', { ...NOTHING, name: 'Main' }, day(1))
    book.note('A', { ...NOTHING, name: bad }, day(11))
    expect(book.read('A').name).toBe('Main')
  })

  it('keeps the newest non-null fact, whatever the order of the rows', () => {
    const value = fc.constantFrom(undefined, null, 'a', 'b', 'c')
    const rows = fc.uniqueArray(fc.record({ value, on: fc.integer({ min: 1, max: 28 }) }), {
      selector: ({ on }) => on,
      maxLength: 8,
    })
    fc.assert(
      fc.property(rows, (given) => {
        const book = accountBook(scope)
        for (const { value: phone, on } of given) book.note('A', { ...NOTHING, phone }, day(on))
        const newestFirst = given.toSorted((a, b) => b.on - a.on).map((row) => row.value)
        const isSaid = newestFirst.some((said) => said !== undefined)
        expect(book.read('A').phone).toBe(newestFirst.find((said) => said != null) ?? (isSaid ? null : undefined))
      }),
    )
  })
})
