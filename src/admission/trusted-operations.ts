import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type ASTNode,
  type DefinitionNode,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  KnownFragmentNamesRule,
  NoUnusedFragmentsRule,
  NoUnusedVariablesRule,
  parse,
  print,
  Source,
  separateOperations,
  specifiedRules,
  UniqueFragmentNamesRule,
  UniqueOperationNamesRule,
  validate,
  visit,
} from 'graphql'

export interface TrustedOperations {
  /** Each with its fragments. */
  readonly operations: readonly DocumentNode[]
  /** Every problem, with its file and line. If there are any, the operations must not be used. */
  readonly problems: readonly string[]
}

/**
 * Reads every `*.graphql` below a folder as one document. Code generators repeat a fragment with each operation that uses it,
 * so copies count once; different definitions with one name are a problem.
 */
export function readTrustedOperations(folder: string, schema: GraphQLSchema): TrustedOperations {
  const problems: string[] = []
  const definitions = attempt(problems, () => pathsIn(folder)).flatMap((path) =>
    attempt(problems, () => parse(new Source(readFileSync(join(folder, path), 'utf8'), path)).definitions),
  )
  const isWhole = problems.length === 0
  const document = { kind: Kind.DOCUMENT, definitions: withoutCopies(definitions) } as const
  problems.push(...nameClashes(document), ...validate(schema, document, isWhole ? RULES : PARTIAL_RULES).map(describe))
  const operations = Object.values(separateOperations(document))
  if (isWhole && operations.length === 0) problems.push('no *.graphql file there has an operation.')
  return { operations, problems }
}

/** The printed node, without comments and layout, and without the plain `__typename` that clients add. */
export function normalForm(node: ASTNode): string {
  return print(
    visit(node, {
      Field: ({ name, alias, directives }) =>
        name.value === '__typename' && alias === undefined && directives?.length === 0 ? null : undefined,
    }),
  )
}

/** Fragments may be unused so far. Duplicate names are checked here, where the files are known. */
const RULES = specifiedRules.filter(
  (rule) => rule !== NoUnusedFragmentsRule && rule !== UniqueFragmentNamesRule && rule !== UniqueOperationNamesRule,
)
/** The rules that apply even when some files could not be read. */
const PARTIAL_RULES = RULES.filter((rule) => rule !== KnownFragmentNamesRule && rule !== NoUnusedVariablesRule)

function attempt<T>(problems: string[], read: () => readonly T[]): readonly T[] {
  try {
    return read()
  } catch (error) {
    problems.push(describe(error))
    return []
  }
}

function pathsIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.graphql'))
    .sort()
}

function withoutCopies(definitions: readonly DefinitionNode[]): readonly DefinitionNode[] {
  const byForm = new Map<string, DefinitionNode>()
  for (const definition of definitions) {
    const form = normalForm(definition)
    if (!byForm.has(form)) byForm.set(form, definition)
  }
  return [...byForm.values()]
}

/** Reports different operations, or fragments, that have one name. */
function nameClashes({ definitions }: DocumentNode): readonly string[] {
  const byName = new Map<string, DefinitionNode[]>()
  for (const definition of definitions) {
    const isOperation = definition.kind === Kind.OPERATION_DEFINITION
    if ((!isOperation && definition.kind !== Kind.FRAGMENT_DEFINITION) || definition.name === undefined) continue
    const name = `${isOperation ? 'operation' : 'fragment'} named "${definition.name.value}"`
    byName.set(name, [...(byName.get(name) ?? []), definition])
  }
  return [...byName].flatMap(([name, alike]) =>
    alike.length < 2 ? [] : [`expected only one ${name}, but got others in ${alike.map(locationOf).join(' and ')}.`],
  )
}

function locationOf({ loc }: ASTNode): string {
  return `${loc?.source.name}:${loc?.startToken.line}`
}

function describe(error: unknown): string {
  if (error instanceof GraphQLError) {
    return `${error.source?.name}:${error.locations?.[0]?.line}: ${error.message}`
  }
  return error instanceof Error ? error.message : String(error)
}
