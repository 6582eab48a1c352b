import { describe, expect, it } from 'vitest'
import { type AccountFacts, mergeAccountFacts } from '../../../src/resources/account/account.model.js'
import { parseAccountFacts } from '../../../src/resources/account/account.wire.js'

const NOTHING: AccountFacts = { name: undefined, email: undefined, phone: undefined, status: undefined }

describe('parseAccountFacts', () => {
  it('reads the documented account of [seed:show]', () => {
    const account = {
      id: '01K7P073Q8RE2A9PQT8Q7MXPN4',
      name: 'Moh. Zulkifli Katili',
      email: 'tes@gmail.com',
      phone: '08123993201',
      status: 'active',
    }
    expect(parseAccountFacts(account, '$')).toStrictEqual({
      name: 'Moh. Zulkifli Katili',
      email: 'tes@gmail.com',
      phone: '08123993201',
      status: 'ACTIVE',
    })
  })

  it('claims nothing that [seed:update] does not say, and ignores its integer id', () => {
    expect(parseAccountFacts({ id: 1, name: 'Account 1' }, '$')).toStrictEqual({ ...NOTHING, name: 'Account 1' })
  })

  it.each([[undefined], [null], [[]], [{}]])('claims nothing when the account is %j', (account) => {
    expect(parseAccountFacts(account, '$')).toStrictEqual(NOTHING)
  })

  it('names the place of what it cannot read', () => {
    expect(() => parseAccountFacts({ phone: {} }, '$.data[2].account')).toThrow(
      expect.objectContaining({ code: 'UPSTREAM_MALFORMED', jsonPath: '$.data[2].account.phone' }),
    )
  })
})

describe('mergeAccountFacts', () => {
  const facts = (name: string | null | undefined): AccountFacts => ({ ...NOTHING, name })

  it.each([
    ['old', 'new', 'new'],
    ['old', null, 'old'],
    ['old', undefined, 'old'],
    [null, 'new', 'new'],
    [undefined, 'new', 'new'],
    [undefined, null, null],
    [null, undefined, null],
    [undefined, undefined, undefined],
  ])('of %j and a newer %j keeps %j', (known, newer, kept) => {
    expect(mergeAccountFacts(facts(known), facts(newer))).toStrictEqual(facts(kept))
  })
})
