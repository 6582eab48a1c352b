import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'

const SCRIPT = fileURLToPath(new URL('../../scripts/schema-changes.mjs', import.meta.url))
const RELEASED =
  'type Query { link(id: ID!): Link } type Link { id: ID! title: String status: Status! } enum Status { OPEN }'

const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

interface Project {
  readonly schema: string
  readonly version?: string
  readonly releases?: Readonly<Record<string, string>>
}

function projectOf({ schema, version = '0.2.0', releases = { '0.2.0': RELEASED } }: Project): string {
  const root = mkdtempSync(join(tmpdir(), 'schema-changes-'))
  folders.push(root)
  mkdirSync(join(root, 'schema/releases'), { recursive: true })
  writeFileSync(join(root, 'package.json'), JSON.stringify({ version }))
  writeFileSync(join(root, 'schema/schema.graphql'), schema)
  for (const [name, text] of Object.entries(releases))
    writeFileSync(join(root, `schema/releases/${name}.graphql`), text)
  return root
}

function run(task: 'changes' | 'release', ...root: string[]): { status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, task, ...root], { encoding: 'utf8' })
  return { status, text: stdout + stderr }
}

describe('the schema of this project', () => {
  it('the schema breaks nothing since the last release', () => {
    const { status, text } = run('changes')
    expect([status, text]).toEqual([0, expect.stringMatching(/^Since \d+\.\d+\.\d+: 0 breaking/)])
  })
})

describe('npm run schema:changes', () => {
  const WITHOUT_TITLE = RELEASED.replace('title: String', '')

  it.each([
    ['a removed field', WITHOUT_TITLE, "Field 'title' was removed"],
    ['a new required argument', RELEASED.replace('(id: ID!)', '(id: ID!, of: ID!)'), "Argument 'of: ID!' added"],
    ['a field that becomes nullable', RELEASED.replace('Status!', 'Status'), "changed type from 'Status!' to 'Status'"],
    ['a removed enum value', RELEASED.replace('{ OPEN }', '{ CLOSED }'), "Enum value 'OPEN' was removed"],
  ])('fails on %s, and says what to do', (_change, schema, message) => {
    const { status, text } = run('changes', projectOf({ schema }))
    expect(status).toBe(1)
    expect(text).toContain('BREAKING')
    expect(text).toContain(message)
    expect(text).toContain('mark it @deprecated')
    expect(text).toContain('0.3.0')
  })

  it('reports dangerous changes without failing', () => {
    const { status, text } = run('changes', projectOf({ schema: RELEASED.replace('{ OPEN }', '{ OPEN CLOSED }') }))
    expect([status, text]).toEqual([
      0,
      expect.stringMatching(/0 breaking, 1 dangerous.*\nDANGEROUS {2}Enum value 'CLOSED'/),
    ])
  })

  it('counts safe changes', () => {
    const { status, text } = run(
      'changes',
      projectOf({ schema: `"""A link."""${RELEASED.replace('title', 'note: Int title')}` }),
    )
    expect([status, text]).toEqual([0, 'Since 0.2.0: 0 breaking, 0 dangerous, 2 safe changes.\n'])
  })

  it.each([
    ['0.2.0', '0.2.1', 1],
    ['0.2.0', '0.3.0', 0],
    ['0.2.0', '1.0.0', 0],
    ['1.2.0', '1.3.0', 1],
    ['1.2.0', '2.0.0', 0],
  ])('treats a breaking change after %s in version %s with exit code %i', (last, version, code) => {
    const root = projectOf({ schema: WITHOUT_TITLE, version, releases: { [last]: RELEASED } })
    expect(run('changes', root).status).toBe(code)
  })

  it('compares with the highest release number, not the last file name', () => {
    const root = projectOf({
      schema: RELEASED,
      version: '0.10.0',
      releases: { '0.9.0': WITHOUT_TITLE, '0.10.0': RELEASED },
    })
    expect(run('changes', root).text).toBe('Since 0.10.0: 0 breaking, 0 dangerous, 0 safe changes.\n')
  })
})

describe('npm run schema:release', () => {
  it('stores the schema under the version in package.json', () => {
    const schema = RELEASED.replace('title', 'note: Int title')
    const root = projectOf({ schema, version: '0.2.1' })
    expect(run('release', root).status).toBe(0)
    expect(readFileSync(join(root, 'schema/releases/0.2.1.graphql'), 'utf8')).toBe(schema)
  })

  it('never overwrites a release', () => {
    const root = projectOf({ schema: RELEASED.replace('title', 'note: Int title') })
    expect([run('release', root).status, run('release', root).text]).toEqual([
      1,
      expect.stringContaining('0.2.0 is released already'),
    ])
    expect(readFileSync(join(root, 'schema/releases/0.2.0.graphql'), 'utf8')).toBe(RELEASED)
  })
})
