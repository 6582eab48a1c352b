import fc from 'fast-check'
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLUnionType,
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
import { SAMPLE_ACCOUNT, SAMPLES, sampleValue, subjectOf } from './sample-operations.js'
import { servedSchema } from './static-cost.js'

/** A random operation that is valid against the schema, and its variables. */
export interface GeneratedOperation {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** Values that operations may use. */
export interface Stock {
  readonly accountIds: readonly string[]
  readonly keys: readonly Key[]
  /** Cursors issued earlier, by the account whose list they belong to. */
  readonly cursors: readonly { readonly accountId: string; readonly cursor: string }[]
}

type Key = { readonly accountId: string; readonly id: string }
/** The values of arguments that name one object, by the arguments' names. */
type Names = Readonly<Record<string, string>>
/** The type that a field is about, its objects in the stock, and the one that this field names. */
interface About {
  readonly subject: GraphQLNamedType
  readonly objects: readonly Names[]
  readonly names: Names
}

type AnyField = GraphQLField<unknown, unknown>
type Input = GraphQLArgument | GraphQLInputField

/** Writes operations over every root field of the schema: nested, aliased, with fragments, directives and variables. */
export class OperationWriter {
  readonly #fragments: string[] = []
  readonly #declared: string[] = []
  readonly #variables: Record<string, unknown> = {}
  #names = 0

  constructor(
    private readonly choose: fc.GeneratorValue,
    private readonly stock: Stock,
    private readonly schema: GraphQLSchema = servedSchema,
  ) {}

  query(): GeneratedOperation {
    return this.#operation('query', this.#upTo(1, 4), this.schema.getQueryType())
  }

  mutation(): GeneratedOperation {
    return this.#operation('mutation', this.#upTo(1, 2), this.schema.getMutationType())
  }

  #operation(kind: string, count: number, root: GraphQLObjectType | null | undefined): GeneratedOperation {
    const roots = Object.values(root?.getFields() ?? {}).filter(({ name }) => !SCHEMA_FIELDS.has(name))
    // A list of keys returns many rows, so less is selected on each.
    const hopsOf = ({ args }: AnyField) => (args.some(({ type }) => isListType(getNullableType(type))) ? 1 : 2)
    const fields = Array.from({ length: count }, () => {
      const field = this.#oneOf(roots)
      return this.#field(field, hopsOf(field))
    })
    const declared = this.#declared.length > 0 ? `(${this.#declared.join(', ')})` : ''
    return {
      query: [`${kind} Generated${declared} { ${fields.join(' ')} }`, ...this.#fragments].join('\n'),
      variables: this.#variables,
    }
  }

  /** @param hops how many objects with an id may be nested below it */
  #field(field: AnyField, hops: number, alias = field.args.length > 0 ? this.#alias() : ''): string {
    const type = getNamedType(field.type)
    const condition = field.args.length > 0 && !isListType(getNullableType(field.type)) ? this.#condition() : ''
    return `${alias}${field.name}${this.#arguments(field)}${condition} ${this.#selection(type, hops)}`
  }

