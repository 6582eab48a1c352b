// Hive Gateway: hive-gateway supergraph --config gateway.config.mjs
const FORWARDED = ['authorization', 'x-partner-id', 'x-request-id']

export const gatewayConfig = {
  supergraph: './supergraph.graphql',
  host: '127.0.0.1',
  port: 4100,
  propagateHeaders: {
    fromClientToSubgraphs({ request, subgraphName }) {
      // Composing writes names in capitals and with underscores.
      if (!/^payment[-_]links$/i.test(subgraphName)) return {}
      const given = FORWARDED.map((name) => [name, request.headers.get(name)])
      return Object.fromEntries(given.filter(([, value]) => value !== null))
    },
  },
}
