import { existsSync, readdirSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { readPage } from '../support/markdown.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const pages = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(`${ROOT}docs`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`),
].sort()

describe.each(pages)('%s', (page) => {
  const text = readPage(page)

  it('links to files that are there', () => {
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#\s]+)[^)]*\)/g)].map(([, target = '']) => target)
    expect(targets.filter((target) => !existsSync(`${ROOT}${posix.join(posix.dirname(page), target)}`))).toEqual([])
  })

  it('names files of the project that are there', () => {
    const named = [...text.matchAll(/`((?:src|test|docs|schema|scripts)\/[\w./-]*)`/g)].map(([, path = '']) => path)
    // The recipe's own example is the one thing that is not.
    expect(named.filter((path) => !path.includes('refund') && !existsSync(`${ROOT}${path}`))).toEqual([])
  })

  it('names npm scripts that are there', () => {
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, script = '']) => script)
    expect(named.filter((script) => !Object.hasOwn(manifest.scripts, script))).toEqual([])
  })
})

describe('docs/README.md', () => {
  it('lists every page of docs/', () => {
    const listed = [...readPage('docs/README.md').matchAll(/\]\(([^)]+\.md)\)/g)].map(([, target = '']) => target)
    const others = pages.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md')
    expect(others.filter((page) => !listed.includes(page.slice('docs/'.length)))).toEqual([])
  })
})

describe('decisions', () => {
  const decisions = pages.filter((page) => page.startsWith('docs/decisions/'))

  it('are numbered from 1 without a gap', () => {
    const numbers = decisions.map((page) => Number(/\/(\d{4})-[a-z0-9-]+\.md$/.exec(page)?.[1]))
    expect(numbers).toEqual(decisions.map((_page, index) => index + 1))
  })

  it.each(decisions)('%s says what was decided, why, and what follows', (page) => {
    const headings = [...readPage(page).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)
    expect(headings).toEqual(['Context', 'Decision', 'Consequences'])
    const number = Number(/\d{4}/.exec(page)?.[0])
    expect(readPage(page)).toMatch(new RegExp(`^# ${number}\\. .+\\n\\nDate: \\d{4}-\\d{2}-\\d{2}\\n`))
  })
})