  #selection(type: GraphQLNamedType, hops: number): string {
    if (isUnionType(type))
      return `{ ${type
        .getTypes()
        .map((member) => this.#member(type, member, hops))
        .join(' ')} }`
    return isObjectType(type)
      ? this.#set(
          type.name,
          this.#fieldsOf(type, hops, () => undefined),
        )
      : ''
  }

  #member(union: GraphQLUnionType, member: GraphQLObjectType, hops: number): string {
    const others = union.getTypes().filter((type) => type !== member)
    // Fields of one name and different types cannot be siblings.
    const aliasOf = ({ name, type }: AnyField) => {
      const clash = others.some(
        (other) => name in other.getFields() && String(other.getFields()[name]?.type) !== String(type),
      )
      return clash ? this.#alias() : undefined
    }
    return `... on ${member.name} ${this.#set(member.name, this.#fieldsOf(member, hops, aliasOf))}`
  }

  #fieldsOf(type: GraphQLObjectType, hops: number, aliasOf: (field: AnyField) => string | undefined): string[] {
    const fields = Object.values(type.getFields())
    const leaves = fields.filter((field) => isLeafType(getNamedType(field.type)))
    const reachable = fields.filter(
      (field) => !leaves.includes(field) && (hops > 0 || !(leadsOn(field) || isPaged(field))),
    )
    const objects = leaves.length > 0 ? reachable.filter(() => this.#upTo(0, 1) === 0) : reachable
    const wanted = this.#oneOf([leaves, leaves.length > 0 ? this.#some(leaves) : leaves])
    const again = leaves.length > 0 && this.#upTo(0, 2) === 0 ? [`${this.#alias()}${this.#oneOf(leaves).name}`] : []
    return [
      ...[...wanted, ...objects].map((field) => this.#field(field, leadsOn(field) ? hops - 1 : hops, aliasOf(field))),
      ...again,
    ]
  }

  #arguments(field: AnyField): string {
    const subject = subjectOf(getNamedType(field.type))
    const objects = this.#objectsOf(subject)
    const about: About = { subject, objects, names: objects.length > 0 ? this.#oneOf(objects) : {} }
    const given = field.args
      .filter((argument) => isRequiredArgument(argument) || isEnumType(getNamedType(argument.type)))
      .map((argument) => `${argument.name}: ${this.#value(argument, about)}`)
    const accountId = field.args.some(({ name }) => name === 'accountId') ? about.names['accountId'] : undefined
    const all = [...given, ...(isPaged(field) ? this.#page(accountId) : [])]
    return all.length > 0 ? `(${all.join(', ')})` : ''
  }

  #value(input: Input, about: About): string {
    const type = getNamedType(input.type)
    const name = about.names[input.name]
    if (isListType(getNullableType(input.type))) {
      return isKey(type, about.names)
        ? this.#variable(input, this.#listOf(type, about.objects))
        : sampleValue(input, { place: input.name, subject: about.subject })
    }
    if (isEnumType(type)) return this.#oneOf(type.getValues()).name
    if (isInputObjectType(type)) {
      const fields = requiredFields(type).map((field) => `${field.name}: ${this.#value(field, about)}`)
      return `{ ${[...fields, SAMPLES.inputs[type.name]?.(this.#upTo(200, 900)) ?? ''].join(', ')} }`
    }
    return name === undefined
      ? sampleValue(input, { place: input.name, subject: about.subject })
      : this.#variable(input, name)
  }

  /** Keys, ids or references of some objects. */
  #listOf(type: GraphQLNamedType, objects: readonly Names[]): unknown[] {
    if (isInputObjectType(type)) return this.#some(objects)
    if (type.name === '_Any') return this.#references()
    return this.#some(objects).map(({ id }) => id)
  }

  #references(): unknown[] {
    const union = this.schema.getType('_Entity')
    const types = isUnionType(union) ? union.getTypes() : []
    return types.flatMap((type) =>
      this.#some(this.#objectsOf(type)).map((names) => ({ __typename: type.name, ...names })),
    )
  }

  #objectsOf({ name }: GraphQLNamedType): readonly Names[] {
    if (name === 'Account') return this.stock.accountIds.map((id) => ({ id }))
    if (name === 'PaymentLink') return this.stock.keys
    const id = SAMPLES.ids[name]
    return id === undefined ? [] : [{ accountId: SAMPLE_ACCOUNT, id: JSON.parse(id) as string }]
  }

  /** Nested lists are short: long ones take time and test nothing more. */
  #page(accountId: string | undefined): string[] {
    const rows = this.#upTo(1, accountId === undefined ? 30 : 100)
    const cursors = this.stock.cursors.filter((known) => known.accountId === accountId).map(({ cursor }) => cursor)
    const shape = this.#oneOf(['none', 'first', 'last', 'offset', 'after', 'before'] as const)
    const cursor = cursors.length > 0 ? `"${this.#oneOf(cursors)}"` : 'null'
    if (shape === 'none') return []
    if (shape === 'offset') return [`first: ${rows}`, `offset: ${this.#upTo(0, 250)}`]
    if (shape === 'after') return [`first: ${rows}`, `after: ${cursor}`]
    if (shape === 'before') return [`last: ${rows}`, `before: ${cursor}`]
    return [`${shape}: ${rows}`]
  }

  /** A selection set as it is, in an inline fragment, or in a named fragment that is spread twice. */
  #set(type: string, fields: readonly string[]): string {
    const how = this.#oneOf(['plain', 'plain', 'inline', 'spread'] as const)
    if (how === 'plain') return `{ ${fields.join(' ')} }`
    if (how === 'inline') return `{ ...${this.#condition()} { ${fields.join(' ')} } __typename }`
    const name = this.#name('Part')
    this.#fragments.push(`fragment ${name} on ${type} { ${fields.join(' ')} }`)
    return `{ ...${name} ...${name}${this.#condition()} }`
  }

  /** A value as a literal, as a variable or as the default of one. */
  #variable({ type }: Input, value: unknown): string {
    if (this.#upTo(0, 1) === 0) return literal(value)
    const name = this.#name('v')
    const isDefault = this.#upTo(0, 3) === 0
    this.#declared.push(`$${name}: ${type}${isDefault ? ` = ${literal(value)}` : ''}`)
    if (!isDefault) this.#variables[name] = value
    return `$${name}`
  }

  #condition(): string {
    return this.#oneOf(['', '', ' @include(if: true)', ' @skip(if: true)', ' @skip(if: false)'])
  }

  #alias(): string {
    return `${this.#name('a')}: `
  }

  #name(prefix: string): string {
    this.#names += 1
    return `${prefix}${this.#names}`
  }

  // By index: fast-check compares its values, and types refer to each other in circles.
  #some<T>(items: readonly T[]): T[] {
    const maxLength = Math.min(items.length, 40)
    const wanted = this.choose(fc.subarray<number>, [...items.keys()], { minLength: 1, maxLength })
    return items.filter((_item, index) => wanted.includes(index))
  }

  #oneOf<T>(items: readonly T[]): T {
    const item = items[this.#upTo(0, items.length - 1)]
    if (item === undefined) throw new Error('There is nothing to choose from.')
    return item
  }

  #upTo(min: number, max: number): number {
    return this.choose(fc.integer, { min, max })
  }
}

/** Whether a field leads to other objects with an id. Lists of them lead there through their edges and nodes. */
function leadsOn({ type }: AnyField): boolean {
  const named = getNamedType(type)
  return isObjectType(named) && 'id' in named.getFields()
}

function isKey(type: GraphQLNamedType, names: Names): boolean {
  if (isInputObjectType(type)) return requiredFields(type).every(({ name }) => name in names)
  return type.name === 'ID' || type.name === '_Any'
}

function requiredFields(type: GraphQLInputObjectType): GraphQLInputField[] {
  return Object.values(type.getFields()).filter(isRequiredInputField)
}

function isPaged({ args }: AnyField): boolean {
  return args.some(({ name }) => name === 'first')
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{ ${Object.entries(value)
    .map(([name, inner]) => `${name}: ${literal(inner)}`)
    .join(', ')} }`
}
