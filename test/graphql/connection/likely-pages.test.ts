import { describe, expect, it } from 'vitest'
import { likelyPages } from '../../../src/graphql/connection/likely-pages.js'

const counted = (hints: Parameters<typeof likelyPages>[0]) => {
  const pages = likelyPages(hints)
  const sizes = [...new Set(pages.map(({ size }) => size))].sort((a, b) => a - b)
  return sizes.map((size) => [size, pages.filter((page) => page.size === size).length])
}

describe('the pages by which a list may have been read', () => {
  it.each([
    ['none of a list never read', {}, []],
    ['those of an empty list', { total: 0 }, []],
    [
      'as many as its length makes of each size',
      { total: 201 },
      [
        [25, 9],
        [100, 3],
      ],
    ],
    [
      'as many as there are where the upstream has a size of its own',
      { total: 200, pageSize: 25 },
      [
        [25, 8],
        [100, 8],
      ],
    ],
    [
      'those of that size as well',
      { total: 60, pageSize: 30 },
      [
        [25, 3],
        [30, 2],
        [100, 2],
      ],
    ],
    [
      'no more than forty of each',
      { total: 100_000 },
      [
        [25, 40],
        [100, 40],
      ],
    ],
    [
      'forty of each where no figures tell the length',
      { order: 0 },
      [
        [25, 40],
        [100, 40],
      ],
    ],
  ])('are %s', (_name, hints, expected) => {
    expect(counted(hints)).toEqual(expected)
  })

  it('begin with the first', () => {
    expect(likelyPages({ total: 26 })).toEqual([
      { number: 1, size: 25 },
      { number: 2, size: 25 },
      { number: 1, size: 100 },
    ])
  })
})
