// Hive Gateway finds this file by its name: hive-gateway supergraph
// x-partner-id is needed only with AUTH_MODE=passthrough.
const FORWARDED = ['authorization', 'x-partner-id', 'x-request-id']

export const gatewayConfig = {
  supergraph: './supergraph.graphql',
  host: '127.0.0.1',
  port: 4100,
  propagateHeaders: {
    fromClientToSubgraphs({ request, subgraphName }) {
      if (subgraphName !== 'payment-links') return {}
      const given = FORWARDED.map((name) => [name, request.headers.get(name)])
      return Object.fromEntries(given.filter(([, value]) => value !== null))
    },
  },
}
