import { describe, expect, it } from 'vitest'
import { cutText, excerpt } from '../../src/kernel/excerpt.js'

describe('excerpt', () => {
  it.each<[unknown, string]>([
    ['short', '"short"'],
    ['a"b\u0007', '"a\\"b\\u0007"'],
    ['x'.repeat(40), `"${'x'.repeat(40)}"`],
    ['x'.repeat(41), `"${'x'.repeat(40)}…"`],
    [`${'x'.repeat(39)}😀`, `"${'x'.repeat(39)}…"`],
    [`${'x'.repeat(38)}😀y`, `"${'x'.repeat(38)}😀…"`],
    [12.5, '12.5'],
    [null, 'null'],
    [undefined, 'undefined'],
    [['secret'], 'an array'],
    [{ secret: 1 }, 'an object'],
    [() => 'secret', 'a function'],
  ])('describes %j as %s', (value, shown) => {
    expect(excerpt(value)).toBe(shown)
  })
})

describe('cutText', () => {
  it.each<[string, number, string]>([
    ['short', 10, 'short'],
    ['short', 5, 'short'],
    ['short', 3, 'sho'],
    ['short', 0, ''],
    ['', 3, ''],
    ['ab😀', 4, 'ab😀'],
    ['ab😀', 3, 'ab'],
    ['ab😀', 2, 'ab'],
    ['😀😀', 1, ''],
    ['😀😀', 3, '😀'],
    // A lone surrogate in the input is kept: the cut did not create it.
    ['ab\ud83d', 3, 'ab\ud83d'],
    ['ab\ud83dcd', 3, 'ab\ud83d'],
    ['\ude00\ude00', 1, '\ude00'],
  ])('cuts %j at %i without splitting a character', (text, charactersMax, cut) => {
    expect(cutText(text, charactersMax)).toBe(cut)
  })
})
