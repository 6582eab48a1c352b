import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const SCRIPT = fileURLToPath(new URL('../../.ci/count-tests.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'count-tests-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(status: 'passed' | 'failed', ...tests: ('passed' | 'failed' | 'skipped')[]) {
  return { status, assertionResults: tests.map((test) => ({ status: test })) }
}

/** Runs the script on one report of these files. */
function count(...testResults: ReturnType<typeof file>[]) {
  return countReports(testResults)
}

/** Runs the script on several reports in the format of vitest's json reporter. */
function countReports(...reports: ReturnType<typeof file>[][]) {
  const paths = reports.map((testResults, index) => {
    const path = join(folder, `${index}.json`)
    writeFileSync(path, JSON.stringify(toReport(testResults)))
    return path
  })
  const { status, stdout } = spawnSync(process.execPath, [SCRIPT, ...paths], { encoding: 'utf8' })
  return { status, stdout }
}

function toReport(testResults: ReturnType<typeof file>[]) {
  const statuses = testResults.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status))
  return {
    numPassedTests: statuses.filter((status) => status === 'passed').length,
    numPendingTests: statuses.filter((status) => status === 'skipped').length,
    numTodoTests: 0,
    testResults,
  }
}

describe('the closing line of .ci/run', () => {
  it('counts passed and failed tests', () => {
    const counted = count(file('passed', 'passed', 'passed'), file('failed', 'passed', 'failed'))
    expect(counted).toEqual({ status: 0, stdout: '3 passed, 1 failed\n' })
  })

  it('counts a file that cannot be loaded as failed', () => {
    expect(count(file('passed', 'passed'), file('failed'))).toEqual({ status: 0, stdout: '1 passed, 1 failed\n' })
  })

  it('adds up the tests of several reports', () => {
    const counted = countReports([file('passed', 'passed')], [file('failed', 'passed', 'failed'), file('failed')])
    expect(counted).toEqual({ status: 0, stdout: '2 passed, 2 failed\n' })
  })

  it('exits with 1 when one of several reports has no test', () => {
    expect(countReports([file('passed', 'passed')], []).status).toBe(1)
  })

  it.each([
    ['a test was skipped', [file('passed', 'passed', 'skipped')]],
    ['no test ran', []],
  ])('exits with 1 when %s', (_when, files) => {
    expect(count(...files).status).toBe(1)
  })
})
