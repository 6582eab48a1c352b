import { getEventListeners } from 'node:events'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Deadline } from '../../src/kernel/deadline.js'
import { Turns } from '../../src/kernel/turns.js'

function patience(): Deadline & { readonly leave: () => void } {
  const controller = new AbortController()
  return { signal: controller.signal, remainingMs: () => 1000, leave: () => controller.abort() }
}
const nextTick = () => new Promise((resolve) => setImmediate(resolve))

describe('turns', () => {
  it('give one holder at a time, in the order of arrival', async () => {
    const turns = new Turns()
    const order: string[] = []
    const work = async (name: string) => {
      const release = await turns.take('link', patience())
      order.push(`${name} in`)
      await nextTick()
      order.push(`${name} out`)
      release?.()
    }
    await Promise.all(['a', 'b', 'c'].map(work))
    expect(order).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out'])
  })

  it('do not make other keys wait', async () => {
    const turns = new Turns()
    await turns.take('one', patience())
    expect(await turns.take('other', patience())).toBeTypeOf('function')
  })

  it('give nothing to whoever ran out of time, and the turn to the next one only when it is free', async () => {
    const turns = new Turns()
    const release = await turns.take('link', patience())
    const impatient = patience()
    const missed = turns.take('link', impatient)
    const behind = turns.take('link', patience())
    let hasTurn = false
    void behind.then(() => {
      hasTurn = true
    })
    impatient.leave()
    expect(await missed).toBeUndefined()
    await nextTick()
    expect(hasTurn).toBe(false)
    release?.()
    expect(await behind).toBeTypeOf('function')
  })

  it('give nothing to whoever comes with no time left while another holds the turn', async () => {
    const turns = new Turns()
    await turns.take('link', patience())
    const late = patience()
    late.leave()
    expect(await turns.take('link', late)).toBeUndefined()
  })

  it('survive a turn that is given back twice', async () => {
    const turns = new Turns()
    const release = await turns.take('link', patience())
    const second = turns.take('link', patience())
    release?.()
    release?.()
    await second
    let hasTurn = false
    void turns.take('link', patience()).then(() => {
      hasTurn = true
    })
    await nextTick()
    expect(hasTurn).toBe(false)
  })

  it('tell whoever watches that one has ended since, at this key only', async () => {
    const turns = new Turns()
    const release = await turns.take('link', patience())
    const [before, elsewhere] = [turns.watch('link'), turns.watch('other')]
    expect(before.sawEnd).toBe(false)
    release?.()
    expect([before.sawEnd, elsewhere.sawEnd, turns.watch('link').sawEnd]).toEqual([true, false, false])
  })

  it('tell nothing to a watch that was stopped, and all to the others', async () => {
    const turns = new Turns()
    const [stopped, watching] = [turns.watch('link'), turns.watch('link')]
    stopped.stop()
    stopped.stop()
    const release = await turns.take('link', patience())
    release?.()
    expect([stopped.sawEnd, watching.sawEnd]).toEqual([false, true])
  })

  it('leave no listener on a deadline that was not needed', async () => {
    const turns = new Turns()
    const release = await turns.take('link', patience())
    const waiting = patience()
    const second = turns.take('link', waiting)
    release?.()
    await second
    expect(getEventListeners(waiting.signal, 'abort')).toHaveLength(0)
  })

  it('never overlap and never starve, whoever leaves', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ key: fc.nat(2), leaves: fc.boolean() }), { maxLength: 20 }),
        async (visits) => {
          const turns = new Turns()
          const holders = new Map<number, number>()
          const outcomes = await Promise.all(
            visits.map(async ({ key, leaves }) => {
              const deadline = patience()
              const turn = turns.take(String(key), deadline)
              if (leaves) setImmediate(deadline.leave)
              const release = await turn
              if (release === undefined) return leaves
              holders.set(key, (holders.get(key) ?? 0) + 1)
              expect(holders.get(key)).toBe(1)
              await nextTick()
              holders.set(key, 0)
              release()
              return true
            }),
          )
          expect(outcomes).not.toContain(false)
          for (const key of [0, 1, 2]) expect(await turns.take(String(key), patience())).toBeTypeOf('function')
        },
      ),
      { numRuns: 100 },
    )
  })
})
