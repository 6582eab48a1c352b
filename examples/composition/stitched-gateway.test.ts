import { startOrdersSubschema } from './orders-subschema.js'
import { startStitchedGateway } from './stitched-gateway.js'
import { itKeepsItsPromises } from './support/promises.js'

itKeepsItsPromises('stitching', {
  startOrders: startOrdersSubschema,
  startGateway: (links, orders) => startStitchedGateway([links, orders]),
})

itKeepsItsPromises('stitching with batch: true', {
  startOrders: startOrdersSubschema,
  startGateway: (links, orders) => startStitchedGateway([links, orders], true),
})
