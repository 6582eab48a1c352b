import { type GraphQLSchema, isObjectType } from 'graphql'
import { type CostTable, countByList, type FieldCostOf, itemsOf, joinBatches } from '../../admission/field-cost.js'
import { badUserInput } from '../../kernel/errors.js'
import { excerpt } from '../../kernel/excerpt.js'
import type { Asks } from '../asked.js'
import { loadEach } from '../batch/key-list.js'
import type { RequestScope } from '../scope.js'
import { type Entity, isReference, type Reference } from './entity.js'
import { type EntityKey, keysOf } from './entity-key.js'

/** Answers `_entities`: null for a reference to nothing, an Error in the place of one that fails. */
export type EntitiesReader = (
  scope: RequestScope,
  representations: readonly unknown[],
  asks: Asks,
) => Promise<(object | null | Error)[]>

/**
 * Our own, because the stock resolver of `@apollo/subgraph` answers nothing at all where one `__typename` is unknown.
 * @throws Error when a type has a key but nothing reads its references, or the other way round
 */
export function createEntitiesReader(schema: GraphQLSchema, entities: readonly Entity[]): EntitiesReader {
  const readers = new Map(Array.from(keysByType(schema, entities), ([entity, keys]) => readerOf(entity, keys)))
  return (scope, representations, asks) =>
    loadEach(representations, async (representation) => {
      if (!isReference(representation)) {
        throw badUserInput(`A representation is an object, but got: ${excerpt(representation)}.`)
      }
      const read = readers.get(representation['__typename'])
      if (read === undefined) {
        const got = excerpt(representation['__typename'])
        throw badUserInput(`The __typename of a representation is that of an entity, but got: ${got}.`)
      }
      return read(scope, representation, asks)
    })
}

/** What its references cost, of each type by itself; what is asked below is paid for as often as there are any. */
export function entitiesCost(entities: readonly Entity[]): FieldCostOf {
  const countsOf = countedOnce((items) => {
    const byTypename = new Map(entities.map(({ typename }): [unknown, Reference[]] => [typename, []]))
    for (const item of items) if (isReference(item)) byTypename.get(item['__typename'])?.push(item)
    return entities.map((entity) => ({
      entity,
      counts: countByList(byTypename.get(entity.typename) ?? [], entity.groupOf),
    }))
  })
  return ({ representations }, selected) => {
    const items = itemsOf(representations)
    const costs = countsOf(items).map(({ entity, counts }) => entity.cost(counts, selected))
    return {
      calls: costs.reduce((sum, { calls }) => sum + calls, 0),
      batches: costs.map(({ batches }) => batches).reduce(joinBatches),
      rows: items.length,
      references: items.length,
    }
  }
}

/** A list of keys costs what references cost. */
export function keyListCosts(entities: readonly Entity[]): CostTable {
  const lists = entities.flatMap(({ keyList, ...entity }) => (keyList === undefined ? [] : [{ ...entity, ...keyList }]))
  return Object.fromEntries(
    lists.map(({ field, argument, groupOf, cost }) => {
      const countsOf = countedOnce((items) => countByList(items, groupOf))
      const costOf: FieldCostOf = (args, selected) => {
        const items = itemsOf(args[argument])
        return { ...cost(countsOf(items), selected), rows: items.length, keys: items.length }
      }
      return [`Query.${field}`, costOf]
    }),
  )
}

/** A list may be the variable of many fields. */
function countedOnce<T>(count: (items: readonly unknown[]) => T): (items: readonly unknown[]) => T {
  const counted = new WeakMap<readonly unknown[], { readonly counts: T }>()
  return (items) => {
    const known = counted.get(items) ?? { counts: count(items) }
    counted.set(items, known)
    return known.counts
  }
}

function keysByType(schema: GraphQLSchema, entities: readonly Entity[]): Map<Entity, readonly EntityKey[]> {
  const keyed = new Map(
    Object.values(schema.getTypeMap())
      .filter(isObjectType)
      .map((type) => [type.name, keysOf(type)] as const)
      .filter(([, keys]) => keys.length > 0),
  )
  const unread = [...keyed.keys()].filter((name) => !entities.some(({ typename }) => typename === name))
  if (unread.length > 0) throw new Error(`Nothing reads references to ${unread.join(', ')}, which has a @key`)
  return new Map(
    entities.map((entity) => {
      const keys = keyed.get(entity.typename)
      if (keys === undefined) throw new Error(`${entity.typename} has no @key to read references by`)
      return [entity, keys] as const
    }),
  )
}

type ReferenceReader = (scope: RequestScope, representation: Reference, asks: Asks) => Promise<object | null>

function readerOf(entity: Entity, keys: readonly EntityKey[]): readonly [unknown, ReferenceReader] {
  const { typename } = entity
  const expected = keys.map(({ fields }) => `"${fields}"`).join(' or ')
  const read: ReferenceReader = async (scope, representation, asks) => {
    const key = firstKey(keys, representation)
    if (key === undefined) {
      const got = Object.keys(representation).filter((name) => name !== '__typename')
      throw badUserInput(`A reference to ${typename} has the fields ${expected}, but got: ${excerpt(got.join(' '))}.`)
    }
    const found = await entity.find(scope, { ...representation, ...key } as never, asks)
    // What a loader gives is shared: it is copied, not marked.
    return found && { ...found, __typename: typename }
  }
  return [typename, read]
}

function firstKey(keys: readonly EntityKey[], representation: Reference): Reference | undefined {
  for (const key of keys) {
    const values = key.read(representation)
    if (values !== undefined) return values
  }
  return undefined
}
