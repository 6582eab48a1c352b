import { type DocumentNode, GraphQLError, getOperationAST } from 'graphql'
import { LRUCache } from 'lru-cache'
import { GatewayError } from '../kernel/errors.js'
import type { Pricing } from './field-cost.js'
import { findCostOverLimit, findDocumentOverLimit, findTextOverLimit, type OperationLimits } from './limits.js'
import { createCostOf, type OperationCostOf, type Variables } from './operation-cost.js'
import { measureText } from './token-count.js'
import type { TrustedDocuments } from './trusted-documents.js'
import { findDocumentErrors, findVariableErrors, parseDocument, type ValidatedSchema } from './validation.js'

export interface AdmissionRules extends ValidatedSchema {
  readonly pricing: Pricing
  readonly limits: OperationLimits
  /** When absent, any operation may run. */
  readonly trusted?: TrustedDocuments | undefined
}

/** An operation as it was sent. */
export interface SentOperation {
  readonly text: string
  /** SHA-256 of the text; admitted documents are remembered by it. */
  readonly hash: string
  readonly operationName?: string | undefined
  readonly variables?: Variables | undefined
}

export type AdmissionResult =
  /** Parsed, within every limit, trusted and valid, with variables of the right types. */
  { readonly kind: 'admitted'; readonly document: DocumentNode } | Refused

export interface Refused {
  readonly kind: 'refused'
  readonly errors: readonly (GraphQLError | GatewayError)[]
}

/** Decides whether an operation may run, before any of it has. */
export type Admit = (operation: SentOperation) => AdmissionResult

/** Checks run from cheap to expensive, and each limits the work of the next. */
export function createAdmission(rules: AdmissionRules): Admit {
  const admitted = new LRUCache<string, CheckedDocument>({ max: 10_000, maxSize: REMEMBERED_TOKENS_MAX })
  return (sent) => {
    const known = admitted.get(sent.hash)
    const checked = known ?? checkDocument(sent.text, rules)
    if ('errors' in checked) return checked
    const { document, tokens, costOf } = checked
    const operation = getOperationAST(document, sent.operationName)
    const cost = operation && costOf(operation, sent.variables ?? {})
    const refusal =
      refuse(cost && findCostOverLimit(cost, rules.limits)) ??
      refuse(...(known === undefined ? findDocumentErrors(document, rules) : []))
    if (refusal !== undefined) return refusal
    admitted.set(sent.hash, checked, { size: tokens })
    return refuse(...findVariableErrors(operation, sent.variables, rules)) ?? { kind: 'admitted', document }
  }
}

/** Tokens of all remembered documents together: a few tens of megabytes once parsed. */
const REMEMBERED_TOKENS_MAX = 200_000

/** A document of a size within the limits. */
interface CheckedDocument {
  readonly document: DocumentNode
  readonly tokens: number
  readonly costOf: OperationCostOf
}

function checkDocument(text: string, rules: AdmissionRules): CheckedDocument | Refused {
  const { limits, trusted } = rules
  const size = measureText(text, limits.maxTokens)
  const textRefusal = refuse(findTextOverLimit(size, limits))
  if (textRefusal !== undefined) return textRefusal
  const document = parseDocument(text)
  if (document instanceof GraphQLError) return { kind: 'refused', errors: [document] }
  const refusal = refuse(findDocumentOverLimit(document, limits)) ?? refuse(findUntrusted(document, trusted))
  if (refusal !== undefined) return refusal
  const costOf = createCostOf({ ...rules, document, jsonBytes: limits.maxMetadataBytes })
  return { document, tokens: size.tokens, costOf }
}

function findUntrusted(document: DocumentNode, trusted: TrustedDocuments | undefined): GatewayError | undefined {
  if (trusted === undefined || trusted.allows(document)) return undefined
  return new GatewayError('OPERATION_NOT_ALLOWED', 'This gateway runs only operations that were registered with it.')
}

function refuse(...found: readonly (Refused['errors'][number] | null | undefined)[]): Refused | undefined {
  const errors = found.filter((error) => error != null)
  return errors.length === 0 ? undefined : { kind: 'refused', errors }
}
