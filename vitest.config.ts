import { defineConfig } from 'vitest/config'

/** Files that count what the process holds open or weigh its memory: what another file left would be in their figures. */
const ALONE = ['test/faults/**/*.test.ts', 'test/upstream/leaks.test.ts', 'test/upstream/transport.test.ts']

export default defineConfig({
  // type-graphql must meet the same graphql as the tests do, or graphql refuses "another module or realm".
  resolve: { alias: { graphql: 'graphql/index.js' } },
  test: {
    // Vitest leaves one core idle; half of the tests' time is waiting.
    maxWorkers: '100%',
    globalSetup: ['test/support/built.mjs'],
    setupFiles: ['test/support/setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Only a machine that is busy needs it.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      // One process after another file's: nothing in src/ is kept at module level, and setup.ts looks that nothing stays open.
      { extends: true, test: { name: 'together', isolate: false, include: ['test/**/*.test.ts'], exclude: ALONE } },
      { extends: true, test: { name: 'alone', include: ALONE } },
    ],
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
