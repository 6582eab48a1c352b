import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type DocumentNode, type GraphQLSchema, type ValidationRule, validate } from 'graphql'

const path = createRequire(import.meta.url).resolve('graphql/validation/rules/OverlappingFieldsCanBeMergedRule.js')

/** What graphql-js itself counts while it compares the fields and fragments of a document. It is run as it is, but for the limit. */
export function comparisonsMade(schema: GraphQLSchema, document: DocumentNode): number {
  const own = readFileSync(path, 'utf8')
  const counting = own.replace('ruleContext.remainingComplexityBudget -= cost;', 'exports.spent += cost;')
  if (counting === own) throw new Error('graphql-js counts otherwise than it did')
  const exports: { spent: number; OverlappingFieldsCanBeMergedRule?: ValidationRule } = { spent: 0 }
  new Function('exports', 'require', counting)(exports, createRequire(path))
  if (exports.OverlappingFieldsCanBeMergedRule === undefined) throw new Error('graphql-js has no such rule')
  validate(schema, document, [exports.OverlappingFieldsCanBeMergedRule], { maxErrors: Number.POSITIVE_INFINITY })
  return exports.spent
}
