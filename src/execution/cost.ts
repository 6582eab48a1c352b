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
  type SelectionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql'
import type { CostTable, FieldCost } from '../graphql/field-cost.js'

export type Variables = Readonly<Record<string, unknown>>

/** The most an operation may cause with given variables. */
export interface Cost {
  readonly upstreamCalls: number
  /** The longest key list. */
  readonly keys: number
  /** The longest list of representations. */
  readonly references: number
}

export type CostOf = (variables: Variables) => Cost

/** Prices the operations of one document. */
export interface CostCompiler {
  operation(operation: OperationDefinitionNode): CostOf
}

/**
 * Compiles operations of a document that may be invalid in any way: what costs nothing is left out once, the rest is summed
 * up for each request's variables. A fragment is compiled once and summed up once, however often it is spread.
 */
export function createCostCompiler(parts: Parts): CostCompiler {
  const compiler = new Compiler(parts)
  return {
    operation: (operation) => {
      const root = parts.schema.getRootType(operation.operation)
      const price = root ? compiler.selections(root, operation.selectionSet) : undefined
      if (price === undefined) return () => NOTHING
      const defaults = defaultsOf(operation)
      return (variables) => {
        const request: Request = {
          variables: { ...defaults, ...definedOf(variables) },
          fragments: new Map(),
          keys: 0,
          references: 0,
        }
        const upstreamCalls = price(request)
        return { upstreamCalls, keys: request.keys, references: request.references }
      }
    },
  }
}

interface Parts {
  readonly document: DocumentNode
  readonly schema: GraphQLSchema
  readonly costs: CostTable
}

const NOTHING: Cost = { upstreamCalls: 0, keys: 0, references: 0 }

interface Request {
  readonly variables: Variables
  /** Calls of the fragments summed up so far. */
  readonly fragments: Map<string, number>
  keys: number
  references: number
}

/** Calls of a part of the operation; a part that never costs anything has no price. */
type Price = (request: Request) => number

class Compiler {
  readonly #definitions: ReadonlyMap<string, FragmentDefinitionNode>
  readonly #fragments = new Map<string, Price | undefined>()

  constructor(private readonly parts: Parts) {
    const fragments = parts.document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
    this.#definitions = new Map(fragments.map((fragment) => [fragment.name.value, fragment]))
  }

  selections(type: GraphQLNamedType, { selections }: SelectionSetNode): Price | undefined {
    const prices = selections
      .map((selection) => onlyIfAsked(selection, this.#selection(type, selection)))
      .filter((price) => price !== undefined)
    if (prices.length === 0) return undefined
    return (request) => prices.reduce((sum, price) => sum + price(request), 0)
  }

  #selection(type: GraphQLNamedType, selection: SelectionNode): Price | undefined {
    switch (selection.kind) {
      case Kind.FIELD:
        return this.#field(type, selection)
      case Kind.INLINE_FRAGMENT:
        return this.selections(this.#typeOf(selection.typeCondition?.name.value) ?? type, selection.selectionSet)
      case Kind.FRAGMENT_SPREAD:
        return this.#fragment(selection.name.value)
    }
  }

  #field(type: GraphQLNamedType, node: FieldNode): Price | undefined {
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined
    if (field === undefined) return undefined
    const cost = this.parts.costs[`${type.name}.${field.name}`]
    const below = node.selectionSet && this.selections(getNamedType(field.type), node.selectionSet)
    const isFree = typeof cost === 'object' && cost.calls === 0
    if (below === undefined && (cost === undefined || isFree)) return undefined
    return (request) => {
      const { calls, rows = 1, keys = 0, references = 0 } = costIn(request, { cost, field, node })
      request.keys = Math.max(request.keys, keys)
      request.references = Math.max(request.references, references)
      return calls + (below === undefined || rows === 0 ? 0 : rows * below(request))
    }
  }

  #fragment(name: string): Price | undefined {
    if (!this.#fragments.has(name)) {
      // A circle costs nothing: validation refuses it.
      this.#fragments.set(name, undefined)
      this.#fragments.set(name, this.#compileFragment(name))
    }
    return this.#fragments.get(name)
  }

  #compileFragment(name: string): Price | undefined {
    const definition = this.#definitions.get(name)
    const type = this.#typeOf(definition?.typeCondition.name.value)
    const price = definition && type && this.selections(type, definition.selectionSet)
    if (price === undefined) return undefined
    return (request) => {
      const calls = request.fragments.get(name) ?? price(request)
      request.fragments.set(name, calls)
      return calls
    }
  }

  #typeOf(name: string | undefined): GraphQLNamedType | undefined {
    return name === undefined ? undefined : this.parts.schema.getType(name)
  }
}

interface PricedField {
  readonly cost: CostTable[string] | undefined
  readonly field: GraphQLField<unknown, unknown>
  readonly node: FieldNode
}

function costIn({ variables }: Request, { cost, field, node }: PricedField): FieldCost {
  if (typeof cost !== 'function') return cost ?? { calls: 0 }
  const given = new Map((node.arguments ?? []).map((argument) => [argument.name.value, argument.value]))
  const args = field.args.map(({ name, defaultValue }): [string, unknown] => {
    const node = given.get(name)
    const value = node === undefined ? undefined : valueFromASTUntyped(node, variables)
    return [name, value === undefined ? defaultValue : value]
  })
  return cost(Object.fromEntries(args))
}

/** `@skip` and `@include` take a part out only where their condition is known to. */
function onlyIfAsked(selection: SelectionNode, price: Price | undefined): Price | undefined {
  const conditions = (selection.directives ?? []).filter(
    ({ name }) => name.value === 'skip' || name.value === 'include',
  )
  if (price === undefined || conditions.length === 0) return price
  return (request) => (conditions.some((condition) => leavesOut(condition, request)) ? 0 : price(request))
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
