import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { readPage } from '../support/markdown.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PAGE = readPage('docs/typed-client.md')
const SCHEMA = 'node_modules/singapay-payment-link-gateway/schema/schema.graphql'
const GENERATE_TIMEOUT_MS = 60_000

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

describe('a project that generates its own typed client', () => {
  it(
    'a project gets the same client from what docs/typed-client.md says to copy and install',
    () => {
      const project = projectWith(installed())
      const { status, stderr } = generateIn(project)
      expect([status, stderr]).toEqual([0, expect.any(String)])
      const path = 'src/client/graphql.ts'
      expect(readFileSync(join(project, path), 'utf8')).toBe(readFileSync(join(ROOT, path), 'utf8'))
    },
    GENERATE_TIMEOUT_MS,
  )

  it(
    'a project learns which typescript it needs when its own has no compiler API',
    () => {
      const project = projectWith(installed().filter((name) => name !== 'typescript'))
      const typescript = join(project, 'node_modules/typescript')
      mkdirSync(typescript)
      writeFileSync(join(typescript, 'package.json'), '{"name":"typescript","version":"7.0.2","main":"index.cjs"}')
      writeFileSync(join(typescript, 'index.cjs'), 'module.exports = { version: "7.0.2" }')
      const { status, stdout, stderr } = generateIn(project)
      expect([status, `${stdout}${stderr}`]).toEqual([1, expect.stringContaining('typescript 6 is needed here')])
    },
    GENERATE_TIMEOUT_MS,
  )

  it('finds the tested typescript version on the page', () => {
    expect(PAGE).toContain(`\`typescript\` 6 (tried: ${manifest.devDependencies.typescript})`)
    expect(PAGE).toContain(`\`${SCHEMA}\``)
  })
})

/** A folder with the files that the page says to copy, and the given packages. */
function projectWith(packages: readonly string[]): string {
  const project = mkdtempSync(join(tmpdir(), 'typed-'))
  folders.push(project)
  for (const path of ['schema/operations', 'scripts/codegen-operations.mjs']) {
    cpSync(join(ROOT, path), join(project, path), { recursive: true })
  }
  const config = readFileSync(join(ROOT, 'codegen.yml'), 'utf8')
  writeFileSync(join(project, 'codegen.yml'), config.replace('schema: schema/schema.graphql', `schema: ${SCHEMA}`))
  writeFileSync(join(project, 'package.json'), '{"type":"module"}')
  mkdirSync(join(project, 'node_modules'))
  for (const name of packages) symlinkSync(join(ROOT, 'node_modules', name), join(project, 'node_modules', name))
  symlinkSync(ROOT, join(project, 'node_modules/singapay-payment-link-gateway'))
  return project
}

function installed(): string[] {
  return readdirSync(join(ROOT, 'node_modules')).filter((name) => !name.startsWith('.'))
}

function generateIn(project: string) {
  const bin = join(ROOT, 'node_modules/@graphql-codegen/cli/esm/bin.js')
  // With the variables of a test run in its environment, the generator prints nothing.
  const env = { PATH: process.env['PATH'] ?? '' }
  return spawnSync(process.execPath, [bin, '--config', 'codegen.yml'], { cwd: project, encoding: 'utf8', env })
}
