import { getOperationAST, parse } from 'graphql'
import { type Cost, createCostCompiler, type Variables } from '../../src/admission/cost.js'
import { batchCalls } from '../../src/graphql/batch/batch-cost.js'
import { buildServedSchema, servedCosts } from '../../src/graphql/schema/served-schema.js'
import { resources } from '../../src/resources/index.js'

export const METADATA_BYTES = 16_384

export const servedSchema = buildServedSchema(resources)

/** The static cost of an operation, with the default settings. */
export function costOf(query: string, variables: Variables = {}): Cost {
  const document = parse(query)
  const operation = getOperationAST(document)
  if (!operation) throw new Error('The document has not exactly one operation.')
  const costs = servedCosts(resources)
  const compiler = createCostCompiler({ document, schema: servedSchema, costs, batchCalls, jsonBytes: METADATA_BYTES })
  return compiler.operation(operation)(variables)
}
