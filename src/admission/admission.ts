import {
  type ASTNode,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql'
import { LRUCache } from 'lru-cache'
import { GatewayError } from '../kernel/errors.js'
import { countComparisons } from './comparisons.js'
import { type CostOf, createCostCompiler, type Variables } from './cost.js'
import { type Batches, type CostTable, REFERENCES_A_KEY } from './field-cost.js'
import { type OperationLimits, refusalOver } from './limits.js'
import { knownOperationKind, noSchemaQuestions } from './own-rules.js'
import { type Scan, scan } from './scan.js'
import { measure } from './shape.js'
import { countSpread } from './spread.js'
import type { TrustedDocuments } from './trusted-documents.js'
import { findBadVariables } from './variables.js'

export interface AdmissionRules {
  readonly schema: GraphQLSchema
  readonly costs: CostTable
  /** The most calls that it takes to read rows by their ids. */
  readonly batchCalls: (batches: Batches) => number
  readonly limits: OperationLimits
  /** Whether the schema may be asked for, and its names be suggested. */
  readonly introspection: boolean
  /** Absent: any operation is welcome. */
  readonly trusted?: TrustedDocuments | undefined
}

/** An operation as it came. */
export interface AskedOperation {
  readonly text: string
  /** SHA-256 of the text: what is admitted is remembered by it. */
  readonly hash: string
  readonly operationName?: string | undefined
  readonly variables?: Variables | undefined
}

export type Verdict =
  /** Parsed, within every limit, trusted and valid, with variables that can be coerced. */
  | { readonly kind: 'admitted'; readonly document: DocumentNode }
  | { readonly kind: 'refused'; readonly errors: readonly (GraphQLError | GatewayError)[] }

/** Decides before anything has run. Cheap questions first: each bounds what the next one may take. */
export type Admission = (asked: AskedOperation) => Verdict

export function createAdmission(rules: AdmissionRules): Admission {
  const remembered = new LRUCache<string, Weighed>({ max: 10_000, maxSize: REMEMBERED_TOKENS_MAX })
  return (asked) => {
    const known = remembered.get(asked.hash)
    if (known !== undefined) return refused(overCost(known, asked, rules.limits)) ?? run(known, asked, rules)
    const weight = weigh(asked.text, rules)
    if ('errors' in weight) return weight
    const refusal = refused(overCost(weight, asked, rules.limits)) ?? invalid(weight, rules)
    if (refusal !== undefined) return refusal
    remembered.set(asked.hash, weight, { size: weight.tokens })
    return run(weight, asked, rules)
  }
}

/** About so many tokens are remembered in all: some tens of megabytes of parsed documents at most. */
const REMEMBERED_TOKENS_MAX = 200_000

/** Deep enough for the deepest metadata in the deepest field, and far from what ends a recursive parser. */
const NESTING_MAX = 250
/** GraphiQL's own question takes 14. */
const INTROSPECTION_DEPTH_MAX = 20
/** An answer repeats it in every row and in the path of every error below. */
const ALIAS_LENGTH_MAX = 128
/** Validating takes about 3 µs for each. */
const SPREAD_MAX = 5_000
/** Each takes some tenths of a microsecond. A selection of 60 fragments of ten fields each comes to as many. */
const COMPARISONS_MAX = 40_000
/** Nobody needs it twice, and under 60 aliases it makes megabytes of an anonymous line. */
const SDLS_MAX = 1
/** Finding the next error takes as long as the first, and nobody reads so many. */
const VALIDATION_ERRORS_MAX = 25

type Refused = Extract<Verdict, { readonly kind: 'refused' }>

/** A document whose form is within the limits. */
interface Weighed {
  readonly document: DocumentNode
  readonly tokens: number
  readonly costOf: (operation: OperationDefinitionNode) => CostOf
}

function weigh(text: string, rules: AdmissionRules): Weighed | Refused {
  const { tokens, nesting } = scan(text, rules.limits.maxTokens)
  const tooLarge = refused(overSize({ tokens, nesting }, rules.limits))
  if (tooLarge !== undefined) return tooLarge
  const document = parseText(text)
  if (document instanceof GraphQLError) return { kind: 'refused', errors: [document] }
  const refusal = overForm(document, rules.limits) ?? overComparisons(document) ?? untrusted(document, rules.trusted)
  return refused(refusal) ?? { document, tokens, costOf: costsOf(document, rules) }
}

function refused(error: GatewayError | undefined): Refused | undefined {
  return error && { kind: 'refused', errors: [error] }
}

/** The document is good; of this request only its variables are left to look at. */
function run({ document }: Weighed, { operationName, variables = {} }: AskedOperation, rules: AdmissionRules): Verdict {
  const operation = getOperationAST(document, operationName)
  const errors = operation ? findBadVariables(rules, operation, variables) : []
  if (errors.length === 0) return { kind: 'admitted', document }
  return { kind: 'refused', errors: errors.map((error) => coded(error, 'BAD_USER_INPUT')) }
}

function overSize({ tokens, nesting }: Scan, { maxTokens }: OperationLimits): GatewayError | undefined {
  return refusalOver([
    { name: 'MAX_TOKENS', limit: maxTokens, figure: tokens },
    { name: 'MAX_DEPTH', limit: NESTING_MAX, figure: nesting, of: 'brackets inside one another' },
  ])
}

function parseText(text: string): DocumentNode | GraphQLError {
  try {
    return parse(text)
  } catch (error) {
    if (error instanceof GraphQLError) return coded(error, 'GRAPHQL_PARSE_FAILED')
    throw error
  }
}

function overForm(document: DocumentNode, limits: OperationLimits): GatewayError | undefined {
  const { depth, introspectionDepth, aliases, aliasLength, rootFields, directives } = measure(document)
  return refusalOver([
    { name: 'MAX_DEPTH', limit: limits.maxDepth, figure: depth },
    { name: 'MAX_DEPTH', limit: INTROSPECTION_DEPTH_MAX, figure: introspectionDepth, of: 'in introspection' },
    { name: 'MAX_ALIASES', limit: limits.maxAliases, figure: aliases },
    { name: 'Alias', limit: ALIAS_LENGTH_MAX, figure: aliasLength, of: 'characters' },
    { name: 'MAX_ROOT_FIELDS', limit: limits.maxRootFields, figure: rootFields },
    { name: 'MAX_DIRECTIVES', limit: limits.maxDirectives, figure: directives },
    {
      name: 'Repetition',
      limit: SPREAD_MAX,
      figure: countSpread(document, SPREAD_MAX),
      of: 'fields and pairs of them',
    },
  ])
}

function overComparisons(document: DocumentNode): GatewayError | undefined {
  const figure = countComparisons(document, COMPARISONS_MAX)
  return refusalOver([
    { name: 'Repetition', limit: COMPARISONS_MAX, figure, of: 'comparisons of fields and fragments' },
  ])
}

function untrusted(document: DocumentNode, trusted: TrustedDocuments | undefined): GatewayError | undefined {
  if (trusted === undefined || trusted.allows(document)) return undefined
  return new GatewayError('OPERATION_NOT_ALLOWED', 'Only operations that this gateway was given beforehand are served.')
}

function costsOf(document: DocumentNode, { schema, costs, batchCalls, limits }: AdmissionRules): Weighed['costOf'] {
  const compiler = createCostCompiler({ document, schema, costs, batchCalls, jsonBytes: limits.maxMetadataBytes })
  const compiled = new Map<OperationDefinitionNode, CostOf>()
  return (operation) => {
    const costOf = compiled.get(operation) ?? compiler.operation(operation)
    compiled.set(operation, costOf)
    return costOf
  }
}

function overCost(
  { document, costOf }: Weighed,
  { operationName, variables = {} }: AskedOperation,
  limits: OperationLimits,
): GatewayError | undefined {
  const operation = getOperationAST(document, operationName)
  if (!operation) return undefined
  const { keys, references, sdls, upstreamCalls, answerBytes } = costOf(operation)(variables)
  return refusalOver([
    { name: 'MAX_KEYS', limit: limits.maxKeys, figure: keys },
    { name: 'MAX_KEYS', limit: REFERENCES_A_KEY * limits.maxKeys, figure: references, of: 'references' },
    { name: 'Schema', limit: SDLS_MAX, figure: sdls, of: 'answer that tells the schema' },
    { name: 'MAX_UPSTREAM_CALLS', limit: limits.maxUpstreamCalls, figure: upstreamCalls },
    { name: 'MAX_ANSWER_BYTES', limit: limits.maxAnswerBytes, figure: answerBytes },
  ])
}

function invalid({ document }: Weighed, { schema, introspection }: AdmissionRules): Refused | undefined {
  const rules = [...specifiedRules, knownOperationKind, ...(introspection ? [] : [noSchemaQuestions])]
  const options = { hideSuggestions: !introspection, maxErrors: VALIDATION_ERRORS_MAX }
  const errors = validate(schema, document, rules, options)
  if (errors.length === 0) return undefined
  return { kind: 'refused', errors: saidOnce(errors) }
}

/** One error a sentence, with every place it concerns: saying it again would let a small request cause a large answer. */
function saidOnce(errors: readonly GraphQLError[]): readonly GraphQLError[] {
  const nodes = new Map<string, readonly ASTNode[]>()
  for (const error of errors) nodes.set(error.message, [...(nodes.get(error.message) ?? []), ...(error.nodes ?? [])])
  return Array.from(nodes, ([message, nodes]) =>
    coded(new GraphQLError(message, { nodes }), 'GRAPHQL_VALIDATION_FAILED'),
  )
}

function coded(error: GraphQLError, code: string): GraphQLError {
  const { message, nodes = null, source = null, positions = null } = error
  return new GraphQLError(message, { nodes, source, positions, extensions: { code } })
}
