// `node .ci/count-tests.mjs <reports of vitest's json reporter>`: prints the total `N passed, N failed`. Exits with 1 if a test was
// skipped or a report has no passed test, because neither proves anything.
import { readFileSync } from 'node:fs'

const reports = process.argv.slice(2).map((path) => JSON.parse(readFileSync(path, 'utf8')))
const passed = sum(reports.map(({ numPassedTests }) => numPassedTests))
const skipped = sum(reports.map(({ numPendingTests, numTodoTests }) => numPendingTests + numTodoTests))
const failed = sum(
  reports.flatMap(({ testResults }) =>
    testResults.map(({ status, assertionResults }) => {
      const count = assertionResults.filter((test) => test.status === 'failed').length
      // A file that cannot be loaded is reported as failed, but has no failed test.
      return count === 0 && status === 'failed' ? 1 : count
    }),
  ),
)

console.log(`${passed} passed, ${failed} failed`)
if (skipped > 0) console.error(`${skipped} tests were skipped, but every test must run here.`)
if (skipped > 0 || reports.length === 0 || reports.some(({ numPassedTests }) => numPassedTests === 0)) process.exit(1)

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0)
}
