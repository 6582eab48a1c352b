// `node .ci/count-tests.mjs <report of vitest's json reporter>`: prints `N passed, N failed`; exits with 1 when a test was
// skipped or none ran, because neither shows anything.
import { readFileSync } from 'node:fs'

const { numPassedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const failures = testResults.map(({ status, assertionResults }) => {
  const failed = assertionResults.filter((test) => test.status === 'failed').length
  // A file that cannot be loaded fails without a single failed test.
  return failed === 0 && status === 'failed' ? 1 : failed
})
const failed = failures.reduce((sum, count) => sum + count, 0)
const skipped = numPendingTests + numTodoTests

console.log(`${numPassedTests} passed, ${failed} failed`)
if (skipped > 0) console.error(`${skipped} tests were skipped: every test runs here.`)
if (skipped > 0 || numPassedTests === 0) process.exit(1)
