import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ERROR_TABLE } from '../../src/kernel/errors.js'

const ROW = /^\| `(?<code>[A-Z_]+)` \| (?<retryable>yes|no) \| (?<http>[^|]+) \| (?<when>[^|]+) \|$/gm

describe('docs/errors.md', () => {
  it('documents exactly the codes of the error table, in the same words', () => {
    const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
    const documented = [...page.matchAll(ROW)].map(({ groups }) => [
      groups?.['code'],
      { retryable: groups?.['retryable'] === 'yes', when: groups?.['when'] },
    ])
    expect(documented).toEqual(Object.entries(ERROR_TABLE))
  })
})
