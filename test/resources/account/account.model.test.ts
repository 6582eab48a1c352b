import { describe, expect, it } from 'vitest'
import { type AccountFacts, mergeAccountFacts } from '../../../src/resources/account/account.model.js'

const facts = (name: string | null | undefined): AccountFacts => ({
  name,
  email: undefined,
  phone: undefined,
  status: undefined,
})

describe('two rows of one account', () => {
  it.each([
    ['old', 'new', 'new'],
    ['old', null, 'old'],
    ['old', undefined, 'old'],
    [null, 'new', 'new'],
    [null, undefined, null],
    [undefined, null, null],
    [undefined, undefined, undefined],
  ])('that say %j and then %j agree on %j', (known, newer, agreed) => {
    expect(mergeAccountFacts(facts(known), facts(newer))).toEqual(facts(agreed))
  })

  it('are merged fact by fact', () => {
    const known: AccountFacts = { name: 'Main', email: 'a@example.id', phone: null, status: 'ACTIVE' }
    const newer: AccountFacts = { name: undefined, email: null, phone: '081', status: 'INACTIVE' }
    expect(mergeAccountFacts(known, newer)).toEqual({
      name: 'Main',
      email: 'a@example.id',
      phone: '081',
      status: 'INACTIVE',
    })
  })
})
