import { signToken } from '../../support/token.js'
import type { CallerHeaders } from '../caller-headers.js'
import { post } from '../http-executor.js'
import type { LinkKey, Order } from '../orders.js'
import type { Service } from '../serve.js'
import { type CountedGateway, startCountedGateway } from './counted-gateway.js'

/** A way to compose: how to serve the orders, and how to start the gateway in front of both. */
export interface Way {
  startOrders(orders: readonly Order[]): Promise<Service>
  startGateway(linksUrl: string, ordersUrl: string): Promise<Service>
}

/** The gateway, orders that refer to its links, and a graph composed of both, all over HTTP. */
export interface ComposedGraph extends Pick<CountedGateway, 'countCalls' | 'control'> {
  /** The payment-link gateway behind the graph. */
  readonly linksUrl: string
  readonly url: string
  /** The links of orders `0` to `49`, in that order: 25 of each account in `GRANTED`. */
  readonly keys: readonly LinkKey[]
  /** Orders of 97 more links. */
  readonly moreOrderIds: readonly string[]
  stop(): Promise<void>
}

/** Accounts of the sandbox with 200 and 47 links, and one with 7 that the usual token does not grant. */
export const GRANTED = ['01HZ7N9K3R0F2QW3X4Y5Z6V7AB', '01K7P073Q8RE2A9PQT8Q7MXPN4'] as const
export const UNGRANTED = '01K9B2V4X6Z8C0E1G3J5M7P9R2'

export function callerOf(accounts: readonly string[] | '*'): CallerHeaders {
  return { authorization: `Bearer ${signToken({ accounts, scope: 'payment-links:read payment-links:write' })}` }
}

export async function startComposedGraph(way: Way, env: Readonly<Record<string, string>> = {}): Promise<ComposedGraph> {
  const links = await startCountedGateway(env)
  const rows = await Promise.all(GRANTED.map((accountId) => readKeys(links.url, accountId, 100)))
  const keys = rows.flatMap((ofAccount) => ofAccount.slice(0, 25))
  const more = rows
    .flatMap((ofAccount) => ofAccount.slice(25))
    .map((key, index) => orderOf(`more-${index}`, key, GRANTED[0]))
  const [ungranted = null] = await readKeys(links.url, UNGRANTED, 1)
  const orders = await way.startOrders([
    ...keys.map((paymentLink, index) => orderOf(String(index), paymentLink, paymentLink.accountId)),
    ...more,
    orderOf('link-gone', { accountId: GRANTED[0], id: '999999' }, GRANTED[0]),
    orderOf('not-granted', ungranted, UNGRANTED),
    orderOf('at-the-counter', null, GRANTED[1]),
  ])
  const gateway = await way.startGateway(links.url, orders.url)
  return {
    linksUrl: links.url,
    url: gateway.url,
    keys,
    moreOrderIds: more.map(({ id }) => id),
    countCalls: links.countCalls,
    control: links.control,
    stop: async () => {
      await gateway.stop()
      await orders.stop()
      await links.stop()
    },
  }
}

function orderOf(id: string, paymentLink: LinkKey | null, accountId: string): Order {
  return { id, total: '20000.00', paymentLink, account: { id: accountId } }
}

async function readKeys(url: string, accountId: string, first: number): Promise<LinkKey[]> {
  const query =
    'query ($accountId: ID!, $first: Int) { paymentLinks(accountId: $accountId, first: $first) { nodes { accountId id } } }'
  const { data } = await post<{ paymentLinks: { nodes: LinkKey[] } }>(
    url,
    { query, variables: { accountId, first } },
    callerOf('*'),
  )
  return data?.paymentLinks.nodes ?? []
}
