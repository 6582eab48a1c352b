import { expect } from 'vitest'
import { PaymentLinksDocument, type PaymentLinksQueryVariables } from '../../../src/client/graphql.js'
import type { TestGateway } from '../../support/gateway.js'

/** Accounts of the sandbox's seed: with 200, 47, 7 and 0 links; one of another merchant; one that does not exist. */
export const MAIN = '01HZ7N9K3R0F2QW3X4Y5Z6V7AB'
export const MIDDLE = '01K7P073Q8RE2A9PQT8Q7MXPN4'
export const SMALL = '01K9B2V4X6Z8C0E1G3J5M7P9R2'
export const EMPTY = '01KA0D5F7H9K1N3Q5S7V9X1Z3B'
export const FOREIGN = '01K3F6H9K2N5Q8T1W4Y7A0C3E6'
export const UNKNOWN = '01HZ7N9K3R0F2QW3X4Y5Z6V7ZZ'

/** Newest first. */
export const storedIds = ({ sandbox }: TestGateway, accountId: string): string[] =>
  sandbox.linksOf(accountId).map((link) => String(link.id))

/** One page; fails on any error. */
export async function pageOf(gateway: TestGateway, variables: PaymentLinksQueryVariables) {
  const { data, errors } = await gateway.request(PaymentLinksDocument, variables)
  expect(errors).toBeUndefined()
  const page = data?.paymentLinks
  if (!page) throw new Error('no page')
  return { ...page, ids: page.edges.map((edge) => edge?.node?.id ?? null) }
}

export type Way = 'forward' | 'backward' | 'offset'

/** Walks a whole list and returns the ids in the list's order. */
export async function walk(
  gateway: TestGateway,
  { accountId, way, size }: { readonly accountId: string; readonly way: Way; readonly size: number },
  between: () => void = () => {},
): Promise<(string | null)[]> {
  const seen: (string | null)[] = []
  let cursor: string | null = null
  for (let step = 0; step < 250; step += 1) {
    if (way === 'forward') {
      const page = await pageOf(gateway, { accountId, first: size, after: cursor })
      seen.push(...page.ids)
      if (!page.pageInfo.hasNextPage) return seen
      cursor = page.pageInfo.endCursor ?? null
    } else if (way === 'backward') {
      const page = await pageOf(gateway, { accountId, last: size, before: cursor })
      seen.unshift(...page.ids)
      if (!page.pageInfo.hasPreviousPage) return seen
      cursor = page.pageInfo.startCursor ?? null
    } else {
      const page = await pageOf(gateway, { accountId, first: size, offset: seen.length })
      seen.push(...page.ids)
      if (!page.pageInfo.hasNextPage) return seen
    }
    between()
  }
  throw new Error('the walk does not end')
}
