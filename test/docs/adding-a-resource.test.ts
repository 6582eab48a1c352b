import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { fencedBlocks, readPage } from '../support/markdown.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const COMPILE_TIMEOUT_MS = 60_000

/** The recipe's files by path: a block whose first line names one. */
const recipe = new Map(
  fencedBlocks(readPage('docs/adding-a-resource.md')).flatMap(({ text }): [string, string][] => {
    const path = /^\/\/ (src\/\S+)\n/.exec(text)?.[1]
    return path === undefined ? [] : [[`${ROOT}${path}`, text]]
  }),
)

describe('the recipe for a resource', () => {
  it('has a file for each role', () => {
    const names = [...recipe.keys()].map((path) => path.split('/').at(-1))
    const roles = ['model', 'wire', 'api', 'loader', 'type', 'resolver', 'sandbox'].map((role) => `refund.${role}.ts`)
    expect(names).toEqual([...roles, 'index.ts'])
  })

  it(
    'compiles against the project as it is, as strictly as the project itself',
    () => {
      expect(complaints(recipe)).toEqual([])
    },
    COMPILE_TIMEOUT_MS,
  )

  it(
    'would not compile if the project had moved on',
    () => {
      const outdated = [...recipe].map(([path, text]): [string, string] => [path, text.replace('simple', 'former')])
      expect(complaints(new Map(outdated))).toEqual([expect.stringContaining("'formerResolvers' does not exist")])
    },
    COMPILE_TIMEOUT_MS,
  )
})

/** What the compiler says of files that exist in memory only, beside the project's own. */
function complaints(files: ReadonlyMap<string, string>): string[] {
  const { config } = ts.readConfigFile(`${ROOT}tsconfig.json`, ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT)
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  const folders = new Set([...files.keys()].map(dirname))
  host.directoryExists = (path) => folders.has(path) || ts.sys.directoryExists(path)
  host.fileExists = (path) => files.has(path) || fileExists(path)
  host.readFile = (path) => files.get(path) ?? readFile(path)
  host.getSourceFile = (path, version, ...rest) => {
    const text = files.get(path)
    return text === undefined ? getSourceFile(path, version, ...rest) : ts.createSourceFile(path, text, version, true)
  }
  const program = ts.createProgram([...files.keys()], options, host)
  return [...files.keys()]
    .map((path) => program.getSourceFile(path))
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}
