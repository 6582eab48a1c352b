import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime'
import { callerHeaders } from './caller-headers.js'
import { createHttpExecutor } from './http-executor.js'
import type { Service } from './serve.js'

/** Hive Gateway's runtime for a supergraph. */
export async function startHiveGateway(supergraph: string): Promise<Service> {
  const gateway = createGatewayRuntime({
    supergraph,
    propagateHeaders: {
      fromClientToSubgraphs: ({ request }) => callerHeaders((name) => request.headers.get(name)),
    },
    // Usually `@graphql-mesh/transport-http` does this; the executor for stitching works here too.
    transports: {
      http: {
        getSubgraphExecutor: ({ transportEntry: { location = '' } }) =>
          createHttpExecutor(location, ({ extensions }) => extensions?.headers),
      },
    },
    logging: false,
  })
  const server = createServer(gateway).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    stop: async () => {
      server.close()
      server.closeAllConnections()
      await gateway.dispose()
    },
  }
}
