import { createHash } from 'node:crypto'
import { type DocumentNode, type GraphQLSchema, Kind, separateOperations } from 'graphql'
import type { Logger } from '../telemetry/logger.js'
import { normalForm, readTrustedOperations } from './trusted-operations.js'

/** The operations that clients were built with. */
export interface TrustedDocuments {
  /** Whether a document may run. The document may be invalid in any way. */
  allows(document: DocumentNode): boolean
}

/**
 * Trusts the operations in a folder. With `enforce` any other is refused; with `log` it is allowed and logged each time.
 * @throws Error naming every problem: no operation there, or a file that cannot be read, parsed or validated
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
      const sent = Object.values(separateOperations(document))
      const used = new Set(sent.flatMap(({ definitions }) => definitions))
      // Stops at the first unknown one, so that a caller cannot decide how much is hashed. A definition that no operation uses
      // is not trusted either: its validation errors would reveal the schema.
      const unknown =
        used.size < document.definitions.length ? document : sent.find((operation) => !hashes.has(hashOf(operation)))
      if (unknown === undefined) return true
      logger.warn({ ...nameOf(unknown), operationHash: hashOf(unknown) }, 'an operation is not a trusted one')
      return mode === 'log'
    },
  }
}

/** SHA-256 of an operation in its normal form, independent of the order of its fragments. */
function hashOf({ definitions }: DocumentNode): string {
  return createHash('sha256').update(definitions.map(normalForm).sort().join('\n\n')).digest('hex')
}

function nameOf({ definitions }: DocumentNode): { readonly operationName?: string } {
  const operation = definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION)
  return operation?.name === undefined ? {} : { operationName: operation.name.value.slice(0, 100) }
}
