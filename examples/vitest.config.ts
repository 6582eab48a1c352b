import { defineConfig } from 'vitest/config'
import { relayGraphqlTag } from './relay/graphql-tag.vite.js'

export default defineConfig({
  plugins: [relayGraphqlTag()],
  // Clients, gateways and tests must share one copy of graphql, or it reports "another module or realm".
  resolve: { alias: { graphql: 'graphql/index.js' } },
  test: {
    include: ['**/*.test.{ts,tsx}'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
