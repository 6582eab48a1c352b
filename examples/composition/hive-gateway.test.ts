import { startHiveGateway } from './hive-gateway.js'
import { startOrdersSubgraph } from './orders-subgraph.js'
import { composeSupergraph } from './supergraph.js'
import { itKeepsItsPromises } from './support/promises.js'

itKeepsItsPromises('Hive Gateway', {
  startOrders: startOrdersSubgraph,
  startGateway: async (links, orders) => startHiveGateway(await composeSupergraph({ links, orders })),
})
