import type { Gateway } from '../../support/gateway.js'

/** Calls the gateway without the page, to check what the page shows and to act as another writer. */
export async function ask<T>(gateway: Gateway, query: string, variables: object = {}): Promise<T> {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await response.json()) as { data: T; errors?: readonly unknown[] }
  if (errors !== undefined) throw new Error(JSON.stringify(errors))
  return data
}

export interface LinkState {
  readonly id: string
  readonly title: string | null
  readonly status: string
  readonly maxUsage: number
  readonly redirectUrl: string | null
  readonly requiredCustomerDetail: boolean
  readonly expiredAt: string | null
  readonly version: string
}

const STATE = 'id title status maxUsage redirectUrl requiredCustomerDetail expiredAt version'

export async function askLink(gateway: Gateway, accountId: string, id: string): Promise<LinkState> {
  const query = `query ($accountId: ID!, $id: ID!) { paymentLink(accountId: $accountId, id: $id) { ${STATE} } }`
  return (await ask<{ paymentLink: LinkState }>(gateway, query, { accountId, id })).paymentLink
}

export async function askLinks(gateway: Gateway, accountId: string, offset = 0): Promise<readonly LinkState[]> {
  const query = `query ($accountId: ID!, $offset: Int) {
    paymentLinks(accountId: $accountId, first: 5, offset: $offset) { nodes { ${STATE} } }
  }`
  const data = await ask<{ paymentLinks: { nodes: LinkState[] } }>(gateway, query, { accountId, offset })
  return data.paymentLinks.nodes
}

export async function updateBehindThePage(gateway: Gateway, input: object): Promise<void> {
  const query =
    'mutation ($input: UpdatePaymentLinkInput!) { updatePaymentLink(input: $input) { userErrors { message } } }'
  await ask(gateway, query, { input })
}
