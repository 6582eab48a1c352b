import { startApolloGateway } from '../apollo-gateway.js'
import type { CallerHeaders } from '../caller-headers.js'
import { startHiveGateway } from '../hive-gateway.js'
import { post } from '../http-executor.js'
import type { Stock } from '../one-answer/arguments.js'
import { startOrdersSubgraph } from '../orders-subgraph.js'
import { startOrdersSubschema } from '../orders-subschema.js'
import { startStitchedGateway } from '../stitched-gateway.js'
import { composeSupergraph } from '../supergraph.js'
import { callerOf, GRANTED, startComposedGraph, UNGRANTED } from './composed-graph.js'

/** One gateway, reachable directly and through every graph that includes it. */
export interface FourWays {
  readonly plainUrl: string
  readonly composedUrls: Readonly<Record<string, string>>
  /** What operations can refer to; some of it is unreadable. */
  readonly stock: Stock
  stop(): Promise<void>
}

/** An account of the sandbox without links, and an account that does not exist. */
const EMPTY = '01KA0D5F7H9K1N3Q5S7V9X1Z3B'
const UNKNOWN = '01HZZZZZZZZZZZZZZZZZZZZZZY'

/** A caller who may see every account but one. */
export const callerOfMost = (): CallerHeaders => callerOf([...GRANTED, EMPTY, UNKNOWN])

/** One request may exceed a limit that its parts do not; this test does not compare limits. */
const ROOMY = { MAX_UPSTREAM_CALLS: '2000', MAX_ALIASES: '500' }

export async function startFourWays(): Promise<FourWays> {
  const stitched = await startComposedGraph(
    {
      startOrders: startOrdersSubschema,
      startGateway: (links, orders) => startStitchedGateway([links, orders]),
    },
    ROOMY,
  )
  const orders = await startOrdersSubgraph([])
  const supergraph = await composeSupergraph({ links: stitched.linksUrl, orders: orders.url })
  const federated = await Promise.all([startApolloGateway(supergraph), startHiveGateway(supergraph)])
  // By default only lists carry a link's metadata, and a single request may read lists where its parts would read links singly.
  await stitched.control('PUT', '/behaviour', { showDialect: { metadata: 'present' } })
  for (const { accountId, id } of [1, 3, 26].flatMap((index) => stitched.keys[index] ?? [])) {
    await stitched.control('PUT', `/links/${accountId}/${id}/raw`, { remove: ['reff_no'] })
  }
  return {
    plainUrl: stitched.linksUrl,
    composedUrls: { 'Apollo Gateway': federated[0].url, 'Hive Gateway': federated[1].url, stitching: stitched.url },
    stock: {
      accountIds: [...GRANTED, EMPTY, UNGRANTED, UNKNOWN],
      keys: stitched.keys,
      cursors: await readCursors(stitched.linksUrl, GRANTED[0]),
    },
    stop: async () => {
      for (const service of [...federated, orders, stitched]) await service.stop()
    },
  }
}

async function readCursors(url: string, accountId: string): Promise<string[]> {
  const query = `{ paymentLinks(accountId: "${accountId}", first: 100) { edges { cursor } } }`
  const { data } = await post<{ paymentLinks: { edges: { cursor: string }[] } }>(url, { query }, callerOf('*'))
  const cursors = data?.paymentLinks.edges.map(({ cursor }) => cursor) ?? []
  return cursors.filter((_, index) => index % 33 === 0)
}
