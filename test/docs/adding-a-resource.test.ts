import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fencedBlocks, readPage } from '../support/markdown.js'
import { countLines, RecipeProject, type SourceFiles, sourceFilesOf } from '../support/recipe.js'

const BUILD_TIMEOUT_MS = 120_000
const LIST_OF_RESOURCES = 'src/resources/index.ts'
const READING_LINES_MAX = 250
const MUTATION_LINES_MAX = 200

const page = readPage('docs/adding-a-resource.md')
const files = sourceFilesOf(page)
const own = ownFilesOf(page)
/** The resource before the section that adds a mutation to it. */
const reading = ownFilesOf(page.split(/^## .*mutation/im)[0] ?? '')

describe('the recipe for a resource', () => {
  it('touches the folder of its resource and the list of resources, and no other file', () => {
    const folders = new Set([...own.keys()].map((path) => /^src\/resources\/([a-z-]+)\//.exec(path)?.[1]))
    expect([...folders]).toEqual([expect.any(String)])
    expect(files.has(LIST_OF_RESOURCES)).toBe(true)
  })

  it('only adds to the list of resources', () => {
    const imports = readFileSync(LIST_OF_RESOURCES, 'utf8').match(/^import .*$/gm) ?? []
    expect(imports.length).toBeGreaterThan(2)
    expect(files.get(LIST_OF_RESOURCES)?.split('\n')).toEqual(expect.arrayContaining(imports))
  })

  it(`reads a resource in at most ${READING_LINES_MAX} lines, its simulator included`, () => {
    expect(countLines(reading)).toBeGreaterThan(0)
    expect(countLines(reading)).toBeLessThanOrEqual(READING_LINES_MAX)
  })

  it(`adds a mutation in at most ${MUTATION_LINES_MAX} lines`, () => {
    expect(countLines(own) - countLines(reading)).toBeLessThanOrEqual(MUTATION_LINES_MAX)
  })
})

describe('the gateway with the resource of the recipe', () => {
  const asked = operationsOf(page)
  let project: RecipeProject
  let url: string
  beforeAll(async () => {
    project = new RecipeProject(files)
    expect(await project.complaintsOf('tsc', '-p', 'tsconfig.build.json')).toBe('')
    url = await project.start()
  }, BUILD_TIMEOUT_MS)
  afterAll(() => project.remove())

  it('is linted and formatted as the rest of the project', async () => {
    expect(await project.complaintsOf('biome', 'check', ...files.keys())).toBe('')
  })

  it('is sent every operation of the page', () => {
    const operations = fencedBlocks(page).filter(({ language }) => language === 'graphql')
    expect(asked.map(({ query }) => query)).toEqual(operations.map(({ text }) => text))
    expect(asked.length).toBeGreaterThan(0)
  })

  it.each(asked)('responds as the page shows: $caption', async ({ query, answer }) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': 'recipe' },
      body: JSON.stringify({ query }),
    })
    expect(await response.json()).toEqual(JSON.parse(answer))
  })
})

interface PrintedOperation {
  /** The line above it. */
  readonly caption: string
  readonly query: string
  readonly answer: string
}

function operationsOf(text: string): PrintedOperation[] {
  const printed = text.matchAll(/^([^\n]*):\n\n```graphql\n(.*?)```\n\n```json\n(.*?)```$/gms)
  return [...printed].map(([, caption = '', query = '', answer = '']) => ({ caption, query, answer }))
}

function ownFilesOf(text: string): SourceFiles {
  return new Map([...sourceFilesOf(text)].filter(([path]) => path !== LIST_OF_RESOURCES))
}
