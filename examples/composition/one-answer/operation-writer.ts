import fc from 'fast-check'
import {
  astFromValue,
  GraphQLBoolean,
  type GraphQLField,
  type GraphQLInputType,
  GraphQLNonNull,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  print,
} from 'graphql'
import { chooseArguments, type Stock } from './arguments.js'

/** A valid operation and its variables. */
export interface Operation {
  readonly query: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** Generates operations over every type, field and argument of the schema, all within the gateway's limits. */
export function operationsOf(schema: GraphQLSchema, stock: Stock): fc.Arbitrary<Operation> {
  return fc.gen().map((choose) => new OperationWriter(schema, stock, choose).write())
}

/** Nested pages: more would cause more upstream calls than one request may. */
const PAGES_DEEP = 2
/** Rows of a page that contains another page. */
const ROWS_MAX = 2
const FIELDS_DEEP = 6

class OperationWriter {
  readonly #fragments: string[] = []
  readonly #declared: string[] = []
  readonly #variables: Record<string, unknown> = {}
  readonly #taken = new Set<string>()
  #names = 0

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly stock: Stock,
    private readonly choose: fc.GeneratorValue,
  ) {}

  write(): Operation {
    const isMutation = this.#oneIn(6)
    const root = isMutation ? this.schema.getMutationType() : this.schema.getQueryType()
    if (!root) throw new Error('The schema has no such operation type.')
    const fields = Array.from({ length: this.#upTo(1, isMutation ? 2 : 3) }, () => {
      const field = this.#oneOf(Object.values(root.getFields()))
      return this.#field(root, field, { depth: FIELDS_DEEP, pages: PAGES_DEEP, isKept: false })
    })
    if (this.#oneIn(6)) fields.push('__typename')
    const declared = this.#declared.length > 0 ? `(${this.#declared.join(', ')})` : ''
    const operation = `${isMutation ? 'mutation' : 'query'} Generated${declared} { ${fields.join(' ')} }`
    return { query: [operation, ...this.#fragments].join('\n'), variables: this.#variables }
  }

  /** A selection set written plainly, partly in an inline fragment, or in a fragment that is spread twice. */
  #selectionSet(type: GraphQLObjectType, room: Room): string {
    const fields = Object.values(type.getFields()).filter(
      (field) => room.depth > 0 || !isObjectType(getNamedType(field.type)),
    )
    const open = fields.filter((field) => room.pages > 0 || !isPage(field.type))
    const picked = this.#someOf(open)
    const written = [
      ...picked.map((field, place) =>
        this.#field(type, field, { ...room, depth: room.depth - 1, isKept: place === 0 }),
      ),
      ...(picked.length === 0 || this.#oneIn(6) ? ['__typename'] : []),
    ]
    return this.#wrapped(type, written)
  }

  // The first field is never conditional: Apollo Gateway does not send a selection that is skipped as a whole, and
  // @graphql-tools/delegate 12.2.1 (stitching, Hive Gateway) loses a field whose only selection is an inline `__typename`.
  #wrapped(type: GraphQLObjectType, fields: readonly string[]): string {
    const half = Math.ceil(fields.length / 2)
    const [head, tail] = [fields.slice(0, half).join(' '), fields.slice(half).join(' ')]
    const how = this.#oneOf(['plain', 'plain', 'plain', 'inline', 'untyped', 'spread'] as const)
    if (how === 'plain' || tail === '' || tail === '__typename') return `{ ${fields.join(' ')} }`
    if (how === 'inline') return `{ ${head} ... on ${type.name}${this.#condition()} { ${tail} } }`
    if (how === 'untyped') return `{ ...${this.#condition()} { ${tail} } ${head} }`
    const name = this.#name('Part')
    this.#fragments.push(`fragment ${name} on ${type.name} { ${fields.join(' ')} }`)
    return `{ ...${name}${this.#condition()} ...${name} }`
  }

  #field(parent: GraphQLObjectType, field: GraphQLField<unknown, unknown>, room: Room): string {
    const type = getNamedType(field.type)
    const rowsMax = room.depth < FIELDS_DEEP || this.#oneIn(2) ? ROWS_MAX : undefined
    const args = field.args.length > 0 ? this.#arguments(`${parent.name}.${field.name}`, field, rowsMax) : ''
    const pages = isPage(field.type) ? (rowsMax === undefined ? 0 : room.pages - 1) : room.pages
    const selectionSet = isObjectType(type) ? ` ${this.#selectionSet(type, { ...room, pages })}` : ''
    return `${this.#alias(field)}${field.name}${args}${room.isKept ? '' : this.#condition()}${selectionSet}`
  }

  /** A field with arguments appears only once without an alias: twice with different arguments would be invalid. */
  #alias({ name, args }: GraphQLField<unknown, unknown>): string {
    const isFree = args.length === 0 || !this.#taken.has(name)
    if (isFree && this.#oneIn(2)) {
      this.#taken.add(name)
      return ''
    }
    return `${this.#name('a')}: `
  }

