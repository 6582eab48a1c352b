import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMemoryStore } from '../../src/cache/memory.js'

describe('the memory store', () => {
  it('returns a stored value, and undefined for an unknown key', async () => {
    const store = createMemoryStore<{ n: number }>(10_000)
    const value = { n: 1 }
    await store.set('a', value, 10)
    expect(await store.get('a')).toBe(value)
    expect(await store.get('b')).toBeUndefined()
  })

  it('never holds more bytes than it may', async () => {
    const put = fc.record({ key: fc.stringMatching(/^[a-z]{1,3}$/), sizeBytes: fc.integer({ min: 0, max: 3000 }) })
    await fc.assert(
      fc.asyncProperty(fc.array(put, { maxLength: 60 }), async (puts) => {
        const store = createMemoryStore<{ sizeBytes: number }>(5000)
        for (const { key, sizeBytes } of puts) await store.set(key, { sizeBytes }, sizeBytes)
        let heldBytes = 0
        for (const key of new Set(puts.map(({ key }) => key))) heldBytes += (await store.get(key))?.sizeBytes ?? 0
        expect(heldBytes).toBeLessThanOrEqual(5000)
      }),
    )
  })

  it('limits the number of entries without a size', async () => {
    const store = createMemoryStore<object>(128 * 100)
    for (let id = 0; id < 1000; id += 1) await store.set(`${id}`, {}, 0)
    const held = await Promise.all(Array.from({ length: 1000 }, (_, id) => store.get(`${id}`)))
    expect(held.filter((value) => value !== undefined).length).toBeLessThanOrEqual(100)
    expect(held.at(-1)).toBeDefined()
  })

  it('drops the least recently used entry first', async () => {
    const store = createMemoryStore<object>(3 * 1000)
    await store.set('a', {}, 800)
    await store.set('b', {}, 800)
    await store.set('c', {}, 800)
    await store.get('a')
    await store.set('d', {}, 800)
    expect([await store.get('a'), await store.get('b')]).toEqual([{}, undefined])
  })

  it('does not store a value larger than its limit, and drops nothing for it', async () => {
    const store = createMemoryStore<object>(1000)
    await store.set('small', {}, 100)
    await store.set('large', {}, 2000)
    expect([await store.get('small'), await store.get('large')]).toEqual([{}, undefined])
  })
})
