import { describe, expect, it } from 'vitest'
import { entitiesCost } from '../../src/graphql/entities.js'
import type { Entity, Reference } from '../../src/graphql/entity.js'

const NOTHING_SELECTED = { has: () => false }

const entityOf = (typename: string, calls: Entity['calls']): Entity => ({ typename, find: async () => null, calls })

describe('the cost of references', () => {
  const seen: (readonly Reference[])[] = []
  const note = (references: readonly Reference[]): number => {
    seen.push(references)
    return references.length * 10
  }
  const cost = entitiesCost([entityOf('A', note), entityOf('B', (references) => references.length)])
  const costOf = (representations: unknown) =>
    typeof cost === 'function' ? cost({ representations }, NOTHING_SELECTED) : cost

  it('adds up what each type says of its own, before anything has checked them', () => {
    const list = [{ __typename: 'A' }, { __typename: 'B' }, { __typename: 'A', id: {} }, 'A', null, [], { id: 'A' }]
    expect(costOf(list)).toEqual({ calls: 21, rows: 7, references: 7 })
  })

  it.each([
    ['nothing', undefined, 0],
    ['null', null, 0],
    ['a lone value', { __typename: 'A' }, 1],
    ['text', 'A', 1],
  ])('takes %s for what GraphQL does', (_what, representations, references) => {
    expect(costOf(representations)).toMatchObject({ references })
  })

  it('sorts a list once, however many fields it is given to', () => {
    const list = [{ __typename: 'A' }]
    seen.length = 0
    for (let fields = 0; fields < 60; fields += 1) expect(costOf(list)).toMatchObject({ calls: 10 })
    expect(new Set(seen).size).toBe(1)
  })
})
