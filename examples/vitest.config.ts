import { defineConfig } from 'vitest/config'
import { relayGraphqlTag } from './relay/graphql-tag.vite.js'

export default defineConfig({
  plugins: [relayGraphqlTag()],
  // Clients, gateways and the tests must meet the same graphql, or graphql refuses "another module or realm".
  resolve: { alias: { graphql: 'graphql/index.js' } },
  test: {
    include: ['**/*.test.{ts,tsx}'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
