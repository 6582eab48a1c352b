import type { DocumentNode } from 'graphql'
import { GatewayError } from '../kernel/errors.js'
import { countComparisons } from './comparisons.js'
import { measureDocument } from './document-size.js'
import { REFERENCES_PER_KEY } from './field-cost.js'
import { countMergedFields } from './merged-fields.js'
import type { OperationCost } from './operation-cost.js'
import type { TextSize } from './token-count.js'

/** The most that one operation may have; named like the settings. */
export interface OperationLimits {
  readonly maxTokens: number
  readonly maxDepth: number
  readonly maxAliases: number
  readonly maxRootFields: number
  readonly maxDirectives: number
  readonly maxKeys: number
  readonly maxUpstreamCalls: number
  readonly maxAnswerBytes: number
  /** Bytes that one `JSONObject` in a response counts as. */
  readonly maxMetadataBytes: number
}

export function findTextOverLimit({ tokens, nesting }: TextSize, limits: OperationLimits): GatewayError | undefined {
  return overLimit([
    { name: 'MAX_TOKENS', limit: limits.maxTokens, actual: tokens },
    { name: 'MAX_DEPTH', limit: NESTING_MAX, actual: nesting, what: 'nested brackets' },
  ])
}

export function findDocumentOverLimit(document: DocumentNode, limits: OperationLimits): GatewayError | undefined {
  const { depth, introspectionDepth, aliases, aliasLength, rootFields, directives } = measureDocument(document)
  const merged = countMergedFields(document, MERGED_FIELDS_MAX)
  const bySize = overLimit([
    { name: 'MAX_DEPTH', limit: limits.maxDepth, actual: depth },
    { name: 'MAX_DEPTH', limit: INTROSPECTION_DEPTH_MAX, actual: introspectionDepth, what: 'in introspection' },
    { name: 'MAX_ALIASES', limit: limits.maxAliases, actual: aliases },
    { name: 'Alias', limit: ALIAS_LENGTH_MAX, actual: aliasLength, what: 'characters' },
    { name: 'MAX_ROOT_FIELDS', limit: limits.maxRootFields, actual: rootFields },
    { name: 'MAX_DIRECTIVES', limit: limits.maxDirectives, actual: directives },
    { name: 'Repetition', limit: MERGED_FIELDS_MAX, actual: merged, what: 'fields and pairs of them' },
  ])
  if (bySize !== undefined) return bySize
  const actual = countComparisons(document, COMPARISONS_MAX)
  return overLimit([
    { name: 'Repetition', limit: COMPARISONS_MAX, actual, what: 'comparisons of fields and fragments' },
  ])
}

export function findCostOverLimit(cost: OperationCost, limits: OperationLimits): GatewayError | undefined {
  const maxReferences = REFERENCES_PER_KEY * limits.maxKeys
  return overLimit([
    { name: 'MAX_KEYS', limit: limits.maxKeys, actual: cost.keys },
    { name: 'MAX_KEYS', limit: maxReferences, actual: cost.references, what: 'references' },
    { name: 'Schema', limit: SDLS_MAX, actual: cost.sdls, what: 'copy of the schema' },
    { name: 'MAX_UPSTREAM_CALLS', limit: limits.maxUpstreamCalls, actual: cost.upstreamCalls },
    { name: 'MAX_ANSWER_BYTES', limit: limits.maxAnswerBytes, actual: cost.responseBytes },
  ])
}

/** Enough for the deepest metadata in the deepest field, and far below what overflows a recursive parser. */
const NESTING_MAX = 250
/** GraphiQL's own query has 14 levels. */
const INTROSPECTION_DEPTH_MAX = 20
/** A response repeats an alias in every row and in the path of every error below it. */
const ALIAS_LENGTH_MAX = 128
/** Validation takes about 3 µs for each. */
const MERGED_FIELDS_MAX = 5_000
/** Each takes a few tenths of a microsecond. A selection of 60 fragments with ten fields each has about as many. */
const COMPARISONS_MAX = 40_000
/** Nobody needs a second copy, and 60 aliases of it would return megabytes for one line of an anonymous caller. */
const SDLS_MAX = 1

interface Measured {
  /** The setting, such as `MAX_DEPTH`, or a limit that has no setting. */
  readonly name: string
  readonly limit: number
  readonly actual: number
  /** What is counted, if the name does not say so. */
  readonly what?: string
}

/** One error that names every value over its limit; undefined when none is. */
function overLimit(measured: readonly Measured[]): GatewayError | undefined {
  const over = measured.filter(({ actual, limit }) => actual > limit)
  if (over.length === 0) return undefined
  return new GatewayError('QUERY_TOO_COMPLEX', `${over.map(describe).join('; ')}.`)
}

/** Fragments inside fragments reach numbers too long to read. */
const SHOWN_MAX = 1_000_000_000_000

function describe({ name, limit, actual, what }: Measured): string {
  const got = actual > SHOWN_MAX ? `more than ${SHOWN_MAX}` : actual
  return `${name}: at most ${limit}${what === undefined ? '' : ` ${what}`}, but got ${got}`
}
