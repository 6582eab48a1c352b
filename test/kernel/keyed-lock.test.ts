import { getEventListeners } from 'node:events'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Deadline } from '../../src/kernel/deadline.js'
import { KeyedLock } from '../../src/kernel/keyed-lock.js'

function openDeadline(): Deadline & { readonly abort: () => void } {
  const controller = new AbortController()
  return { signal: controller.signal, remainingMs: () => 1000, abort: () => controller.abort() }
}
const nextTick = () => new Promise((resolve) => setImmediate(resolve))

describe('KeyedLock', () => {
  it('grants the lock of a key to one holder at a time, in the order of arrival', async () => {
    const lock = new KeyedLock()
    const order: string[] = []
    const work = async (name: string) => {
      const release = await lock.acquire('link', openDeadline())
      order.push(`${name} in`)
      await nextTick()
      order.push(`${name} out`)
      release?.()
    }
    await Promise.all(['a', 'b', 'c'].map(work))
    expect(order).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out'])
  })

  it('lets no key wait for the lock of another', async () => {
    const lock = new KeyedLock()
    await lock.acquire('one', openDeadline())
    expect(await lock.acquire('other', openDeadline())).toBeTypeOf('function')
  })

  it('skips a waiter whose deadline passes, and makes the next one wait for the release', async () => {
    const lock = new KeyedLock()
    const release = await lock.acquire('link', openDeadline())
    const hurried = openDeadline()
    const missed = lock.acquire('link', hurried)
    const behind = lock.acquire('link', openDeadline())
    let isGranted = false
    void behind.then(() => {
      isGranted = true
    })
    hurried.abort()
    expect(await missed).toBeUndefined()
    await nextTick()
    expect(isGranted).toBe(false)
    release?.()
    expect(await behind).toBeTypeOf('function')
  })

  it('grants no lock to a waiter whose deadline has already passed', async () => {
    const lock = new KeyedLock()
    await lock.acquire('link', openDeadline())
    const late = openDeadline()
    late.abort()
    expect(await lock.acquire('link', late)).toBeUndefined()
  })

  it('grants the lock once even if its holder releases it twice', async () => {
    const lock = new KeyedLock()
    const release = await lock.acquire('link', openDeadline())
    const second = lock.acquire('link', openDeadline())
    release?.()
    release?.()
    await second
    let isGranted = false
    void lock.acquire('link', openDeadline()).then(() => {
      isGranted = true
    })
    await nextTick()
    expect(isGranted).toBe(false)
  })

  it('shows a watch every release of its key since it began, and no other', async () => {
    const lock = new KeyedLock()
    const release = await lock.acquire('link', openDeadline())
    const [before, elsewhere] = [lock.watch('link'), lock.watch('other')]
    expect(before.sawRelease).toBe(false)
    release?.()
    expect([before.sawRelease, elsewhere.sawRelease, lock.watch('link').sawRelease]).toEqual([true, false, false])
  })

  it('shows a stopped watch no release, but still shows them to the others', async () => {
    const lock = new KeyedLock()
    const [stopped, watching] = [lock.watch('link'), lock.watch('link')]
    stopped.stop()
    stopped.stop()
    const release = await lock.acquire('link', openDeadline())
    release?.()
    expect([stopped.sawRelease, watching.sawRelease]).toEqual([false, true])
  })

  it('leaves no listener on the deadline of a waiter who got the lock', async () => {
    const lock = new KeyedLock()
    const release = await lock.acquire('link', openDeadline())
    const waiting = openDeadline()
    const second = lock.acquire('link', waiting)
    release?.()
    await second
    expect(getEventListeners(waiting.signal, 'abort')).toHaveLength(0)
  })

  it('never gives a lock two holders and starves nobody, whichever waiters give up', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ key: fc.nat(2), givesUp: fc.boolean() }), { maxLength: 20 }),
        async (visits) => {
          const lock = new KeyedLock()
          const holders = new Map<number, number>()
          const outcomes = await Promise.all(
            visits.map(async ({ key, givesUp }) => {
              const deadline = openDeadline()
              const acquiring = lock.acquire(String(key), deadline)
              if (givesUp) setImmediate(deadline.abort)
              const release = await acquiring
              if (release === undefined) return givesUp
              holders.set(key, (holders.get(key) ?? 0) + 1)
              expect(holders.get(key)).toBe(1)
              await nextTick()
              holders.set(key, 0)
              release()
              return true
            }),
          )
          expect(outcomes).not.toContain(false)
          for (const key of [0, 1, 2]) expect(await lock.acquire(String(key), openDeadline())).toBeTypeOf('function')
        },
      ),
      { numRuns: 100 },
    )
  })
})
