import { readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { readPage } from '../support/markdown.js'

/** A test by the file it stands in and its title as the file spells it, `%s` and all. */
interface NamedTest {
  readonly file: string
  readonly title: string
}

interface Row {
  readonly section: string
  readonly item: string
  readonly guard: string
  readonly tests: readonly NamedTest[]
}

const PAGE = readPage('SECURITY.md')
const ROWS = rowsOf(PAGE)
const ATTACKS = [
  'test/security/graphql-cop.test.ts',
  'test/security/owasp-graphql.test.ts',
  ...readdirSync('test/security/owasp-api')
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `test/security/owasp-api/${name}`),
]

describe('SECURITY.md', () => {
  it('has every item of the OWASP API Security Top 10 and every check of graphql-cop, each with a guard', () => {
    const itemsOf = (section: string) => ROWS.filter((row) => row.section === section).map(({ item }) => item)
    const numbers = itemsOf('OWASP API Security Top 10 (2023)').map((item) => /^API(\d+) /.exec(item)?.[1])
    expect(numbers).toEqual(Array.from({ length: 10 }, (_, index) => String(index + 1)))
    expect(itemsOf('graphql-cop').length).toBe(12)
    expect(itemsOf('OWASP GraphQL Cheat Sheet').length).toBeGreaterThan(20)
    expect(ROWS.filter(({ guard }) => guard === '')).toEqual([])
  })

  it.each(ROWS)('names tests that are there: $section, $item', ({ tests }) => {
    expect(tests.length).toBeGreaterThan(0)
    for (const { file, title } of tests) expect([file, titlesOf(file)]).toEqual([file, expect.arrayContaining([title])])
  })

  it.each(ATTACKS)('has a place for every attack of %s', (file) => {
    const named = ROWS.flatMap(({ tests }) => tests).filter((test) => test.file === file)
    expect(titlesOf(file).filter((title) => !named.some((test) => test.title === title))).toEqual([])
  })
})

/** Rows of the tables whose last column is headed `Test`. */
function rowsOf(page: string): Row[] {
  return page.split(/^### /m).flatMap((part) => {
    const section = part.split('\n', 1)[0] ?? ''
    const [, table = ''] = part.split(/^\|.*\| Test \|\n\|.*\n/m)
    return table
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) => {
        const [, item = '', guard = '', tests = ''] = line.split(/(?:^| )\|(?: |$)/)
        return { section, item, guard, tests: testsOf(tests) }
      })
  })
}

/** `file`: “title”; “another title of it”; `another file`: … */
function testsOf(cell: string): NamedTest[] {
  const tests: NamedTest[] = []
  let file = ''
  for (const [, path, title] of cell.matchAll(/`(test\/[^`]+)`: |“([^”]+)”/g)) {
    if (path !== undefined) file = path
    if (title !== undefined) tests.push({ file, title })
  }
  return tests
}

function titlesOf(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const titles: string[] = []
  const visit = (node: ts.Node): void => {
    const title = ts.isCallExpression(node) && isIt(node.expression) ? node.arguments[0] : undefined
    if (title !== undefined && ts.isStringLiteralLike(title)) titles.push(title.text)
    else if (title !== undefined && ts.isTemplateExpression(title)) titles.push(title.getText().slice(1, -1))
    ts.forEachChild(node, visit)
  }
  visit(source)
  return titles
}

/** `it`, `it.each(…)` and what else hangs on it. */
function isIt(node: ts.Node): boolean {
  if (ts.isIdentifier(node)) return node.text === 'it'
  if (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) return isIt(node.expression)
  return false
}
