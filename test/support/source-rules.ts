import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** The facts about one source file that the architecture rules are checked against. */
export interface Source {
  /** Relative to src/: `graphql/scope.ts`. */
  readonly path: string
  readonly lines: number
  /** Everything the file imports or re-exports, types included: a path relative to src/, a package or a built-in. */
  readonly imports: readonly Import[]
  readonly hasDefaultExport: boolean
  /** Identifiers and string literals in the code. Comments, import specifiers and prose are left out. */
  readonly words: readonly Word[]
  /** Module-level variables that can change: a `let`, an empty collection, a cache. */
  readonly state: readonly Word[]
  /** Every function and method, nested ones too. A function without a name is called `=>`. */
  readonly functions: readonly SourceFunction[]
  /** Names of the exported interfaces, type aliases, classes and enums. */
  readonly exportedTypes: readonly string[]
}

export interface SourceFunction {
  readonly name: string
  readonly line: number
  /** From the line of the signature to that of the closing brace; decorators are not counted. */
  readonly lines: number
}

export interface Import {
  readonly kind: 'file' | 'package' | 'built-in'
  readonly name: string
  readonly line: number
}

export interface Word {
  readonly text: string
  readonly line: number
}

/** A place and what is wrong with it: `graphql/scope.ts:4 imports server/server.ts`. */
export type Violation = string

export function readSources(): Source[] {
  return sourceFiles().map(({ path, text }) => parseSource(path, text))
}

/** Every TypeScript file of `src/`, by its path below it. */
export function sourceFiles(): { readonly path: string; readonly text: string }[] {
  const root = fileURLToPath(new URL('../../src', import.meta.url))
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => ({ path, text: readFileSync(`${root}/${path}`, 'utf8') }))
}

export function parseSource(path: string, text: string): Source {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const imports: Import[] = []
  const words: Word[] = []
  const functions: SourceFunction[] = []
  let hasDefaultExport = false
  const lineOf = (position: number): number => file.getLineAndCharacterOfPosition(position).line + 1
  const visit = (node: ts.Node): void => {
    const line = lineOf(node.getStart(file))
    const specifier = specifierOf(node)
    if (specifier !== undefined) imports.push({ ...resolveSpecifier(path, specifier.text), line })
    if (isDefaultExport(node)) hasDefaultExport = true
    for (const text of wordsOf(node)) words.push({ text, line })
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const start = lineOf((node.name ?? node).getStart(file))
      functions.push({ name: nameOf(node), line: start, lines: lineOf(node.end) - start + 1 })
    }
    ts.forEachChild(node, (child) => {
      if (child !== specifier) visit(child)
    })
  }
  visit(file)
  const lines = text.trimEnd().split('\n').length
  const [state, exportedTypes] = [stateOf(file), exportedTypesOf(file)]
  return { path, lines, imports, words, hasDefaultExport, state, functions, exportedTypes }
}

/** Import cycles, one for each way back to a file that was found: `a.ts → b.ts → a.ts`. */
export function findCycles(sources: readonly Source[]): Violation[] {
  const importsOf = new Map(
    sources.map(({ path, imports }) => [path, imports.filter(({ kind }) => kind === 'file').map(({ name }) => name)]),
  )
  const cycles: Violation[] = []
  const done = new Set<string>()
  const walk = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '))
    if (trail.includes(path) || done.has(path)) return
    for (const next of importsOf.get(path) ?? []) walk(next, [...trail, path])
    done.add(path)
  }
  for (const { path } of sources) walk(path, [])
  return cycles
}

/** The specifier of `import … from`, `export … from`, `import()`, `import('…').T` or `import x = require()`. */
function specifierOf(node: ts.Node): ts.StringLiteral | undefined {
  const found = (() => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier
    if (ts.isExternalModuleReference(node)) return node.expression
    if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return node.arguments[0]
    return undefined
  })()
  return found !== undefined && ts.isStringLiteral(found) ? found : undefined
}

function resolveSpecifier(from: string, specifier: string): Pick<Import, 'kind' | 'name'> {
  if (specifier.startsWith('node:')) return { kind: 'built-in', name: specifier }
  if (specifier.startsWith('.')) {
    return { kind: 'file', name: posix.join(posix.dirname(from), specifier).replace(/\.js$/, '.ts') }
  }
  const [scope = '', name] = specifier.split('/')
  return { kind: 'package', name: scope.startsWith('@') ? `${scope}/${name}` : scope }
}

function isDefaultExport(node: ts.Node): boolean {
  if (ts.isExportAssignment(node)) return true
  if (ts.isExportSpecifier(node)) return node.name.text === 'default'
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : undefined
  return modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) ?? false
}

function nameOf({ name, parent }: ts.SignatureDeclaration): string {
  if (name !== undefined) return name.getText()
  return ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) ? parent.name.getText() : '=>'
}

function exportedTypesOf(file: ts.SourceFile): string[] {
  return file.statements
    .filter(isTypeDeclaration)
    .filter(({ modifiers }) => modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
    .flatMap(({ name }) => (name === undefined ? [] : [name.text]))
}

function isTypeDeclaration(
  node: ts.Node,
): node is ts.InterfaceDeclaration | ts.TypeAliasDeclaration | ts.ClassDeclaration | ts.EnumDeclaration {
  const { isInterfaceDeclaration, isTypeAliasDeclaration, isClassDeclaration, isEnumDeclaration } = ts
  return [isInterfaceDeclaration, isTypeAliasDeclaration, isClassDeclaration, isEnumDeclaration].some((is) => is(node))
}

const CACHES = new Set(['LRUCache', 'DataLoader'])
const COLLECTIONS = new Set(['Map', 'Set', 'WeakMap', 'WeakSet', 'Array'])

function stateOf(file: ts.SourceFile): Word[] {
  return file.statements.filter(ts.isVariableStatement).flatMap(({ declarationList }) =>
    declarationList.declarations
      .filter(({ initializer }) => !(declarationList.flags & ts.NodeFlags.Const) || startsEmpty(initializer))
      .map((declaration) => ({
        text: declaration.name.getText(file),
        line: file.getLineAndCharacterOfPosition(declaration.getStart(file)).line + 1,
      })),
  )
}

/** A collection that starts empty is there to be filled. */
function startsEmpty(made: ts.Expression | undefined): boolean {
  if (made === undefined || !ts.isNewExpression(made) || !ts.isIdentifier(made.expression)) return false
  const { text } = made.expression
  return CACHES.has(text) || (COLLECTIONS.has(text) && (made.arguments ?? []).length === 0)
}

/** A literal with spaces is prose, which may name anything. */
function wordsOf(node: ts.Node): readonly string[] {
  if (ts.isIdentifier(node)) return [node.text]
  if (!ts.isStringLiteralLike(node) && !ts.isTemplateLiteralToken(node)) return []
  return /\s/.test(node.text) ? [] : node.text.split(/[^A-Za-z0-9_]+/)
}
