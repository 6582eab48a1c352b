import {
  coerceInputValue,
  type FieldNode,
  type GraphQLObjectType,
  isInputType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql'
import { badUserInput } from '../../kernel/errors.js'
import { excerpt } from '../../kernel/excerpt.js'
import { isReference, type Reference } from './entity.js'

/** One `@key` of a type. */
export interface EntityKey {
  /** `accountId id`, as `fields` has it. */
  readonly fields: string
  /**
   * The key's fields with values of the schema's types; undefined when one of them is missing.
   * @throws GatewayError BAD_USER_INPUT for a field whose value is of another type
   */
  read(reference: Reference): Reference | undefined
}

/** The keys by which a type can be asked for, in the order of its class. */
export function keysOf(type: GraphQLObjectType): readonly EntityKey[] {
  const directives = type.astNode?.directives ?? []
  return directives
    .filter(({ name }) => name.value === 'key')
    .map((key) => new Map(key.arguments?.map(({ name, value }) => [name.value, valueFromASTUntyped(value)])))
    .filter((given) => given.get('resolvable') !== false)
    .map((given) => keyOf(type, String(given.get('fields'))))
}

function keyOf(type: GraphQLObjectType, fields: string): EntityKey {
  const [operation] = parse(`{ ${fields} }`).definitions
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`${type.name} has no key in "${fields}"`)
  return { fields, read: readerOf(type, operation.selectionSet) }
}

function readerOf(type: GraphQLObjectType, { selections }: SelectionSetNode): EntityKey['read'] {
  const readers = selections.map((node) => {
    if (node.kind !== Kind.FIELD) throw new Error(`A key of ${type.name} has a fragment, which no key may have`)
    return [node.name.value, valueReaderOf(type, node)] as const
  })
  return (reference) => {
    const values = readers.map(([name, read]) => [name, read(reference[name])] as const)
    return values.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(values)
  }
}

function valueReaderOf(parent: GraphQLObjectType, { name, selectionSet }: FieldNode): (value: unknown) => unknown {
  const coordinate = `${parent.name}.${name.value}`
  const type = parent.getFields()[name.value]?.type
  const bare = type !== undefined && 'ofType' in type ? type.ofType : type
  if (selectionSet !== undefined && isObjectType(bare)) {
    const read = readerOf(bare, selectionSet)
    return (value) => (isReference(value) ? read(value) : undefined)
  }
  if (!isInputType(type)) throw new Error(`${coordinate} is no field that a key can be made of`)
  return (value) => {
    if (value === undefined) return undefined
    return coerceInputValue(value, type, () => {
      throw badUserInput(`${coordinate} is of type ${String(type)}, but got: ${excerpt(value)}.`)
    })
  }
}
