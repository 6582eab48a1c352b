import { getOperationAST, parse } from 'graphql'
import { createCostOf, type OperationCost, type Variables } from '../../src/admission/operation-cost.js'
import { buildServedSchema, servedPricing } from '../../src/graphql/schema/served-schema.js'
import { resources } from '../../src/resources/index.js'
import { OPERATION_LIMITS } from './operation-limits.js'

export const servedSchema = buildServedSchema(resources)

/** The static cost of an operation, with the default settings. */
export function costOf(query: string, variables: Variables = {}): OperationCost {
  const document = parse(query)
  const operation = getOperationAST(document)
  if (!operation) throw new Error('Expected exactly one operation.')
  const pricing = servedPricing(resources)
  return createCostOf({ document, schema: servedSchema, pricing, jsonBytes: OPERATION_LIMITS.maxMetadataBytes })(
    operation,
    variables,
  )
}
