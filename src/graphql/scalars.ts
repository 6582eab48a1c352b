import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql'
import { isLosslessNumber, isSafeNumber, LosslessNumber } from 'lossless-json'
import { parseDecimal } from '../kernel/decimal.js'
import { excerpt } from '../kernel/excerpt.js'
import { parseRfc3339 } from '../kernel/instant.js'

/** Model values are canonical text already, so they are serialized as they are. */
export const DateTimeScalar = new GraphQLScalarType<string, string>({
  name: 'DateTime',
  description:
    'An instant, RFC 3339. Input may have any offset; output is always UTC with milliseconds: `2026-05-08T07:30:00.000Z`.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => value as string,
  parseValue: (value) => readText('DateTime', value, parseRfc3339),
  parseLiteral: (node) => readText('DateTime', textOf(node), parseRfc3339),
})

export const DecimalScalar = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  description:
    'An exact decimal number as text, with at least two decimals and no exponent: `"20000.00"`. Never a float.',
  serialize: (value) => value as string,
  parseValue: (value) => readText('Decimal', value, parseDecimal),
  parseLiteral: (node) => readText('Decimal', textOf(node), parseDecimal),
})

export const JSONObjectScalar = new GraphQLScalarType<object, unknown>({
  name: 'JSONObject',
  description: 'A JSON object.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  // Unchanged: `writeJson` keeps the digits of numbers that a double cannot hold.
  serialize: (value) => value as object,
  parseValue: (value) => readObject(value),
  parseLiteral: (node, variables) => readObject(plainValueOf(node, variables)),
})

function readText<T>(scalar: string, value: unknown, parse: (text: string) => T): T {
  if (typeof value !== 'string') throw coercionError(`${scalar} must be text, but got: ${excerpt(value)}.`)
  try {
    return parse(value)
  } catch (error) {
    throw coercionError(error instanceof Error ? error.message : `${scalar} cannot be read.`)
  }
}

function readObject(value: unknown): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw coercionError(`JSONObject must be a JSON object, but got: ${excerpt(value)}.`)
  }
  refuseInexactNumbers(value)
  return value
}

const DEPTH_MAX = 64

/** A double beyond 2^53 may already have lost digits. */
function refuseInexactNumbers(value: unknown, depth = 1): void {
  if (isLosslessNumber(value) || (typeof value === 'number' && !(Math.abs(value) <= Number.MAX_SAFE_INTEGER))) {
    throw coercionError(
      `A number in a JSONObject must be at most ${Number.MAX_SAFE_INTEGER} and have no more digits than a double holds (write it as text), but got: ${value}.`,
    )
  }
  if (typeof value !== 'object' || value === null) return
  if (depth > DEPTH_MAX) {
    throw coercionError(`A JSONObject may be nested at most ${DEPTH_MAX} levels deep, but got more.`)
  }
  for (const inner of Object.values(value)) refuseInexactNumbers(inner, depth + 1)
}

function coercionError(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })
}

function textOf(node: ValueNode): unknown {
  return node.kind === Kind.STRING ? node.value : plainValueOf(node, undefined)
}

function plainValueOf(node: ValueNode, variables: Record<string, unknown> | null | undefined): unknown {
  switch (node.kind) {
    case Kind.NULL:
      return null
    case Kind.INT:
    case Kind.FLOAT:
      return isSafeNumber(node.value) ? Number(node.value) : new LosslessNumber(node.value)
    case Kind.STRING:
    case Kind.ENUM:
    case Kind.BOOLEAN:
      return node.value
    case Kind.VARIABLE:
      // Own keys only: a variable may be named "toString".
      return variables && Object.hasOwn(variables, node.name.value) ? variables[node.name.value] : undefined
    case Kind.LIST:
      // As everywhere in GraphQL, a missing variable is null in a list, and an absent field in an object.
      return node.values.map((item) => plainValueOf(item, variables) ?? null)
    case Kind.OBJECT:
      // fromEntries defines own keys, so "__proto__" is a plain key.
      return Object.fromEntries(
        node.fields
          .map((field) => [field.name.value, plainValueOf(field.value, variables)] as const)
          .filter(([, value]) => value !== undefined),
      )
  }
}
