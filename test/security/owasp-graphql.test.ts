import { beforeAll, describe, expect, it } from 'vitest'
import { gatewayOfFile } from '../support/gateway.js'

/** Bullets of the OWASP GraphQL cheat sheet that admission and the limits answer. */
const gateway = gatewayOfFile()
let accountId: string
beforeAll(() => {
  accountId = gateway.sandbox.accounts[0]?.id ?? ''
})

async function expectRefused(query: string, code: string): Promise<void> {
  const { errors } = await gateway.ask(query)
  expect(errors?.map(({ extensions }) => extensions.code)).toEqual([code])
  expect(gateway.sandbox.log.count()).toBe(0)
}

describe('OWASP GraphQL cheat sheet', () => {
  it('DoS prevention, depth limiting: a circle of types is cut at 12', async () => {
    const circle = 'nodes { account { paymentLinks(first: 1) { '
    const query = `{ paymentLinks(accountId: "${accountId}", first: 1) { ${circle.repeat(5)} totalCount ${'} } }'.repeat(5)} } }`
    await expectRefused(query, 'QUERY_TOO_COMPLEX')
  })

  it.each([101, 1_000_000, -1, 0])('DoS prevention, amount limiting: first: %i is refused', async (first) => {
    await expectRefused(`{ paymentLinks(accountId: "${accountId}", first: ${first}) { totalCount } }`, 'BAD_USER_INPUT')
  })

  it('DoS prevention, pagination: a list without arguments gives 25 rows of 200', async () => {
    const { data } = await gateway.ask<{ paymentLinks: { nodes: unknown[]; totalCount: number } }, unknown>(
      `{ paymentLinks(accountId: "${accountId}") { totalCount nodes { id } } }`,
    )
    expect([data?.paymentLinks.nodes.length, data?.paymentLinks.totalCount]).toEqual([25, 200])
  })

  it('DoS prevention, query cost analysis: lists in lists are weighed before they are read', async () => {
    const inner = 'nodes { account { paymentLinks(first: 100) { nodes { id } } } }'
    await expectRefused(`{ paymentLinks(accountId: "${accountId}", first: 100) { ${inner} } }`, 'QUERY_TOO_COMPLEX')
  })

  it('DoS prevention, query cost analysis: 2^30 rows through fragments are weighed before they are read', async () => {
    const fragments = Array.from({ length: 30 }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)
    const last = `fragment F30 on Query { paymentLinks(accountId: "${accountId}") { totalCount } }`
    await expectRefused(`{ ...F0 } ${fragments.join(' ')} ${last}`, 'QUERY_TOO_COMPLEX')
  })

  it('DoS prevention: fragments that go round in circles are invalid, and end', async () => {
    await expectRefused(
      '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }',
      'GRAPHQL_VALIDATION_FAILED',
    )
  })

  it('batching attacks: one mutation under many aliases is weighed as so many', async () => {
    const update = `updatePaymentLink(input: { accountId: "${accountId}", id: "1" }) { userErrors { code } }`
    const query = `mutation { ${Array.from({ length: 20 }, (_, n) => `m${n}: ${update}`).join(' ')} }`
    await expectRefused(query, 'QUERY_TOO_COMPLEX')
  })

  it('batching attacks: guessing ids by aliases ends at 60 a request', async () => {
    const guesses = Array.from(
      { length: 61 },
      (_, n) => `g${n}: paymentLink(accountId: "${accountId}", id: "${n + 1}") { id }`,
    )
    await expectRefused(`{ ${guesses.join(' ')} }`, 'QUERY_TOO_COMPLEX')
  })

  it('input validation: what is far too deep to parse is refused, not crashed on', async () => {
    await expectRefused(`{ account(id: ${'['.repeat(1_900)}${']'.repeat(1_900)}) { id } }`, 'QUERY_TOO_COMPLEX')
    await expectRefused(`{ ${'a { '.repeat(1_300)}`, 'QUERY_TOO_COMPLEX')
  })

  it('error handling: a thousand mistakes are not a thousand errors', async () => {
    const mistakes = Array.from({ length: 1_000 }, (_, n) => `no${n}`)
    const { errors, text } = await gateway.ask(`{ account(id: "${accountId}") { ${mistakes.join(' ')} } }`)
    expect(errors?.length).toBeLessThanOrEqual(26)
    expect(text.length).toBeLessThan(20_000)
  })
})
