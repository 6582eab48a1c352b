import {
  type ConstDirectiveNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
  valueFromASTUntyped,
} from 'graphql'
import type { Batches, CostTable, KnownArguments } from './field-cost.js'
import { fragmentsOf } from './fragments.js'
import { Selections } from './selections.js'
import { add, NOTHING, type Total, totalOf } from './total.js'

export type Variables = Readonly<Record<string, unknown>>

/** The most an operation may cause with given variables. */
export type Cost = Omit<Total, 'batches' | 'places'>

export type CostOf = (variables: Variables) => Cost

/** Prices the operations of one document. */
export interface CostCompiler {
  operation(operation: OperationDefinitionNode): CostOf
}

/**
 * Compiles operations of a document that may be invalid in any way: what no variable changes is summed up once, the rest for
 * each request's variables. A fragment is compiled once and summed up once, however often it is spread.
 */
export function createCostCompiler(parts: Parts): CostCompiler {
  const compiler = new Compiler(parts)
  return {
    operation: (operation) => {
      const root = parts.schema.getRootType(operation.operation)
      if (!root) return () => NOTHING
      const price = compiler.selections(root, operation.selectionSet)
      const defaults = defaultsOf(operation)
      return (variables) => {
        const total = priceIn({ variables: { ...defaults, ...definedOf(variables) }, fragments: new Map() }, price)
        const batched = total.batches === undefined ? 0 : parts.batchCalls(total.batches)
        return { ...total, upstreamCalls: total.upstreamCalls + batched }
      }
    },
  }
}

interface Parts {
  readonly document: DocumentNode
  readonly schema: GraphQLSchema
  readonly costs: CostTable
  /** The most calls that it takes to read rows by their ids, as the batch plan reads them. */
  readonly batchCalls: (batches: Batches) => number
  /** Of the largest JSON value that an answer carries. */
  readonly jsonBytes: number
}

interface Request {
  readonly variables: Variables
  /** The fragments summed up so far. */
  readonly fragments: Map<string, Total>
}

/** Of a part of the operation; the same for every request where no variable is in it. */
type Price = Total | PriceOf
type PriceOf = (request: Request) => Total

function priceIn(request: Request, price: Price): Total {
  return typeof price === 'function' ? price(request) : price
}

class Compiler {
  readonly #definitions: ReadonlyMap<string, FragmentDefinitionNode>
  readonly #fragments = new Map<string, Price>()
  readonly #selections: Selections

  constructor(private readonly parts: Parts) {
    this.#definitions = fragmentsOf(parts.document)
    this.#selections = new Selections(this.#definitions)
  }

  selections(type: GraphQLNamedType, { selections }: SelectionSetNode): Price {
    const prices = selections.map((selection) => onlyIfAsked(selection, this.#selection(type, selection)))
    const fixed = prices.filter((price) => typeof price !== 'function').reduce(add, NOTHING)
    const varying = prices.filter((price) => typeof price === 'function')
    if (varying.length === 0) return fixed
    return (request) => varying.reduce((sum, price) => add(sum, price(request)), fixed)
  }

  #selection(type: GraphQLNamedType, selection: SelectionNode): Price {
    switch (selection.kind) {
      case Kind.FIELD:
        return this.#field(type, selection)
      case Kind.INLINE_FRAGMENT:
        return this.selections(this.#typeOf(selection.typeCondition?.name.value) ?? type, selection.selectionSet)
      case Kind.FRAGMENT_SPREAD:
        return this.#fragment(selection.name.value)
    }
  }

  #field(type: GraphQLNamedType, node: FieldNode): Price {
    if (node.name.value === SchemaMetaFieldDef.name) return WHOLE_SCHEMA
    const field = fieldOf(type, node)
    if (field === undefined) return NOTHING
    const cost = this.parts.costs[`${type.name}.${field.name}`]
    const below = node.selectionSet && this.selections(getNamedType(field.type), node.selectionSet)
    const asked = { key: (node.alias ?? node.name).value, field, jsonBytes: this.parts.jsonBytes }
    if (typeof cost !== 'function' && typeof below !== 'function') return totalOf({ ...asked, cost, below })
    const selected = this.#selections.below(node.selectionSet)
    return (request) =>
      totalOf({
        ...asked,
        cost: typeof cost === 'function' ? cost(argumentsIn(request, field, node), selected) : cost,
        below: below && priceIn(request, below),
      })
  }

  #fragment(name: string): Price {
    const known = this.#fragments.get(name)
    if (known !== undefined) return known
    // A circle costs nothing: validation refuses it.
    this.#fragments.set(name, NOTHING)
    const price = this.#compileFragment(name)
    this.#fragments.set(name, price)
    return price
  }

  #compileFragment(name: string): Price {
    const definition = this.#definitions.get(name)
    const type = this.#typeOf(definition?.typeCondition.name.value)
    const price = definition && type ? this.selections(type, definition.selectionSet) : NOTHING
    if (typeof price !== 'function') return price
    return (request) => {
      const total = request.fragments.get(name) ?? price(request)
      request.fragments.set(name, total)
      return total
    }
  }

  #typeOf(name: string | undefined): GraphQLNamedType | undefined {
    return name === undefined ? undefined : this.parts.schema.getType(name)
  }
}

/** Introspection says what the text does, in more bytes. */
const WHOLE_SCHEMA: Total = { ...NOTHING, sdls: 1 }

function fieldOf(type: GraphQLNamedType, { name }: FieldNode): GraphQLField<unknown, unknown> | undefined {
  if (name.value === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name.value] : undefined
}

function argumentsIn({ variables }: Request, field: GraphQLField<unknown, unknown>, node: FieldNode): KnownArguments {
  const given = new Map((node.arguments ?? []).map((argument) => [argument.name.value, argument.value]))
  const args = field.args.map(({ name, defaultValue }): [string, unknown] => {
    const node = given.get(name)
    const value = node === undefined ? undefined : valueFromASTUntyped(node, variables)
    return [name, value === undefined ? defaultValue : value]
  })
  return Object.fromEntries(args)
}

/** `@skip` and `@include` take a part out only where their condition is known to. */
function onlyIfAsked(selection: SelectionNode, price: Price): Price {
  const conditions = (selection.directives ?? []).filter(
    ({ name }) => name.value === 'skip' || name.value === 'include',
  )
  if (conditions.length === 0) return price
  return (request) =>
    conditions.some((condition) => leavesOut(condition, request)) ? NOTHING : priceIn(request, price)
}

function leavesOut({ name, arguments: given }: DirectiveNode | ConstDirectiveNode, { variables }: Request): boolean {
  const condition = given?.find((argument) => argument.name.value === 'if')
  const value = condition && valueFromASTUntyped(condition.value, variables)
  return value === (name.value === 'skip')
}

function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Variables {
  return Object.fromEntries(
    variableDefinitions
      .filter(({ defaultValue }) => defaultValue !== undefined)
      .map(({ variable, defaultValue }) => [variable.name.value, defaultValue && valueFromASTUntyped(defaultValue)]),
  )
}

function definedOf(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined))
}
