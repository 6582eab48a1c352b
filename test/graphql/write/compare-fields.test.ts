import { describe, expect, it } from 'vitest'
import { compareFields } from '../../../src/graphql/write/compare-fields.js'

describe('compareFields', () => {
  it.each<[string, object, object, readonly string[], readonly string[]]>([
    ['finds nothing when every field shows what was asked', { a: 1, b: null }, { a: 1, b: null }, [], []],
    ['finds a field that shows another value', { a: 1, b: 2 }, { a: 1, b: 3 }, ['b'], []],
    ['finds a field that was cleared and is not empty', { a: 'x' }, { a: null }, ['a'], []],
    ['finds a field that the state does not show', { a: 1 }, { b: 2 }, [], ['b']],
    ['leaves out a field that was not asked for', { a: 1 }, { a: undefined }, [], []],
    [
      'compares as the upstream stores: empty text is null, text is trimmed',
      { a: null, b: 'x' },
      { a: '', b: ' x' },
      [],
      [],
    ],
  ])('%s', (_promise, state, changes, different, absent) => {
    expect(compareFields(state, changes)).toEqual({ different, absent })
  })
})
