import { describe, expect, it } from 'vitest'
import { PaymentLinksDocument, type PaymentLinksQueryVariables } from '../../../src/client/graphql.js'
import { gatewayOfFile } from '../../support/gateway.js'
import { FOREIGN, MAIN, MIDDLE, pageOf, SMALL, storedIds, UNKNOWN } from './walking.js'

const gateway = gatewayOfFile()

describe('the arguments of paymentLinks', () => {
  const cases: [string, Omit<PaymentLinksQueryVariables, 'accountId'>, RegExp][] = [
    ['first with last', { first: 5, last: 5 }, /either first or last.*first: 5, last: 5/],
    ['first: 0', { first: 0 }, /first.*1 to 100.*got: 0/],
    ['first: 101', { first: 101 }, /first.*1 to 100.*got: 101/],
    ['first: -1', { first: -1 }, /first.*1 to 100.*got: -1/],
    ['last: 0', { last: 0 }, /last.*1 to 100.*got: 0/],
    ['last: 101', { last: 101 }, /last.*1 to 100.*got: 101/],
    ['offset: -1', { offset: -1 }, /offset.*from 0 to.*got: -1/],
    ['offset with after', { offset: 0, after: 'x' }, /offset.*first only.*got.*after/],
    ['offset with before', { offset: 0, before: 'x' }, /offset.*first only.*got.*before/],
    ['offset with last', { offset: 0, last: 3 }, /offset.*first only.*got.*last/],
    ['a garbage cursor', { after: 'garbage' }, /after must be a cursor.*got: "garbage"/],
    ['an empty cursor', { before: '' }, /before must be a cursor.*got: ""/],
  ]

  it.each(cases)('refuses %s, and says what was expected and what was given', async (_name, args, message) => {
    gateway.sandbox.log.clear()
    const { data, errors, status } = await gateway.request(PaymentLinksDocument, { accountId: MAIN, ...args })
    expect(status).toBe(200)
    expect(data).toEqual({ paymentLinks: null })
    expect(errors).toEqual([
      {
        message: expect.stringMatching(message),
        locations: expect.anything(),
        path: ['paymentLinks'],
        extensions: { code: 'BAD_USER_INPUT', retryable: false, requestId: expect.any(String) },
      },
    ])
    expect(gateway.sandbox.log.count('list')).toBe(0)
  })

  it('refuses a cursor that is of another account, truncated or altered', async () => {
    const cursor = (await pageOf(gateway, { accountId: MIDDLE, first: 1 })).pageInfo.endCursor as string
    for (const [accountId, after] of [
      [MAIN, cursor],
      [MIDDLE, cursor.slice(0, -2)],
      [MIDDLE, `${cursor}A`],
      [MIDDLE, `${cursor}=`],
      [MIDDLE, cursor.toLowerCase()],
    ] as const) {
      const { errors } = await gateway.request(PaymentLinksDocument, { accountId, after })
      expect(errors?.[0]?.extensions.code, after).toBe('BAD_USER_INPUT')
      expect(errors?.[0]?.message).toMatch(/^after must be a cursor .*but got/)
    }
  })

  it.each([['not-a-ulid'], [MAIN.toLowerCase()], ['payment-methods'], [`${MAIN}/1`], ['']])(
    'refuses the account id %j before anything is sent',
    async (accountId) => {
      gateway.sandbox.log.clear()
      const { data, errors } = await gateway.request(PaymentLinksDocument, { accountId })
      expect(data).toEqual({ paymentLinks: null })
      expect(errors).toMatchObject([{ path: ['paymentLinks'], extensions: { code: 'BAD_USER_INPUT' } }])
      expect(gateway.sandbox.log.count()).toBe(0)
    },
  )
})

describe('accounts that cannot be read', () => {
  const everything = `query ($id: ID!) {
    paymentLinks(accountId: $id) { nodes { id } }
    account(id: $id) { id }
    paymentLink(accountId: $id, id: "103") { id }
  }`

  it('returns NOT_FOUND for the links of a missing account, and null for the account itself', async () => {
    const { data, errors } = await gateway.request<object, object>(everything, { id: UNKNOWN })
    expect(data).toEqual({ paymentLinks: null, account: null, paymentLink: null })
    expect(errors).toMatchObject([{ path: ['paymentLinks'], extensions: { code: 'NOT_FOUND', retryable: false } }])
  })

  it.each(['sp403', 'noCode', 'spEnvelope'] as const)(
    "returns FORBIDDEN for another merchant's account: %s",
    async (forbiddenAs) => {
      gateway.sandbox.behaviour.change({ forbiddenAs })
      const { data, errors, text } = await gateway.request<object, object>(everything, { id: FOREIGN })
      expect(data).toEqual({ paymentLinks: null, account: null, paymentLink: null })
      expect(errors?.map(({ path, extensions }) => [path?.[0], extensions.code]).sort()).toEqual([
        ['account', 'FORBIDDEN'],
        ['paymentLink', 'FORBIDDEN'],
        ['paymentLinks', 'FORBIDDEN'],
      ])
      expect(text).not.toContain('SP403')
    },
  )

  it('reads an account of seven links', async () => {
    expect((await pageOf(gateway, { accountId: SMALL, last: 100 })).ids).toEqual(storedIds(gateway, SMALL))
  })
})
