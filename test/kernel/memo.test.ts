import { describe, expect, it } from 'vitest'
import { Memo } from '../../src/kernel/memo.js'

describe('a memo', () => {
  it('makes a thing once per factory and owner, on first use', () => {
    let made = 0
    const factory = (owner: { readonly name: string }) => ({ owner, nth: ++made })
    const [one, other] = [new Memo({ name: 'one' }), new Memo({ name: 'other' })]
    expect(made).toBe(0)
    expect(one.get(factory)).toBe(one.get(factory))
    expect(other.get(factory)).not.toBe(one.get(factory))
    expect(one.get(factory)).toEqual({ owner: { name: 'one' }, nth: 1 })
    expect(made).toBe(2)
  })

  it('remembers undefined, too', () => {
    let made = 0
    const memo = new Memo({})
    const factory = () => {
      made += 1
      return undefined
    }
    memo.get(factory)
    memo.get(factory)
    expect(made).toBe(1)
  })

  it('lets one factory use another, and remembers nothing of one that throws', () => {
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
