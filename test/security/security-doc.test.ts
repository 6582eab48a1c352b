import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readPage, tableRows } from '../support/markdown.js'

const page = readPage('SECURITY.md')
const [owaspApi, cheatSheet, graphqlCop] = ['Item', 'Bullet', 'Check'].map((head) => tableRows(page, head))
const rows = [owaspApi, cheatSheet, graphqlCop].flatMap((table) => table ?? [])

/** The files whose every test is an attack. */
const ATTACKS = readdirSync('test/security', { recursive: true, encoding: 'utf8' })
  .map((name) => `test/security/${name.replaceAll('\\', '/')}`)
  .filter((name) => /(owasp|graphql-cop).*\.test\.ts$/.test(name))

describe('SECURITY.md', () => {
  it('SECURITY.md has a row and a group of tests for each item of the OWASP API Security Top 10', () => {
    const items = Array.from({ length: 10 }, (_, index) => `API${index + 1}`)
    expect(owaspApi?.map(([item]) => item?.split(' ')[0])).toEqual(items)
    const groups = ATTACKS.flatMap((path) => readFileSync(path, 'utf8').match(/(?<=^describe\(')API\d+/gm) ?? [])
    expect(groups).toEqual(expect.arrayContaining(items))
  })

  it('SECURITY.md has a row for each bullet of the OWASP GraphQL cheat sheet and each check of graphql-cop', () => {
    expect(cheatSheet?.length).toBeGreaterThan(20)
    expect(graphqlCop).toHaveLength(12)
  })

  it('SECURITY.md names a guard and a test for each attack', () => {
    expect(rows.filter(([, guard, tests]) => !guard || !tests?.includes('`test/'))).toEqual([])
  })

  it.each(ATTACKS)('SECURITY.md names %s', (path) => {
    expect(rows.some(([, , tests]) => tests?.includes(`\`${path}\``))).toBe(true)
  })
})
