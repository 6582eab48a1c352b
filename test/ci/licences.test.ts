import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { readPage } from '../support/markdown.js'

const SCRIPT = fileURLToPath(new URL('../../scripts/licences.mjs', import.meta.url))

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

type Entry = Readonly<Record<string, unknown>>

function projectOf(packages: Readonly<Record<string, Entry>>, page = ''): string {
  const root = mkdtempSync(join(tmpdir(), 'licences-'))
  folders.push(root)
  const places = Object.entries(packages).map(([path, entry]) => [
    path && `node_modules/${path}`,
    { version: '1.0.0', ...entry },
  ])
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: Object.fromEntries(places) }))
  mkdirSync(join(root, 'explorer/src'), { recursive: true })
  writeFileSync(join(root, 'explorer/src/main.tsx'), page)
  return root
}

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [SCRIPT, ...args], { encoding: 'utf8' })
}

describe('what this project ships', () => {
  const { status, stdout, stderr } = run()

  it('ships only packages with an allowed licence', () => {
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^MIT \(\d+\)$/m)
  })

  it('counts the server and the page as shipped, but no tools', () => {
    for (const name of ['fastify', 'graphiql', 'monaco-editor'])
      expect(stdout).toMatch(new RegExp(`^  ${name} \\d`, 'm'))
    expect(stdout).not.toMatch(/@apollo\/(subgraph|federation-internals)|typescript |vitest/)
  })

  it('lists every shipped licence in docs/licences.md', () => {
    const parts = [...stdout.matchAll(/^(\S.*) \(\d+\)$/gm)].flatMap(
      ([, licence = '']) => licence.match(/[\w.-]+-?[\d.]*/g) ?? [],
    )
    const named = parts
      .filter((part) => !['AND', 'OR', 'CC0-1.0'].includes(part))
      .map((part) => part.replace(/^BSD-\d.*/, 'BSD'))
    expect(named.length).toBeGreaterThan(5)
    for (const licence of named) expect(readPage('docs/licences.md')).toContain(licence)
  })
})

describe('npm run licences', () => {
  const MIT = { license: 'MIT' }
  const ELASTIC = { license: 'Elastic-2.0' }

  it.each<[string, Readonly<Record<string, Entry>>, string?]>([
    ['of a dependency', { '': { dependencies: { a: '1' } }, a: ELASTIC }],
    [
      'of a transitive dependency',
      { '': { dependencies: { b: '1' } }, b: { ...MIT, dependencies: { a: '1' } }, a: ELASTIC },
    ],
    [
      'of a nested copy of a dependency',
      {
        '': { dependencies: { b: '1' } },
        b: { ...MIT, dependencies: { a: '1' } },
        a: MIT,
        'b/node_modules/a': ELASTIC,
      },
    ],
    [
      'of a peer dependency',
      { '': { dependencies: { b: '1' } }, b: { ...MIT, peerDependencies: { a: '1' } }, a: ELASTIC },
    ],
    ['of a package that the page imports', { '': {}, a: { ...ELASTIC, dev: true } }, "import { x } from 'a/deep'\n"],
    ['that combines two with AND', { '': { dependencies: { a: '1' } }, a: { license: '(MIT AND Elastic-2.0)' } }],
    ['that is missing', { '': { dependencies: { a: '1' } }, a: {} }],
  ])('fails on a forbidden licence %s', (_what, packages, page) => {
    const { status, stderr } = run(projectOf(packages, page))
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^Not to be shipped: a 1\.0\.0 \((.*Elastic-2\.0.*|none named)\)\./),
    ])
  })

  it.each<[string, Readonly<Record<string, Entry>>]>([
    ['a development tool', { '': { devDependencies: { a: '1' } }, a: { ...ELASTIC, dev: true } }],
    ['a choice of licences', { '': { dependencies: { a: '1' } }, a: { license: '(Elastic-2.0 OR MIT)' } }],
    [
      'an optional peer that is not installed',
      { '': { dependencies: { b: '1' } }, b: { ...MIT, peerDependencies: { a: '1' } } },
    ],
  ])('ignores %s', (_what, packages) => {
    expect(run(projectOf(packages)).status).toBe(0)
  })
})
