import {
  type GraphQLField,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isListType,
  isNonNullType,
} from 'graphql'
import { type Batches, type FieldCost, joinBatches } from './field-cost.js'

/** The most that a part of an operation may cause. */
export interface Total {
  readonly upstreamCalls: number
  /** Rows read by their ids, whose calls are counted when all of them are known. */
  readonly batches: Batches | undefined
  /** Answers that tell the whole schema. */
  readonly sdls: number
  /** The longest key list. */
  readonly keys: number
  /** The longest list of representations. */
  readonly references: number
  /** Its part of the answer, errors included, in bytes of JSON. */
  readonly answerBytes: number
  /** Places in the answer that may be null with an error of their own. */
  readonly places: number
}

export const NOTHING: Total = {
  upstreamCalls: 0,
  batches: undefined,
  sdls: 0,
  keys: 0,
  references: 0,
  answerBytes: 0,
  places: 0,
}

/** What stands side by side adds up; of lists the longest counts. */
export function add(a: Total, b: Total): Total {
  return {
    upstreamCalls: a.upstreamCalls + b.upstreamCalls,
    batches: joinBatches(a.batches, b.batches),
    sdls: a.sdls + b.sdls,
    keys: Math.max(a.keys, b.keys),
    references: Math.max(a.references, b.references),
    answerBytes: a.answerBytes + b.answerBytes,
    places: a.places + b.places,
  }
}

export interface AskedField {
  /** Its alias, or its name. */
  readonly key: string
  readonly field: GraphQLField<unknown, unknown>
  /** Undefined for a field that is only data. */
  readonly cost: FieldCost | undefined
  /** Of what is asked of each of its objects; undefined for a leaf. */
  readonly below: Total | undefined
  /** Of the largest JSON value. */
  readonly jsonBytes: number
}

/** A field with all below it. */
export function totalOf({ key, field, cost = { calls: 0 }, below, jsonBytes }: AskedField): Total {
  const { calls, batches, sdls = 0, rows = 1, keys = 0, references = 0 } = cost
  const { bytes = leafBytes(field.type, jsonBytes) } = cost
  const inside = below === undefined || rows === 0 ? NOTHING : below
  // A leaf without a resolver has been read already when it is asked for.
  const own = below === undefined && field.resolve === undefined ? 0 : placesOf(field.type, rows)
  const places = own + rows * inside.places
  const value = below === undefined ? bytes : rows * (OBJECT_BYTES + inside.answerBytes)
  return {
    upstreamCalls: calls + rows * inside.upstreamCalls,
    // What is asked of one row is asked of all, so it names the same rows.
    batches: joinBatches(batches, inside.batches),
    sdls: sdls + rows * inside.sdls,
    keys: Math.max(keys, inside.keys),
    references: Math.max(references, inside.references),
    // An error tells its path, which every field above it is part of.
    answerBytes: key.length + KEY_BYTES + value + own * ERROR_BYTES + places * (key.length + PATH_STEP_BYTES),
    places,
  }
}

/** `"":[],` */
const KEY_BYTES = 6
/** `{},` */
const OBJECT_BYTES = 3
/** `"",1000,` */
const PATH_STEP_BYTES = 8
/** Most have 250; what is told of a reference made of characters that JSON escapes twice has some 600. */
const ERROR_BYTES = 640
/** Names, codes, addresses of mail and of the payment page, cursors. */
const TEXT_BYTES = 128
/** Instants, amounts, ids and numbers in quotes, words of an enum. */
const VALUE_BYTES = 48

function leafBytes(type: GraphQLOutputType, jsonBytes: number): number {
  const { name } = getNamedType(type)
  if (name === 'JSONObject') return jsonBytes
  return name === 'String' ? TEXT_BYTES : VALUE_BYTES
}

/** An error goes up to the next place that may be null, and is the only one told of there. */
function placesOf(type: GraphQLOutputType, rows: number): number {
  const list = getNullableType(type)
  const inList = isListType(list) && !isNonNullType(list.ofType) ? rows : 0
  return inList + (isNonNullType(type) ? 0 : 1)
}
