import { describe, expect, it } from 'vitest'
import { excerpt } from '../../src/kernel/excerpt.js'

describe('excerpt', () => {
  it.each<[unknown, string]>([
    ['short', '"short"'],
    ['a"b\u0007', '"a\\"b\\u0007"'],
    ['x'.repeat(40), `"${'x'.repeat(40)}"`],
    ['x'.repeat(41), `"${'x'.repeat(40)}…"`],
    [`${'x'.repeat(39)}😀`, `"${'x'.repeat(39)}\\ud83d…"`],
    [12.5, '12.5'],
    [null, 'null'],
    [undefined, 'undefined'],
    [['secret'], 'an array'],
    [{ secret: 1 }, 'an object'],
    [() => 'secret', 'a function'],
  ])('shows %j as %s', (value, shown) => {
    expect(excerpt(value)).toBe(shown)
  })
})
