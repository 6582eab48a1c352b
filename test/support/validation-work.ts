import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type DocumentNode, type GraphQLSchema, type ValidationRule, validate } from 'graphql'

const path = createRequire(import.meta.url).resolve('graphql/validation/rules/OverlappingFieldsCanBeMergedRule.js')

/** The comparisons of fields and fragments that graphql-js counts while it validates a document, without its limit on them. */
export function comparisonsMade(schema: GraphQLSchema, document: DocumentNode): number {
  const own = readFileSync(path, 'utf8')
  const counting = own.replace('ruleContext.remainingComplexityBudget -= cost;', 'exports.spent += cost;')
  if (counting === own)
    throw new Error('Expected the counter of OverlappingFieldsCanBeMergedRule, but graphql-js no longer has that line.')
  const exports: { spent: number; OverlappingFieldsCanBeMergedRule?: ValidationRule } = { spent: 0 }
  new Function('exports', 'require', counting)(exports, createRequire(path))
  if (exports.OverlappingFieldsCanBeMergedRule === undefined)
    throw new Error('Expected OverlappingFieldsCanBeMergedRule, but graphql-js does not export it.')
  validate(schema, document, [exports.OverlappingFieldsCanBeMergedRule], { maxErrors: Number.POSITIVE_INFINITY })
  return exports.spent
}