  #arguments(coordinate: string, { args }: GraphQLField<unknown, unknown>, rowsMax: number | undefined): string {
    const values = chooseArguments(coordinate, { choose: this.choose, stock: this.stock, rowsMax })
    const given = args
      .filter(({ name }) => values[name] !== undefined)
      .map(({ name, type }) => `${name}: ${this.#value(type, values[name])}`)
    return given.length > 0 ? `(${given.join(', ')})` : ''
  }

  /** Writes the value as a literal, as a variable, or as a variable's default. */
  #value(type: GraphQLInputType, value: unknown): string {
    const how = this.#oneOf(['literal', 'variable', 'default'] as const)
    const text = how === 'variable' ? undefined : literal(value, type)
    if (how === 'literal' && text !== undefined) return text
    const name = this.#name('v')
    this.#declared.push(`$${name}: ${type}${text === undefined ? '' : ` = ${text}`}`)
    if (text === undefined) this.#variables[name] = value
    return `$${name}`
  }

  #condition(): string {
    if (!this.#oneIn(8)) return ''
    return ` @${this.#oneOf(['include', 'skip'])}(if: ${this.#value(new GraphQLNonNull(GraphQLBoolean), this.#oneIn(2))})`
  }

  #name(prefix: string): string {
    this.#names += 1
    return `${prefix}${this.#names}`
  }

  // Chooses an index rather than an item: fast-check compares items, and the parts of a schema refer to each other in circles.
  #oneOf<T>(items: readonly T[]): T {
    const chosen = items[this.#upTo(0, items.length - 1)]
    if (chosen === undefined) throw new Error('There is nothing to choose from.')
    return chosen
  }

  #someOf<T>(items: readonly T[]): T[] {
    const places = this.choose(fc.subarray, [...items.keys()], { maxLength: Math.min(items.length, 6) })
    return items.filter((_, place) => places.includes(place))
  }

  #oneIn(count: number): boolean {
    return this.#upTo(1, count) === 1
  }

  #upTo(min: number, max: number): number {
    return this.choose(fc.integer, { min, max })
  }
}

/** How much deeper a selection may go, in fields and in nested pages, and whether a field is unconditional. */
interface Room {
  readonly depth: number
  readonly pages: number
  readonly isKept: boolean
}

function isPage(type: GraphQLOutputType): boolean {
  const named = getNamedType(type)
  return isObjectType(named) && 'pageInfo' in named.getFields()
}

/** Undefined for a value that has no GraphQL literal without knowing its scalar: an object in a JSON scalar. */
function literal(value: unknown, type: GraphQLInputType): string | undefined {
  try {
    const node = astFromValue(value, type)
    return node ? print(node) : undefined
  } catch {
    return undefined
  }
}
