import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isUnionType,
} from 'graphql'
import { SCHEMA_FIELDS } from '../../src/admission/schema-fields.js'

/** An account of the sandbox. */
export const SAMPLE_ACCOUNT = '01HZ7N9K3R0F2QW3X4Y5Z6V7AB'

/** Values for the arguments of operations made from the schema, as GraphQL text. A new resource adds its ids here. */
export const SAMPLES = {
  /** An id of each object type, in the sandbox's data: the arguments `id`, `ids` and `accountId` name one. */
  ids: named({ Account: `"${SAMPLE_ACCOUNT}"`, PaymentLink: '"344"' }),
  /** What a mutation's input needs beyond its required fields; each new number makes it a change. */
  inputs: { UpdatePaymentLinkInput: (n) => `maxUsage: ${n}` } as Readonly<Record<string, (n: number) => string>>,
  /** Values of the other types that are not enums, inputs or ids. */
  scalars: named({ Boolean: 'true', Int: '1', String: '"sample"', Decimal: '"1.00"' }),
}

export interface SampleOperation {
  /** `Query.account` */
  readonly field: string
  readonly text: string
}

/** Levels of objects below a root field: enough to reach each field of the schema once. */
const LEVELS = 3

/**
 * One operation for each root field that reads or changes data, with everything that can be selected below it.
 * @throws Error when an argument has no sample
 */
export function sampleOperations(schema: GraphQLSchema): SampleOperation[] {
  return [schema.getMutationType(), schema.getQueryType()].flatMap((root) =>
    Object.values(root?.getFields() ?? {})
      .filter(({ name }) => !SCHEMA_FIELDS.has(name))
      .map((field) => {
        const kind = root === schema.getMutationType() ? 'mutation' : 'query'
        const text = `${kind} { ${textOf(root?.name ?? '', field, LEVELS)} }`
        return { field: `${root?.name}.${field.name}`, text }
      }),
  )
}

/** All that can be selected of a type: `{ id items { name } }`. Objects below it are followed for the given number of levels. */
export function selectionOf(type: GraphQLNamedType | undefined, levels: number): string {
  if (isLeafType(type)) return ''
  if (isObjectType(type)) return `{ ${fieldsBelow(type, levels).join(' ') || '__typename'} }`
  if (!isUnionType(type)) throw new Error(`${type?.name}: expected an object or a union.`)
  const members = type.getTypes().map((member) => {
    // Two members may have fields of one name and different types.
    const fields = fieldsBelow(member, levels).map((field, index) => `${member.name}${index}: ${field}`)
    return `... on ${member.name} { ${fields.join(' ')} }`
  })
  return `{ __typename ${members.join(' ')} }`
}

/** The arguments that a field must have, with sample values; empty when there are none. */
export function sampleArguments(parent: string, field: GraphQLField<unknown, unknown>): string {
  const subject = subjectOf(getNamedType(field.type))
  const given = field.args.filter(isRequiredArgument).map((argument) => {
    const place = `${parent}.${field.name}(${argument.name}:)`
    return `${argument.name}: ${sampleValue(argument, { place, subject })}`
  })
  return given.length > 0 ? `(${given.join(', ')})` : ''
}

function textOf(parent: string, field: GraphQLField<unknown, unknown>, levels: number): string {
  return `${field.name}${sampleArguments(parent, field)} ${selectionOf(getNamedType(field.type), levels - 1)}`
}

function fieldsBelow(type: GraphQLObjectType, levels: number): string[] {
  return Object.values(type.getFields())
    .filter((field) => levels > 0 || isLeafType(getNamedType(field.type)))
    .map((field) => textOf(type.name, field, levels))
}

/** An argument or an input field. */
interface Named {
  readonly name: string
  readonly type: GraphQLInputType
}

interface At {
  readonly place: string
  /** The object type that an `id` next to this place names. */
  readonly subject: GraphQLNamedType
}

/** @throws Error that says which sample to add when there is none */
export function sampleValue({ name, type: given }: Named, at: At): string {
  const type = getNullableType(given)
  const named = getNamedType(type)
  if (isListType(type) && named.name === '_Any') return `[${referencesTo(at)}]`
  if (isListType(type)) return `[${sampleValue({ name, type: type.ofType }, at)}]`
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(isRequiredInputField)
    const required = fields.map((field) => `${field.name}: ${sampleValue(field, at)}`)
    return `{ ${[...required, SAMPLES.inputs[type.name]?.(50) ?? ''].join(', ')} }`
  }
  if (isEnumType(type)) return String(type.getValues()[0]?.name)
  return named.name === 'ID' ? sampleId(name, at) : sample('scalars', named.name, at)
}

/** `accountId` names an account, whatever the field is about. */
function sampleId(argument: string, at: At): string {
  const named = /^(\w+)Ids?$/.exec(argument)?.[1]
  const typeName = named === undefined ? at.subject.name : `${named.charAt(0).toUpperCase()}${named.slice(1)}`
  return sample('ids', typeName, at)
}

/** A reference to an object of each type that has a key: its ids are its key. */
function referencesTo({ place, subject }: At): string {
  const types = isUnionType(subject) ? subject.getTypes() : []
  return types
    .map((type) => {
      const ids = Object.keys(type.getFields()).filter((name) => /^(id|\w+Id)$/.test(name))
      const key = ids.map((name) => `${name}: ${sampleId(name, { place, subject: type })}`)
      return `{ __typename: "${type.name}", ${key.join(', ')} }`
    })
    .join(', ')
}

function sample(kind: 'ids' | 'scalars', name: string, { place }: At): string {
  const value = SAMPLES[kind][name]
  if (value === undefined) {
    throw new Error(`${place} has no sample: add ${name} to SAMPLES.${kind} in test/support/sample-operations.ts.`)
  }
  return value
}

/** The type that a field is about: what it returns, or what the payload or connection that it returns holds. */
export function subjectOf(type: GraphQLNamedType): GraphQLNamedType {
  if (!isObjectType(type) || 'id' in type.getFields()) return type
  const below = Object.values(type.getFields()).map((field) => getNamedType(field.type))
  return below.find((held) => isObjectType(held) && 'id' in held.getFields()) ?? type
}

function named(samples: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return samples
}
