import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readPage } from '../support/markdown.js'

it('docs/schema.md matches the code: when this fails, run `npm run docs:schema`', () => {
  const path = join(tmpdir(), `schema-${process.pid}.md`)
  try {
    execFileSync(process.execPath, ['scripts/schema-docs.mjs', path])
    expect(readPage('docs/schema.md')).toBe(readFileSync(path, 'utf8'))
  } finally {
    rmSync(path, { force: true })
  }
})
