import type { GraphQLSchema } from 'graphql'
import type { SelectedFields } from '../../admission/field-cost.js'
import { badUserInput } from '../../kernel/errors.js'
import { excerpt } from '../../kernel/excerpt.js'
import { loadEach } from '../batch/key-list.js'
import type { RequestScope } from '../scope.js'
import { type Entity, isReference, type Reference } from './entity.js'
import { keysOf } from './entity-key.js'

/** Resolves `_entities`: null for a reference to nothing, an Error in place of one that fails. */
export type ReferencesResolver = (
  scope: RequestScope,
  representations: readonly unknown[],
  selected: SelectedFields,
) => Promise<(object | null | Error)[]>

/**
 * Replaces the resolver of `@apollo/subgraph`, which fails the whole list for one unknown `__typename`.
 * @throws Error when a type has a key but no entity, or an entity has no key
 */
export function createReferencesResolver(schema: GraphQLSchema, entities: readonly Entity[]): ReferencesResolver {
  const resolvers = new Map<unknown, ReferenceResolver>(
    entities.map((entity) => [entity.typename, createReferenceResolver(schema, entity)]),
  )
  const unresolved = Object.keys(schema.getTypeMap()).filter(
    (name) => !resolvers.has(name) && keysOf(schema, name).length > 0,
  )
  if (unresolved.length > 0)
    throw new Error(`Nothing resolves references to ${unresolved.join(', ')}, which has a @key`)
  return (scope, representations, selected) =>
    loadEach(representations, async (representation) => {
      if (!isReference(representation)) {
        throw badUserInput(`A representation must be an object, but got: ${excerpt(representation)}.`)
      }
      const resolve = resolvers.get(representation['__typename'])
      if (resolve !== undefined) return resolve(scope, representation, selected)
      const got = excerpt(representation['__typename'])
      throw badUserInput(`The __typename of a representation must be that of an entity, but got: ${got}.`)
    })
}

type ReferenceResolver = (
  scope: RequestScope,
  representation: Reference,
  selected: SelectedFields,
) => Promise<object | null>

function createReferenceResolver(schema: GraphQLSchema, entity: Entity): ReferenceResolver {
  const { typename } = entity
  const keys = keysOf(schema, typename)
  if (keys.length === 0) throw new Error(`${typename} has no @key to resolve references by`)
  const expected = keys.map(({ fields }) => `"${fields}"`).join(' or ')
  return async (scope, representation, selected) => {
    let key: Reference | undefined
    for (const { read } of keys) key ??= read(representation)
    if (key === undefined) {
      const got = Object.keys(representation).filter((name) => name !== '__typename')
      throw badUserInput(
        `A reference to ${typename} must have the fields ${expected}, but got: ${excerpt(got.join(' '))}.`,
      )
    }
    const found = await entity.resolveReference(scope, { ...representation, ...key } as never, selected)
    // The loader's object is shared, so the type's name goes on a copy.
    return found && { ...found, __typename: typename }
  }
}
