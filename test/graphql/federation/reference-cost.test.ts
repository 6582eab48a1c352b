import { describe, expect, it } from 'vitest'
import type { CostTable } from '../../../src/admission/field-cost.js'
import { type Entity, isReference } from '../../../src/graphql/federation/entity.js'
import { entitiesCost, keyListCosts } from '../../../src/graphql/federation/reference-cost.js'

const NOTHING_SELECTED = { has: () => false }

const seen: ReadonlyMap<string, number>[] = []
const listIdOf = (key: unknown): unknown => (isReference(key) ? key['id'] : key)
const a: Entity = {
  typename: 'A',
  resolveReference: async () => null,
  listIdOf,
  cost: (counts) => {
    seen.push(counts)
    return { calls: counts.size * 10, batches: new Map([[counts, 1]]) }
  },
  keyList: { field: 'listOfA', argument: 'ids' },
}
const b: Entity = {
  typename: 'B',
  resolveReference: async () => null,
  listIdOf,
  cost: (counts) => ({ calls: counts.size }),
}

const priced = (cost: CostTable[string] | undefined, args: object) =>
  typeof cost === 'function' ? cost({ ...args }, NOTHING_SELECTED) : undefined

describe('the cost of references', () => {
  const cost = entitiesCost([a, b])
  const costOf = (representations: unknown) => priced(cost, { representations })

  it('adds up the costs of each type, by list, before the representations are checked', () => {
    const of = (typename: string, id: unknown) => ({ __typename: typename, id })
    const list = [
      of('A', 'x'),
      of('A', 'x'),
      of('A', 7),
      of('B', 'x'),
      of('A', {}),
      of('C', 'x'),
      'A',
      null,
      [],
      { id: 'A' },
    ]
    const counts = new Map([
      ['x', 2],
      ['7', 1],
    ])
    expect(costOf(list)).toEqual({ calls: 21, batches: new Map([[counts, 1]]), rows: 10, references: 10 })
  })

  it.each([
    ['nothing', undefined, 0],
    ['null', null, 0],
    ['a lone value', { __typename: 'A' }, 1],
    ['text', 'A', 1],
  ])('counts references given as %s as the list that GraphQL coerces them to', (_what, representations, references) => {
    expect(costOf(representations)).toMatchObject({ references })
  })

  it('counts a list once when many fields have it as argument, because it names the same rows', () => {
    const list = [{ __typename: 'A', id: 'x' }]
    seen.length = 0
    for (let fields = 0; fields < 60; fields += 1) expect(costOf(list)).toMatchObject({ calls: 10 })
    expect(new Set(seen).size).toBe(1)
  })
})

describe('the cost of a list of keys', () => {
  it('prices a list of keys like the same number of references, under the name of its query', () => {
    const costs = keyListCosts([a, b])
    expect(Object.keys(costs)).toEqual(['Query.listOfA'])
    const batches = new Map([[new Map([['x', 2]]), 1]])
    expect(priced(costs['Query.listOfA'], { ids: ['x', 'x'] })).toEqual({ calls: 10, batches, rows: 2, keys: 2 })
    expect(priced(costs['Query.listOfA'], { ids: 'x' })).toMatchObject({ calls: 10, rows: 1, keys: 1 })
    expect(priced(costs['Query.listOfA'], {})).toMatchObject({ calls: 0, rows: 0, keys: 0 })
  })
})
