import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  NoUnusedFragmentsRule,
  parse,
  print,
  Source,
  separateOperations,
  specifiedRules,
  validate,
  visit,
} from 'graphql'
import type { Logger } from '../telemetry/logger.js'

/** The operations that clients were built with. */
export interface TrustedDocuments {
  /** Whether a document may run. It may be invalid in any way. */
  allows(document: DocumentNode): boolean
}

/**
 * Reads every `*.graphql` below a folder. The files are one pool: an operation may spread a fragment of another file.
 * What is not among them is refused, or with `log` allowed and written to the log whenever it is looked at.
 * @throws Error naming what is wrong: nothing there, or something that cannot be read, parsed or fitted to the schema
 */
export function readTrustedDocuments(
  { folder, mode }: { readonly folder: string; readonly mode: 'log' | 'enforce' },
  schema: GraphQLSchema,
  logger: Logger,
): TrustedDocuments {
  const hashes = new Set(readOperations(folder, schema).map(hashOf))
  return {
    allows: (document) => {
      const operations = operationsOf(document)
      const asked = new Set(operations.flatMap(({ definitions }) => definitions))
      // The first one is enough: looking at them all would be work that a caller decides on. What belongs to no operation
      // is not trusted either: its validation would tell of the schema.
      const unknown =
        asked.size < document.definitions.length
          ? document
          : operations.find((operation) => !hashes.has(hashOf(operation)))
      if (unknown === undefined) return true
      logger.warn({ ...nameOf(unknown), operationHash: hashOf(unknown) }, 'an operation is not a trusted one')
      return mode === 'log'
    },
  }
}

/**
 * SHA-256 of one operation, printed: without comments and layout, without the `__typename` that clients add by themselves,
 * its fragments by name.
 */
function hashOf(operation: DocumentNode): string {
  const plain = visit(operation, {
    Field: ({ name, alias, directives }) =>
      name.value === '__typename' && alias === undefined && directives?.length === 0 ? null : undefined,
  })
  const definitions = plain.definitions.map((definition) => print(definition)).sort()
  return createHash('sha256').update(definitions.join('\n\n')).digest('hex')
}

function readOperations(folder: string, schema: GraphQLSchema): readonly DocumentNode[] {
  try {
    const definitions = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.graphql'))
      .map((path) => new Source(readFileSync(join(folder, path), 'utf8'), path))
      .flatMap((source) => parse(source).definitions)
    const pool: DocumentNode = { kind: Kind.DOCUMENT, definitions }
    const problems = validate(schema, pool, POOL_RULES)
    if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join(' '))
    const operations = operationsOf(pool)
    if (operations.length === 0) throw new Error('no *.graphql file there has an operation.')
    return operations
  } catch (error) {
    throw new Error(`TRUSTED_DOCUMENTS: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

/** A fragment may be there for operations to come. */
const POOL_RULES = specifiedRules.filter((rule) => rule !== NoUnusedFragmentsRule)

function operationsOf(document: DocumentNode): readonly DocumentNode[] {
  return Object.values(separateOperations(document))
}

function nameOf({ definitions }: DocumentNode): { readonly operationName?: string } {
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  return operation?.name === undefined ? {} : { operationName: operation.name.value.slice(0, 100) }
}
