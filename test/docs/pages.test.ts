import { existsSync, readdirSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { readPage } from '../support/markdown.js'
import { sourceFilesOf } from '../support/recipe.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

const pages = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(`${ROOT}docs`, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`),
].sort()

/** Where a page links to: a file, an anchor on it, or both. */
function linksOf(page: string): { readonly path: string; readonly anchor: string }[] {
  return [...readPage(page).matchAll(/\]\((?!https?:)([^)#\s]*)#?([^)\s]*)[^)]*\)/g)].map(
    ([, path = '', anchor = '']) => ({
      path: path === '' ? page : posix.join(posix.dirname(page), path),
      anchor,
    }),
  )
}

/** Anchors of headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  return [...readPage(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  )
}

/** The resource that docs/adding-a-resource.md adds has files that do not exist. */
const [recipePath = ''] = sourceFilesOf(readPage('docs/adding-a-resource.md')).keys()
const RECIPE_RESOURCE = recipePath.split('/')[2] ?? 'no resource'

describe.each(pages)('%s', (page) => {
  it(`${page} links to files and headings that exist`, () => {
    const dead = linksOf(page).filter(({ path, anchor }) => {
      if (!existsSync(`${ROOT}${path}`)) return true
      return anchor !== '' && path.endsWith('.md') && !anchorsOf(path).includes(anchor)
    })
    expect(dead).toEqual([])
  })

  it(`${page} names files that exist`, () => {
    const named = [...readPage(page).matchAll(/`((?:src|test|docs|schema|scripts)\/[\w./-]*)`/g)].map(
      ([, path = '']) => path,
    )
    expect(named.filter((path) => !path.includes(RECIPE_RESOURCE) && !existsSync(`${ROOT}${path}`))).toEqual([])
  })

  it(`${page} names npm scripts that exist`, () => {
    const named = [...readPage(page).matchAll(/npm run ([\w:-]+)/g)].map(([, script = '']) => script)
    expect(named.filter((script) => !Object.hasOwn(manifest.scripts, script))).toEqual([])
  })
})

describe('docs/README.md', () => {
  it('docs/README.md lists every page of docs/', () => {
    const listed = [...readPage('docs/README.md').matchAll(/\]\(([^)]+\.md)\)/g)].map(([, target = '']) => target)
    const others = pages.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md')
    expect(others.filter((page) => !listed.includes(page.slice('docs/'.length)))).toEqual([])
  })
})

describe('decisions', () => {
  const decisions = pages.filter((page) => page.startsWith('docs/decisions/'))

  it('decisions are numbered from 1 without gaps', () => {
    const numbers = decisions.map((page) => Number(/\/(\d{4})-[a-z0-9-]+\.md$/.exec(page)?.[1]))
    expect(numbers).toEqual(decisions.map((_page, index) => index + 1))
  })

  it.each(decisions)('%s has a title, a date, a context, a decision and its consequences', (page) => {
    const headings = [...readPage(page).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)
    expect(headings).toEqual(['Context', 'Decision', 'Consequences'])
    const number = Number(/\d{4}/.exec(page)?.[0])
    expect(readPage(page)).toMatch(new RegExp(`^# ${number}\\. .+\\n\\nDate: \\d{4}-\\d{2}-\\d{2}\\n`))
  })
})
