import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Admission, Semaphore, sleep } from '../../src/kernel/async.js'

describe('sleep', () => {
  it('ends with the signal, at once when that has fired', async () => {
    const controller = new AbortController()
    // Otherwise it would be longer than a test may take.
    const sleeping = sleep(60_000, controller.signal)
    controller.abort()
    await sleeping
    await sleep(60_000, controller.signal)
  })

  it('ends after its time otherwise', async () => {
    const startedAt = performance.now()
    await sleep(20, new AbortController().signal)
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(18)
  })
})

describe('a semaphore', () => {
  type Move = 'arrive' | 'leave' | 'release'

  it('admits as many as it has slots, queues as many as it may, first come first served', async () => {
    const moves = fc.array(fc.constantFrom<Move[]>('arrive', 'arrive', 'leave', 'release'), { maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(
        moves,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 4 }),
        async (history, slots, queueMax) => {
          const semaphore = new Semaphore(slots, queueMax)
          const seen: (Admission | 'waiting')[] = []
          const expected: (Admission | 'waiting')[] = []
          const controllers: AbortController[] = []
          let taken = 0
          for (const move of history) {
            const firstWaiting = expected.indexOf('waiting')
            if (move === 'arrive') {
              const nth = controllers.push(new AbortController()) - 1
              seen.push('waiting')
              const signal = controllers[nth]?.signal ?? AbortSignal.abort()
              semaphore.acquire(signal).then((admission) => {
                seen[nth] = admission
              })
              const waiting = expected.filter((state) => state === 'waiting').length
              expected.push(taken < slots ? 'granted' : waiting < queueMax ? 'waiting' : 'full')
              if (taken < slots) taken += 1
            } else if (move === 'leave') {
              const lastWaiting = expected.lastIndexOf('waiting')
              controllers[lastWaiting]?.abort()
              if (lastWaiting >= 0) expected[lastWaiting] = 'left'
            } else if (taken > 0) {
              semaphore.release()
              if (firstWaiting >= 0) expected[firstWaiting] = 'granted'
              else taken -= 1
            }
            await Promise.resolve()
            expect(seen).toEqual(expected)
          }
        },
      ),
    )
  })

  it('turns away whose signal has fired', async () => {
    expect(await new Semaphore(1, 1).acquire(AbortSignal.abort())).toBe('left')
  })
})
