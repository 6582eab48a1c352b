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
  /** Everything that is wrong, each with its place; then the operations are not to be used. */
  readonly problems: readonly string[]
}

/**
 * Reads every `*.graphql` below a folder as one pool. Code generators write each operation with all of its fragments, so what
 * stands there several times is there once; two things of one name are a problem.
 */
export function readTrustedOperations(folder: string, schema: GraphQLSchema): TrustedOperations {
  const problems: string[] = []
  const definitions = attempt(problems, () => pathsIn(folder)).flatMap((path) =>
    attempt(problems, () => parse(new Source(readFileSync(join(folder, path), 'utf8'), path)).definitions),
  )
  const isWhole = problems.length === 0
  const pool = { kind: Kind.DOCUMENT, definitions: withoutCopies(definitions) } as const
  problems.push(...clashesIn(pool), ...validate(schema, pool, isWhole ? RULES : RULES_OF_PARTS).map(describe))
  const operations = Object.values(separateOperations(pool))
  if (isWhole && operations.length === 0) problems.push('no *.graphql file there has an operation.')
  return { operations, problems }
}

/** Printed: without comments and layout, and without the plain `__typename` that clients add by themselves. */
export function normalFormOf(node: ASTNode): string {
  return print(
    visit(node, {
      Field: ({ name, alias, directives }) =>
        name.value === '__typename' && alias === undefined && directives?.length === 0 ? null : undefined,
    }),
  )
}

/** A fragment may be there for operations to come, and names are looked at here, where files are known. */
const RULES = specifiedRules.filter(
  (rule) => rule !== NoUnusedFragmentsRule && rule !== UniqueFragmentNamesRule && rule !== UniqueOperationNamesRule,
)
/** What holds whatever the files that could not be read have in them. */
const RULES_OF_PARTS = RULES.filter((rule) => rule !== KnownFragmentNamesRule && rule !== NoUnusedVariablesRule)

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
    const form = normalFormOf(definition)
    if (!byForm.has(form)) byForm.set(form, definition)
  }
  return [...byForm.values()]
}

/** Operations, or fragments, that differ and have one name. */
function clashesIn({ definitions }: DocumentNode): readonly string[] {
  const byName = new Map<string, DefinitionNode[]>()
  for (const definition of definitions) {
    const isOperation = definition.kind === Kind.OPERATION_DEFINITION
    if ((!isOperation && definition.kind !== Kind.FRAGMENT_DEFINITION) || definition.name === undefined) continue
    const name = `${isOperation ? 'operation' : 'fragment'} named "${definition.name.value}"`
    byName.set(name, [...(byName.get(name) ?? []), definition])
  }
  return [...byName].flatMap(([name, alike]) =>
    alike.length < 2 ? [] : [`expected only one ${name}, but got others in ${alike.map(placeOf).join(' and ')}.`],
  )
}

function placeOf({ loc }: ASTNode): string {
  return `${loc?.source.name}:${loc?.startToken.line}`
}

function describe(error: unknown): string {
  if (error instanceof GraphQLError) {
    return `${error.source?.name}:${error.locations?.[0]?.line}: ${error.message}`
  }
  return error instanceof Error ? error.message : String(error)
}
