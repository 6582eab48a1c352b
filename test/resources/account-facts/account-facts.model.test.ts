import { describe, expect, it } from 'vitest'
import { Unreadable } from '../../../src/kernel/unreadable.js'
import { type AccountFacts, mergeAccountFacts } from '../../../src/resources/account-facts/account-facts.model.js'

const facts = (name: string | null | undefined): AccountFacts => ({
  name,
  email: undefined,
  phone: undefined,
  status: undefined,
})

describe('mergeAccountFacts', () => {
  it.each([
    ['old', 'new', 'new'],
    ['old', null, 'old'],
    ['old', undefined, 'old'],
    [null, 'new', 'new'],
    [undefined, 'new', 'new'],
    [null, undefined, null],
    [undefined, null, null],
    [undefined, undefined, undefined],
  ])('merges the fact %j and a newer %j to %j', (known, newer, agreed) => {
    expect(mergeAccountFacts(facts(known), facts(newer))).toEqual(facts(agreed))
  })

  it('prefers a value to an unreadable fact, and an unreadable fact to an empty one', () => {
    const bad = new Unreadable('$.data.account.name')
    const merged = (known: AccountFacts['name'], newer: AccountFacts['name']) =>
      mergeAccountFacts({ ...facts('x'), name: known }, { ...facts('x'), name: newer }).name
    expect([
      merged('old', bad),
      merged(bad, 'new'),
      merged(bad, null),
      merged(null, bad),
      merged(undefined, bad),
    ]).toEqual(['old', 'new', bad, bad, bad])
  })

  it('merges each fact of an account on its own', () => {
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
