import {
  type GraphQLField,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isListType,
  isNonNullType,
} from 'graphql'
import { type Batches, type FieldCost, FREE, joinBatches } from './field-cost.js'

/** The most that a part of an operation may cause. */
export interface SelectionCost {
  readonly upstreamCalls: number
  /** Rows read by id. Their calls are counted once the rows of the whole operation are known. */
  readonly batches: Batches | undefined
  /** Copies of the schema in the response. */
  readonly sdls: number
  /** Length of the longest key list. */
  readonly keys: number
  /** Length of the longest list of representations. */
  readonly references: number
  /** Its part of the response, errors included, in bytes of JSON. */
  readonly responseBytes: number
  /** Errors in the response. */
  readonly errors: number
}

export const NO_COST: SelectionCost = {
  upstreamCalls: 0,
  batches: undefined,
  sdls: 0,
  keys: 0,
  references: 0,
  responseBytes: 0,
  errors: 0,
}

/** The cost of selections side by side. */
export function addCosts(a: SelectionCost, b: SelectionCost): SelectionCost {
  return {
    upstreamCalls: a.upstreamCalls + b.upstreamCalls,
    batches: joinBatches(a.batches, b.batches),
    sdls: a.sdls + b.sdls,
    keys: Math.max(a.keys, b.keys),
    references: Math.max(a.references, b.references),
    responseBytes: a.responseBytes + b.responseBytes,
    errors: a.errors + b.errors,
  }
}

export interface SelectedField {
  /** Its alias or name. */
  readonly key: string
  readonly field: GraphQLField<unknown, unknown>
  /** Undefined for a field that is plain data. */
  readonly cost: FieldCost | undefined
  /** The cost of what is selected below it, for one object; undefined for a leaf. */
  readonly below: SelectionCost | undefined
  /** Bytes of the largest JSON value. */
  readonly jsonBytes: number
}

/** The cost of a field and everything below it. */
export function costOfField({ key, field, cost = FREE, below, jsonBytes }: SelectedField): SelectionCost {
  const { calls, batches, sdls = 0, rows = 1, keys = 0, references = 0 } = cost
  const { bytes = leafBytes(field.type, jsonBytes) } = cost
  const inside = below === undefined || rows === 0 ? NO_COST : below
  // A leaf without a resolver was read with its object and cannot fail.
  const own = below === undefined && field.resolve === undefined ? 0 : ownErrors(field.type, rows)
  const errors = own + rows * inside.errors
  const value = below === undefined ? bytes : rows * (OBJECT_BYTES + inside.responseBytes)
  return {
    upstreamCalls: calls + rows * inside.upstreamCalls,
    // A selection is the same for every row, so it names the same rows to read.
    batches: joinBatches(batches, inside.batches),
    sdls: sdls + rows * inside.sdls,
    keys: Math.max(keys, inside.keys),
    references: Math.max(references, inside.references),
    // The path of an error has the key of every field above it.
    responseBytes: key.length + KEY_BYTES + value + own * ERROR_BYTES + errors * (key.length + PATH_STEP_BYTES),
    errors,
  }
}

/** `"":[],` */
const KEY_BYTES = 6
/** `{},` */
const OBJECT_BYTES = 3
/** `"",1000,` */
const PATH_STEP_BYTES = 8
/** Most errors have 250; one that quotes a reference full of characters that JSON escapes twice has about 600. */
const ERROR_BYTES = 640
/** Names, codes, email addresses, payment URLs, cursors. */
const TEXT_BYTES = 128
/** Instants, amounts, ids, quoted numbers, enum values. */
const VALUE_BYTES = 48

function leafBytes(type: GraphQLOutputType, jsonBytes: number): number {
  const { name } = getNamedType(type)
  if (name === 'JSONObject') return jsonBytes
  return name === 'String' ? TEXT_BYTES : VALUE_BYTES
}

/** A null bubbles to the nearest nullable place, which has one error: the field itself, or each nullable item of its list. */
function ownErrors(type: GraphQLOutputType, rows: number): number {
  const list = getNullableType(type)
  const ofItems = isListType(list) && !isNonNullType(list.ofType) ? rows : 0
  return ofItems + (isNonNullType(type) ? 0 : 1)
}
