import { defineConfig } from 'vitest/config'

/** Files that count open handles or measure memory: leftovers of another file would distort the result. */
const ALONE = ['test/faults/**/*.test.ts', 'test/upstream/leaks.test.ts', 'test/upstream/transport.test.ts']

export default defineConfig({
  // type-graphql and the tests must load the same copy of graphql, which refuses types of "another module or realm".
  resolve: { alias: { graphql: 'graphql/index.js' } },
  test: {
    // Vitest leaves one core idle; half of the tests' time is waiting.
    maxWorkers: '100%',
    globalSetup: ['test/support/built.mjs'],
    setupFiles: ['test/support/setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Needed only on a busy machine.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      // Files share a process: src/ keeps no module-level state, and setup.ts checks that each file closes what it opens.
      { extends: true, test: { name: 'together', isolate: false, include: ['test/**/*.test.ts'], exclude: ALONE } },
      { extends: true, test: { name: 'alone', include: ALONE } },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      // Generated code, and the entry point, which test/e2e runs as a separate process.
      exclude: ['src/client/**', 'src/main.ts'],
      reporter: ['text'],
      reportOnFailure: true,
    },
  },
})
