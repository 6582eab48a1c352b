import { createHash } from 'node:crypto'
import { type DocumentNode, type GraphQLSchema, Kind, separateOperations } from 'graphql'
import type { Logger } from '../telemetry/logger.js'
import { normalFormOf, readTrustedOperations } from './trusted-operations.js'

/** The operations that clients were built with. */
export interface TrustedDocuments {
  /** Whether a document may run. It may be invalid in any way. */
  allows(document: DocumentNode): boolean
}

/**
 * Trusts the operations of a folder. What is not among them is refused, or with `log` allowed and written to the log whenever
 * it is looked at.
 * @throws Error naming all that is wrong: nothing there, or something that cannot be read, parsed or fitted to the schema
 */
export function readTrustedDocuments(
  { folder, mode }: { readonly folder: string; readonly mode: 'log' | 'enforce' },
  schema: GraphQLSchema,
  logger: Logger,
): TrustedDocuments {
  const { operations, problems } = readTrustedOperations(folder, schema)
  if (problems.length > 0) throw new Error(problems.map((problem) => `TRUSTED_DOCUMENTS: ${problem}`).join('\n'))
  const hashes = new Set(operations.map(hashOf))
  return {
    allows: (document) => {
      const wanted = Object.values(separateOperations(document))
      const asked = new Set(wanted.flatMap(({ definitions }) => definitions))
      // The first one is enough: looking at them all would be work that a caller decides on. What belongs to no operation
      // is not trusted either: its validation would tell of the schema.
      const unknown =
        asked.size < document.definitions.length ? document : wanted.find((operation) => !hashes.has(hashOf(operation)))
      if (unknown === undefined) return true
      logger.warn({ ...nameOf(unknown), operationHash: hashOf(unknown) }, 'an operation is not a trusted one')
      return mode === 'log'
    },
  }
}

/** SHA-256 of one operation in its normal form, whatever the order of its fragments. */
function hashOf({ definitions }: DocumentNode): string {
  return createHash('sha256').update(definitions.map(normalFormOf).sort().join('\n\n')).digest('hex')
}

function nameOf({ definitions }: DocumentNode): { readonly operationName?: string } {
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  return operation?.name === undefined ? {} : { operationName: operation.name.value.slice(0, 100) }
}
