import { describe, expect, it } from 'vitest'
import { Memo } from '../../src/kernel/memo.js'

describe('a memo', () => {
  it('builds a value once per factory and owner, on first use', () => {
    let built = 0
    const factory = (owner: { readonly name: string }) => ({ owner, nth: ++built })
    const [one, other] = [new Memo({ name: 'one' }), new Memo({ name: 'other' })]
    expect(built).toBe(0)
    expect(one.get(factory)).toBe(one.get(factory))
    expect(other.get(factory)).not.toBe(one.get(factory))
    expect(one.get(factory)).toEqual({ owner: { name: 'one' }, nth: 1 })
    expect(built).toBe(2)
  })

  it('stores undefined too', () => {
    let built = 0
    const memo = new Memo({})
    const factory = () => {
      built += 1
      return undefined
    }
    memo.get(factory)
    memo.get(factory)
    expect(built).toBe(1)
  })

  it('lets one factory use another, and stores nothing for a factory that throws', () => {
    const memo: Memo<object> = new Memo({})
    const inner = () => ({ is: 'inner' })
    expect(memo.get(() => memo.get(inner))).toBe(memo.get(inner))
    let tries = 0
    const failing = () => {
      tries += 1
      if (tries === 1) throw new Error('not yet')
      return tries
    }
    expect(() => memo.get(failing)).toThrow('not yet')
    expect(memo.get(failing)).toBe(2)
  })
})
