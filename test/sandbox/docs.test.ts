import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { isCarriedOut } from '../../src/sandbox/failures.js'
import { FAULT_KINDS } from '../../src/sandbox/faults.js'
import { withSandbox } from './sandbox-client.js'

/** The cells of the tables under a heading, without their heads. */
async function tableOf(heading: string): Promise<readonly string[][]> {
  const chapter = await readFile(new URL('../../docs/sandbox.md', import.meta.url), 'utf8')
  const section = chapter.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('| `'))
  return rows.map((row) => row.split(' | ').map((cell) => cell.replaceAll(/^\| |`| \|$/g, '')))
}

describe('docs/sandbox.md', () => {
  it('lists every behaviour with its default, and no other', async () => {
    const rows = await tableOf('Behaviours')
    const written = Object.fromEntries(rows.map(([name, value]) => [name, JSON.parse(value ?? '')]))
    expect(written).toEqual((await withSandbox()).behaviour.current)
  })

  it('lists every fault and whether the request is carried out, and no other', async () => {
    const rows = await tableOf('Faults')
    const documented = rows.map(([kind, , carriedOut]) => [kind, carriedOut === 'yes'])
    const actual = FAULT_KINDS.map((kind) => [kind, kind === 'latency' || isCarriedOut({ kind })])
    expect(documented.toSorted()).toEqual(actual.toSorted())
  })
})
