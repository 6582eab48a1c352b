import { describe, expect, it } from 'vitest'
import type { AccountFacts } from '../../../src/resources/account-facts/account-facts.model.js'
import { parseAccountFacts, refuseForeignRow } from '../../../src/resources/account-facts/account-facts.wire.js'

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

  it('leaves out what the account of [seed:update] does not carry, and ignores its integer id', () => {
    expect(parseAccountFacts({ id: 1, name: 'Account 1' }, '$')).toStrictEqual({ ...NOTHING, name: 'Account 1' })
  })

  it.each([[undefined], [null], [[]], [{}]])('finds no facts in the account %j', (account) => {
    expect(parseAccountFacts(account, '$')).toStrictEqual(NOTHING)
  })

  it('replaces an unreadable fact with an error and its path, and reads the others', () => {
    expect(parseAccountFacts({ name: 'Main', phone: {} }, '$.data[2].account')).toMatchObject({
      name: 'Main',
      phone: { code: 'UPSTREAM_MALFORMED', jsonPath: '$.data[2].account.phone' },
    })
  })

  it.each([['x'], [true], [[1]]])('refuses the account %j', (account) => {
    expect(() => parseAccountFacts(account, '$')).toThrow()
  })

  it.each([[35], ['35'], ['01K7P073Q8RE2A9PQT8Q7MXPN4']])(
    'finds no facts in an account that is only an id: %j',
    (id) => {
      expect(parseAccountFacts(id, '$')).toStrictEqual(NOTHING)
    },
  )
})

describe('refuseForeignRow', () => {
  const OWN = '01K7P073Q8RE2A9PQT8Q7MXPN4'
  const OTHER = '01HZ7N9K3R0F2QW3X4Y5Z6V7AB'
  const check = (fields: Record<string, unknown>) => refuseForeignRow({ fields, path: '$.data[3]' }, OWN)

  it.each<[Record<string, unknown>]>([
    [{}],
    [{ account: null, account_id: null }],
    [{ account: { id: OWN } }],
    [{ account: { id: OWN.toLowerCase() } }],
    [{ account: { id: ` ${OWN}` } }],
    [{ account: OWN, account_id: OWN }],
    [{ account: 35, account_id: 35 }],
    [{ account: { id: 1 }, account_id: '35' }],
    [{ account: { id: '' } }],
    [{ account: [], account_id: '' }],
    [{ account: 'main' }],
    [{ account: [{ id: OWN }], account_id: [OWN] }],
    [{ account: { id: [] } }],
    [{ account: { id: {} }, account_id: true }],
  ])('accepts a row that may belong to the account requested: %j', (fields) => {
    expect(() => check(fields)).not.toThrow()
  })

  it.each<[string, Record<string, unknown>]>([
    ['account.id', { account: { id: OTHER } }],
    ['account.id', { account: { id: OTHER.toLowerCase(), name: 'Main' } }],
    ['account.id', { account: { id: '01OTHERMERCHANT' } }],
    ['account.id', { account: { id: OWN.slice(1) } }],
    ['account', { account: OTHER }],
    ['account_id', { account_id: OTHER }],
    ['account_id', { account: { id: OWN }, account_id: OTHER }],
    ['account_id', { account: 35, account_id: OTHER }],
    // The account detail once came as a list of one [oldest].
    ['account.id', { account: [{ id: OTHER, name: 'Main' }] }],
    ['account.id', { account: [{ id: OWN }, { id: OTHER }] }],
    ['account.id', { account: { id: [OTHER] } }],
    ['account', { account: [OTHER] }],
    ['account_id', { account_id: [OTHER] }],
  ])('refuses a row whose %s names another account: %j', (key, fields) => {
    expect(() => check(fields)).toThrow(
      expect.objectContaining({ code: 'UPSTREAM_MALFORMED', jsonPath: `$.data[3].${key}` }),
    )
  })
})
