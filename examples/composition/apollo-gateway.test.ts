import { startApolloGateway } from './apollo-gateway.js'
import { startOrdersSubgraph } from './orders-subgraph.js'
import { composeSupergraph } from './supergraph.js'
import { itKeepsItsPromises } from './support/promises.js'

itKeepsItsPromises('Apollo Gateway', {
  startOrders: startOrdersSubgraph,
  startGateway: async (links, orders) => startApolloGateway(await composeSupergraph({ links, orders })),
})
