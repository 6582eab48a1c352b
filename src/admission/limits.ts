import type { DocumentNode } from 'graphql'
import { GatewayError } from '../kernel/errors.js'
import { countComparisons } from './comparisons.js'
import { measureDocument } from './document-size.js'
import { REFERENCES_PER_KEY } from './field-cost.js'
import { countMergedFields } from './merged-fields.js'
import type { OperationCost } from './operation-cost.js'
import type { TextSize } from './token-count.js'

/** What one operation may have at most, named as the settings are. */
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
    { name: 'MAX_TOKENS', limit: limits.maxTokens, figure: tokens },
    { name: 'MAX_DEPTH', limit: NESTING_MAX, figure: nesting, of: 'nested brackets' },
  ])
}

export function findDocumentOverLimit(document: DocumentNode, limits: OperationLimits): GatewayError | undefined {
  const { depth, introspectionDepth, aliases, aliasLength, rootFields, directives } = measureDocument(document)
  const merged = countMergedFields(document, MERGED_FIELDS_MAX)
  const bySize = overLimit([
    { name: 'MAX_DEPTH', limit: limits.maxDepth, figure: depth },
    { name: 'MAX_DEPTH', limit: INTROSPECTION_DEPTH_MAX, figure: introspectionDepth, of: 'in introspection' },
    { name: 'MAX_ALIASES', limit: limits.maxAliases, figure: aliases },
    { name: 'Alias', limit: ALIAS_LENGTH_MAX, figure: aliasLength, of: 'characters' },
    { name: 'MAX_ROOT_FIELDS', limit: limits.maxRootFields, figure: rootFields },
    { name: 'MAX_DIRECTIVES', limit: limits.maxDirectives, figure: directives },
    { name: 'Repetition', limit: MERGED_FIELDS_MAX, figure: merged, of: 'fields and pairs of them' },
  ])
  if (bySize !== undefined) return bySize
  const figure = countComparisons(document, COMPARISONS_MAX)
  return overLimit([{ name: 'Repetition', limit: COMPARISONS_MAX, figure, of: 'comparisons of fields and fragments' }])
}

export function findCostOverLimit(cost: OperationCost, limits: OperationLimits): GatewayError | undefined {
  const maxReferences = REFERENCES_PER_KEY * limits.maxKeys
  return overLimit([
    { name: 'MAX_KEYS', limit: limits.maxKeys, figure: cost.keys },
    { name: 'MAX_KEYS', limit: maxReferences, figure: cost.references, of: 'references' },
    { name: 'Schema', limit: SDLS_MAX, figure: cost.sdls, of: 'copy of the schema' },
    { name: 'MAX_UPSTREAM_CALLS', limit: limits.maxUpstreamCalls, figure: cost.upstreamCalls },
    { name: 'MAX_ANSWER_BYTES', limit: limits.maxAnswerBytes, figure: cost.responseBytes },
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
/** Nobody needs a second copy, and 60 aliases of it would be megabytes for one anonymous line. */
const SDLS_MAX = 1

interface Figure {
  /** The name of the setting, such as `MAX_DEPTH`, or of a limit that has no setting. */
  readonly name: string
  readonly limit: number
  readonly figure: number
  /** What is counted, where the name does not say it. */
  readonly of?: string
}

/** One error that names every figure over its limit; undefined when none is. */
function overLimit(figures: readonly Figure[]): GatewayError | undefined {
  const over = figures.filter(({ figure, limit }) => figure > limit)
  if (over.length === 0) return undefined
  return new GatewayError('QUERY_TOO_COMPLEX', `${over.map(describe).join('; ')}.`)
}

/** Fragments inside fragments reach figures too long to read. */
const FIGURE_SHOWN_MAX = 1_000_000_000_000

function describe({ name, limit, figure, of }: Figure): string {
  const got = figure > FIGURE_SHOWN_MAX ? `more than ${FIGURE_SHOWN_MAX}` : String(figure)
  return `${name}: at most ${limit}${of === undefined ? '' : ` ${of}`}, but got ${got}`
}
