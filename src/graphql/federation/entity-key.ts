import {
  coerceInputValue,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLSchema,
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
  /** The directive's `fields`: `accountId id`. */
  readonly fields: string
  /**
   * The key's fields, coerced to the schema's types; undefined when the reference lacks one of them.
   * @throws GatewayError BAD_USER_INPUT for a value that cannot be coerced
   */
  read(reference: Reference): Reference | undefined
}

/** The keys that references to a type may use, in the order of its directives; none unless it is an object type. */
export function keysOf(schema: GraphQLSchema, typename: string): readonly EntityKey[] {
  const type = schema.getType(typename)
  if (!isObjectType(type)) return []
  const directives = type.astNode?.directives ?? []
  return directives
    .filter(({ name }) => name.value === 'key')
    .map((key) => new Map(key.arguments?.map(({ name, value }) => [name.value, valueFromASTUntyped(value)])))
    .filter((given) => given.get('resolvable') !== false)
    .map((given) => parseKey(type, String(given.get('fields'))))
}

function parseKey(type: GraphQLObjectType, fields: string): EntityKey {
  const [operation] = parse(`{ ${fields} }`).definitions
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`${type.name} has no key in "${fields}"`)
  return { fields, read: readerOf(type, operation.selectionSet) }
}

function readerOf(type: GraphQLObjectType, { selections }: SelectionSetNode): EntityKey['read'] {
  const readers = selections.map((node) => {
    if (node.kind !== Kind.FIELD) throw new Error(`A key of ${type.name} has a fragment, which is not allowed`)
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
  if (!isInputType(type)) throw new Error(`${coordinate} cannot be part of a key`)
  return (value) => {
    if (value === undefined) return undefined
    return coerceInputValue(value, type, () => {
      throw badUserInput(`${coordinate} must be of type ${String(type)}, but got: ${excerpt(value)}.`)
    })
  }
}
