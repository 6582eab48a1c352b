import { type CostTable, countByList, type FieldCostOf, itemsOf, joinBatches } from '../../admission/field-cost.js'
import { type Entity, isReference, type Reference } from './entity.js'

/** The cost of `_entities`: that of the references to each type, each with what is selected below. */
export function entitiesCost(entities: readonly Entity[]): FieldCostOf {
  const rowsOf = countedOnce((items) => {
    const byTypename = new Map(entities.map(({ typename }): [unknown, Reference[]] => [typename, []]))
    for (const item of items) if (isReference(item)) byTypename.get(item['__typename'])?.push(item)
    return entities.map((entity) => ({
      entity,
      rows: countByList(byTypename.get(entity.typename) ?? [], entity.listIdOf),
    }))
  })
  return ({ representations }, selected) => {
    const items = itemsOf(representations)
    const costs = rowsOf(items).map(({ entity, rows }) => entity.cost(rows, selected))
    return {
      calls: costs.reduce((sum, { calls }) => sum + calls, 0),
      batches: costs.map(({ batches }) => batches).reduce(joinBatches),
      rows: items.length,
      references: items.length,
    }
  }
}

/** The cost of each query that takes a list of keys: the same as for that many references. */
export function keyListCosts(entities: readonly Entity[]): CostTable {
  const costs = entities.flatMap(({ keyList, listIdOf, cost }): [string, FieldCostOf][] => {
    if (keyList === undefined) return []
    const rowsOf = countedOnce((items) => countByList(items, listIdOf))
    const costOf: FieldCostOf = (args, selected) => {
      const items = itemsOf(args[keyList.argument])
      return { ...cost(rowsOf(items), selected), rows: items.length, keys: items.length }
    }
    return [[`Query.${keyList.field}`, costOf]]
  })
  return Object.fromEntries(costs)
}

/** Counts a list once, however many fields have it as an argument: the same counts object means the same rows. */
function countedOnce<T>(count: (items: readonly unknown[]) => T): (items: readonly unknown[]) => T {
  const counted = new WeakMap<readonly unknown[], { readonly counts: T }>()
  return (items) => {
    const known = counted.get(items) ?? { counts: count(items) }
    counted.set(items, known)
    return known.counts
  }
}
