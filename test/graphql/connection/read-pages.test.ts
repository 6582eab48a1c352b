import { describe, expect, it } from 'vitest'
import { ReadPages } from '../../../src/graphql/connection/read-pages.js'

describe('the pages by which a list was read', () => {
  it('are told by number and size, the latest last, each once', () => {
    const pages = new ReadPages()
    for (const [number, size] of [
      [1, 25],
      [2, 25],
      [1, 100],
      [1, 25],
    ] as const) {
      pages.note({ number, size })
    }
    expect(pages.all).toEqual([
      { number: 2, size: 25 },
      { number: 1, size: 100 },
      { number: 1, size: 25 },
    ])
  })

  it('are no more than forty: those read longest ago are not looked for', () => {
    const pages = new ReadPages()
    for (let number = 1; number <= 50; number += 1) pages.note({ number, size: 100 })
    expect(pages.all.map(({ number }) => number)).toEqual(Array.from({ length: 40 }, (_, index) => index + 11))
  })

  it('are not told once their answers are not kept any more', () => {
    const pages = new ReadPages()
    pages.note({ number: 1, size: 25 })
    pages.forget({ number: 1, size: 25 })
    expect(pages.all).toEqual([])
  })
})
