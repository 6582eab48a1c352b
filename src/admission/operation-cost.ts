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
  type InlineFragmentNode,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionNode,
  TypeNameMetaFieldDef,
  valueFromASTUntyped,
} from 'graphql'
import type { KnownArguments, Pricing } from './field-cost.js'
import { selectedFields } from './selected-fields.js'
import { addCosts, costOfField, NO_COST, type SelectionCost } from './selection-cost.js'
import { foldSelections, fragmentsOf, responseKey, selectionSetsOf } from './selection-walk.js'

export type Variables = Readonly<Record<string, unknown>>

/** The most that an operation may cause with given variables. */
export type OperationCost = Omit<SelectionCost, 'batches' | 'errors'>

/** Prices an operation of one document. */
export type OperationCostOf = (operation: OperationDefinitionNode, variables: Variables) => OperationCost

export interface PricedDocument {
  readonly document: DocumentNode
  readonly schema: GraphQLSchema
  readonly pricing: Pricing
  /** Bytes of the largest JSON value in a response. */
  readonly jsonBytes: number
}

/**
 * Prices the operations of a document, which may be invalid in any way. Each is compiled when it is first priced: what does
 * not depend on variables is added up then, the rest once per request, however often a fragment is spread.
 */
export function createCostOf(priced: PricedDocument): OperationCostOf {
  const { schema, pricing } = priced
  const priceOf = foldSelections<GraphQLNamedType, Price>(fragmentsOf(priced.document), {
    join: joinPrices,
    field: fieldPricer(priced),
    enter: (node, type) => typeInside(schema, node, type),
    direct: priceIfIncluded,
  })
  const prices = new Map<OperationDefinitionNode, Price>()
  return (operation, variables) => {
    const root = schema.getRootType(operation.operation)
    const price = prices.get(operation) ?? (root ? priceOf(operation.selectionSet, root) : NO_COST)
    prices.set(operation, price)
    const given = { ...defaultsOf(operation), ...definedOf(variables) }
    const cost = costIn({ variables: given, known: new Map() }, price)
    const batchCalls = cost.batches === undefined ? 0 : pricing.batchCalls(cost.batches)
    return { ...cost, upstreamCalls: cost.upstreamCalls + batchCalls }
  }
}

/** The cost of a part of the operation: a constant unless it depends on a variable. */
type Price = SelectionCost | PriceOf
type PriceOf = (request: Request) => SelectionCost

interface Request {
  readonly variables: Variables
  /** Costs computed for this request so far. */
  readonly known: Map<PriceOf, SelectionCost>
}

function costIn(request: Request, price: Price): SelectionCost {
  if (typeof price !== 'function') return price
  const cost = request.known.get(price) ?? price(request)
  request.known.set(price, cost)
  return cost
}

function joinPrices(prices: readonly Price[]): Price {
  const fixed = prices.filter((price) => typeof price !== 'function').reduce(addCosts, NO_COST)
  const varying = prices.filter((price) => typeof price === 'function')
  if (varying.length === 0) return fixed
  return (request) => varying.reduce((sum, price) => addCosts(sum, costIn(request, price)), fixed)
}

type FieldPricer = (node: FieldNode, below: Price | undefined, type: GraphQLNamedType) => Price

function fieldPricer({ document, pricing, jsonBytes }: PricedDocument): FieldPricer {
  const fragments = fragmentsOf(document)
  return (node, below, type) => {
    if (node.name.value === SchemaMetaFieldDef.name) return WHOLE_SCHEMA
    const field = fieldOf(type, node)
    if (field === undefined) return NO_COST
    const cost = pricing.costs[`${type.name}.${field.name}`]
    const selected = { key: responseKey(node), field, jsonBytes }
    if (typeof cost !== 'function' && typeof below !== 'function') return costOfField({ ...selected, cost, below })
    const fieldsBelow = selectedFields(selectionSetsOf([node]), fragments)
    return (request) =>
      costOfField({
        ...selected,
        cost: typeof cost === 'function' ? cost(argumentsIn(request, field, node), fieldsBelow) : cost,
        below: below && costIn(request, below),
      })
  }
}

/** Introspection returns what the SDL does, in more bytes. */
const WHOLE_SCHEMA: SelectionCost = { ...NO_COST, sdls: 1 }

function fieldOf(type: GraphQLNamedType, { name }: FieldNode): GraphQLField<unknown, unknown> | undefined {
  if (name.value === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name.value] : undefined
}

function typeInside(
  schema: GraphQLSchema,
  node: FieldNode | InlineFragmentNode | FragmentDefinitionNode,
  type: GraphQLNamedType | undefined,
): GraphQLNamedType | undefined {
  if (node.kind === Kind.FIELD) {
    const field = type && fieldOf(type, node)
    return field && getNamedType(field.type)
  }
  const condition = node.typeCondition && schema.getType(node.typeCondition.name.value)
  return node.kind === Kind.FRAGMENT_DEFINITION ? condition : type && (condition ?? type)
}

function argumentsIn({ variables }: Request, field: GraphQLField<unknown, unknown>, node: FieldNode): KnownArguments {
  const given = new Map((node.arguments ?? []).map((argument) => [argument.name.value, argument.value]))
  const args = field.args.map(({ name, defaultValue }): [string, unknown] => {
    const literal = given.get(name)
    const value = literal && valueFromASTUntyped(literal, variables)
    return [name, value === undefined ? defaultValue : value]
  })
  return Object.fromEntries(args)
}

/** `@skip` and `@include` leave a selection out only where the condition is known to. */
function priceIfIncluded(price: Price, { directives = [] }: SelectionNode): Price {
  const conditions = directives.filter(({ name }) => ['skip', 'include'].includes(name.value))
  if (conditions.length === 0) return price
  return (request) => (conditions.some((condition) => leavesOut(condition, request)) ? NO_COST : costIn(request, price))
}

function leavesOut({ name, arguments: given }: DirectiveNode | ConstDirectiveNode, { variables }: Request): boolean {
  const condition = given?.find((argument) => argument.name.value === 'if')
  const value = condition && valueFromASTUntyped(condition.value, variables)
  return value === (name.value === 'skip')
}

function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Variables {
  const defaults = variableDefinitions.flatMap(({ variable, defaultValue }) =>
    defaultValue === undefined ? [] : [[variable.name.value, valueFromASTUntyped(defaultValue)]],
  )
  return Object.fromEntries(defaults)
}

function definedOf(variables: Variables): Variables {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined))
}
