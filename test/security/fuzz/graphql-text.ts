import {
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'
import { sampleArguments, sampleValue, selectionOf, subjectOf } from '../../support/sample-operations.js'
import { servedSchema } from '../../support/static-cost.js'
import type { Random } from './random.js'

const TYPES = Object.values(servedSchema.getTypeMap()).filter((type) => !isIntrospectionType(type))
const FIELDS = TYPES.filter(isObjectType).flatMap((type) => Object.values(type.getFields()))

const TYPE_NAMES = ['Nope', ...TYPES.map(({ name }) => name)]
const FIELD_NAMES = ['nothing', '__typename', ...FIELDS.map(({ name }) => name)]
const ARGUMENT_NAMES = ['nothing', ...FIELDS.flatMap(({ args }) => args.map(({ name }) => name))]
export const INPUT_FIELD_NAMES = [
  '__proto__',
  ...TYPES.filter(isInputObjectType).flatMap((type) => Object.keys(type.getFields())),
]

const PUNCTUATION = [...'{}()[]:=!|&$@"#\\,\n\u0000', '...', '"""']
const WORDS = 'query mutation subscription fragment on true null type schema extend __schema @include if $v'.split(' ')
const VALUES = ['0', '-1', '1e999', '9'.repeat(40), '1.', '"\\u{110000}"', '"\\uD800"', '\ufeff', '🧾', 'x'.repeat(300)]
const NAMES = [...ARGUMENT_NAMES, ...FIELD_NAMES]

/** Tokens in random order. */
export function tokenSoup(random: Random): string {
  const token = () => random.oneOf(random.oneOf([PUNCTUATION, PUNCTUATION, WORDS, VALUES, NAMES]))
  return random.times(60, token).join(random.oneOf([' ', '', '\n']))
}

/** For each argument of each root field, a valid operation `Q` that takes it as the variable `$v`. */
export const OPERATIONS = [
  '{ __typename }',
  ...(['query', 'mutation'] as const).flatMap((kind) => fieldsOf(rootOf(kind)).flatMap(operationsOver(kind))),
]

function operationsOver(kind: 'query' | 'mutation') {
  return (field: GraphQLField<unknown, unknown>): string[] => {
    const type = getNamedType(field.type)
    const at = { place: `${kind} ${field.name}`, subject: subjectOf(type) }
    return field.args.map((varied) => {
      const given = field.args
        .filter((argument) => argument === varied || isRequiredArgument(argument))
        .map((argument) => `${argument.name}: ${argument === varied ? '$v' : sampleValue(argument, at)}`)
      return `${kind} Q($v: ${varied.type}) { ${field.name}(${given.join(', ')}) ${selectionOf(type, 0)} }`
    })
  }
}

/** A document that is valid GraphQL syntax; whether it fits the schema is left to chance. */
export function grammarDocument(random: Random, accountIds: readonly string[]): string {
  const writer = new GrammarWriter(random, accountIds)
  const fragments = random.times(2, () => `fragment F${random.below(3)} ${writer.onType(3)}`)
  const kind = random.oneOf(['query', 'query', 'query', 'mutation', 'subscription'])
  const variables = random.chance(0.3) ? `($v: ${random.oneOf(['Int', 'ID!', '[ID!]!', 'PaymentLinkKey'])})` : ''
  return [`${kind} Q${variables} ${writer.selections(rootOf(kind), 4)}`, ...fragments].join(' ')
}

class GrammarWriter {
  constructor(
    private readonly random: Random,
    private readonly accountIds: readonly string[],
  ) {}

  /** A type condition and a selection set of, usually, that type. */
  onType(depth: number): string {
    const name = this.random.oneOf(TYPE_NAMES)
    return `on ${name} ${this.selections(servedSchema.getType(name), depth)}`
  }

  selections(type: GraphQLNamedType | undefined, depth: number): string {
    const one = () => this.#selection(type, depth)
    return `{ ${[one(), ...this.random.times(3, one)].join(' ')} }`
  }

  #selection(type: GraphQLNamedType | undefined, depth: number): string {
    const { random } = this
    if (random.chance(0.1)) return `...F${random.below(3)}${this.#directive()}`
    if (random.chance(0.1) && depth > 0) return `... ${this.onType(depth - 1)}`
    const alias = random.chance(0.2) ? `a${random.below(5)}: ` : ''
    const name = this.#fieldName(type)
    const field = fieldsOf(type).find((known) => known.name === name)
    const below = field && getNamedType(field.type)
    const isNested = depth > 0 && random.chance(isObjectType(below) ? 0.9 : 0.1)
    const nested = isNested ? ` ${this.selections(below, depth - 1)}` : ''
    return `${alias}${name}${this.#arguments(type, field)}${this.#directive()}${nested}`
  }

  #fieldName(type: GraphQLNamedType | undefined): string {
    const own = fieldsOf(type).map(({ name }) => name)
    return this.random.oneOf(own.length > 0 && this.random.chance(0.9) ? own : FIELD_NAMES)
  }

  #arguments(type: GraphQLNamedType | undefined, field: GraphQLField<unknown, unknown> | undefined): string {
    const { random } = this
    if (type && field && random.chance(0.5)) return sampleArguments(type.name, field)
    if (!random.chance(field && field.args.length > 0 ? 0.9 : 0.1)) return ''
    const own = field?.args.map(({ name }) => name) ?? []
    const one = () => `${random.oneOf([random.oneOf(ARGUMENT_NAMES), ...own])}: ${this.#value(3)}`
    return `(${[one(), ...random.times(3, one)].join(', ')})`
  }

  #directive(): string {
    const { random } = this
    const name = random.oneOf(['include', 'skip', 'deprecated', 'nothing'])
    return random.chance(0.1) ? ` @${name}(if: ${this.#value(0)})` : ''
  }

  #value(depth: number): string {
    const { random } = this
    if (random.chance(0.3)) return `"${this.accountIds[random.below(this.accountIds.length)]}"`
    if (depth > 0 && random.chance(0.2)) return `[${random.times(4, () => this.#value(depth - 1)).join(' ')}]`
    if (depth > 0 && random.chance(0.2)) return this.#object(depth - 1)
    if (random.chance(0.05)) return `"""${tokenSoup(random).replaceAll('"""', '')} """`
    const text = ['""', '"1"', `"${'9'.repeat(30)}"`]
    return random.oneOf(['0', '1', '25', '101', '-3', '1e400', '1.5', 'true', 'null', 'OPEN', '$v', ...text])
  }

  #object(depth: number): string {
    const field = () => `${this.random.oneOf(INPUT_FIELD_NAMES)}: ${this.#value(depth)}`
    return `{ ${this.random.times(5, field).join(', ')} }`
  }
}

function rootOf(kind: string): GraphQLNamedType | undefined {
  return (kind === 'mutation' ? servedSchema.getMutationType() : servedSchema.getQueryType()) ?? undefined
}

function fieldsOf(type: GraphQLNamedType | undefined): readonly GraphQLField<unknown, unknown>[] {
  return isObjectType(type) ? Object.values(type.getFields()) : []
}
