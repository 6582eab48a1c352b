import { defineConfig } from 'vitest/config'

export default defineConfig({
  // type-graphql must meet the same graphql as the tests do, or graphql refuses "another module or realm".
  resolve: { alias: { graphql: 'graphql/index.js' } },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/built-page.mjs'],
    setupFiles: ['test/support/setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      // Generated; and what only runs in a process of its own, which the tests under test/e2e start.
      exclude: ['src/client/**', 'src/main.ts'],
      reporter: ['text'],
      reportOnFailure: true,
    },
  },
})
