import { expect } from 'vitest'
import type { TestGateway } from '../../support/gateway.js'

export type ReadLink = Readonly<Record<string, unknown>> & { readonly id: string }
/** Reads links of one account, each with the given selection set. Returns them in the order of the ids. */
export type LinkRead = (
  gateway: TestGateway,
  accountId: string,
  ids: readonly string[],
  selection: string,
) => Promise<ReadLink[]>

/** Runs an operation that must not give any error. */
export async function dataOf(gateway: TestGateway, query: string, variables: object = {}): Promise<object> {
  const { data, errors } = await gateway.request<object, object>(query, variables)
  expect(errors).toBeUndefined()
  return data ?? {}
}

/** A read for each way from the schema to a link, by the name of its root field. */
export const LINK_READS = {
  paymentLink: async (gateway, accountId, ids, selection) => {
    const fields = ids.map((id) => `l${id}: paymentLink(accountId: "${accountId}", id: "${id}") ${selection}`)
    return Object.values(await dataOf(gateway, `{ ${fields.join('\n')} }`))
  },
  paymentLinksByKeys: async (gateway, accountId, ids, selection) => {
    const query = `query ($keys: [PaymentLinkKey!]!) { paymentLinksByKeys(keys: $keys) ${selection} }`
    return Object.values(await dataOf(gateway, query, { keys: ids.map((id) => ({ accountId, id })) })).flat()
  },
  _entities: async (gateway, accountId, ids, selection) => {
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on PaymentLink ${selection} } }`
    const of = ids.map((id) => ({ __typename: 'PaymentLink', accountId, id }))
    return Object.values(await dataOf(gateway, query, { of })).flat()
  },
  paymentLinks: async (gateway, accountId, ids, selection) => {
    const pages = [0, 100, 200].map(
      (offset) =>
        `p${offset}: paymentLinks(accountId: "${accountId}", first: 100, offset: ${offset}) { nodes ${selection} }`,
    )
    const found: { nodes: ReadLink[] }[] = Object.values(await dataOf(gateway, `{ ${pages.join('\n')} }`))
    const byId = new Map(found.flatMap(({ nodes }) => nodes.map((link) => [link.id, link])))
    return ids.map((id) => byId.get(id) as ReadLink)
  },
} satisfies Readonly<Record<string, LinkRead>>
