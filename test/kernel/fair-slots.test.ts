import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FairSlots, type LoadPath, type NoSlot, Sharers } from '../../src/kernel/fair-slots.js'
import type { Release } from '../../src/kernel/keyed-lock.js'

/** A request for a slot and its outcome. */
class Asker {
  readonly sharers = new Sharers()
  readonly #controller = new AbortController()
  result: Release | NoSlot | undefined

  constructor(
    slots: FairSlots,
    readonly path: LoadPath,
  ) {
    this.sharers.add(path)
    slots.acquire(this.sharers, this.#controller.signal).then((result) => {
      this.result = result
    })
  }

  get isWaiting(): boolean {
    return this.result === undefined
  }

  get holds(): boolean {
    return typeof this.result === 'function'
  }

  leave(): void {
    this.#controller.abort()
  }

  release(): void {
    if (typeof this.result === 'function') this.result()
  }
}

/** Resolves once all effects so far have happened. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const ask = (slots: FairSlots, caller: string, request = `${caller}-1`): Asker => new Asker(slots, [caller, request])

async function askMany(slots: FairSlots, count: number, caller: string, request?: string): Promise<Asker[]> {
  const askers = Array.from({ length: count }, () => ask(slots, caller, request))
  await settled()
  return askers
}

const holding = (askers: readonly Asker[]): Asker[] => askers.filter(({ holds }) => holds)
const waiting = (askers: readonly Asker[]): Asker[] => askers.filter(({ isWaiting }) => isWaiting)
const refused = (askers: readonly Asker[]): Asker[] => askers.filter(({ result }) => result === 'full')

/** Releases slots one by one, the oldest first, until nothing waits; returns the askers in order of grant. */
async function drain(askers: readonly Asker[]): Promise<Asker[]> {
  const granted: Asker[] = []
  const held = holding(askers)
  for (let next = held.shift(); next !== undefined; next = held.shift()) {
    next.release()
    next.result = 'left'
    await settled()
    const fresh = holding(askers).filter((asker) => !held.includes(asker))
    granted.push(...fresh)
    held.push(...fresh)
  }
  return granted
}

describe('a free slot', () => {
  it('grants a slot to the caller that holds the fewest, however long another has waited', async () => {
    const slots = new FairSlots(3, 100)
    const heavy = await askMany(slots, 20, 'heavy')
    const light = await askMany(slots, 2, 'light')
    expect([holding(heavy).length, holding(light).length]).toEqual([3, 0])
    const order = (await drain([...heavy, ...light])).map(({ path }) => path[0])
    expect(order.slice(0, 4)).toEqual(['light', 'heavy', 'light', 'heavy'])
  })

  it('grants slots round-robin to callers that hold equally many', async () => {
    const slots = new FairSlots(1, 100)
    const first = ask(slots, 'z')
    const askers = [first, ...'aaabbbcc'.split('').map((caller) => ask(slots, caller))]
    await settled()
    expect((await drain(askers)).map(({ path }) => path[0]).join('')).toBe('abcabcab')
  })

  it('grants a slot to the request of a caller that holds the fewest', async () => {
    const slots = new FairSlots(3, 100)
    const heavy = await askMany(slots, 20, 'a', 'heavy')
    const light = await askMany(slots, 2, 'a', 'light')
    const order = (await drain([...heavy, ...light])).map(({ path }) => path[1])
    expect(order.slice(0, 4)).toEqual(['light', 'heavy', 'light', 'heavy'])
  })

  it('grants slots to the calls of one request in order of arrival', async () => {
    const slots = new FairSlots(1, 100)
    const askers = await askMany(slots, 10, 'a')
    expect(await drain(askers)).toEqual(askers.slice(1))
  })

  it('releases a slot once even if release is called twice', async () => {
    const slots = new FairSlots(1, 100)
    const askers = await askMany(slots, 4, 'a')
    const release = askers[0]?.result as Release
    release()
    release()
    await settled()
    expect(holding(askers.slice(1))).toHaveLength(1)
  })
})

describe('a caller whose calls hang', () => {
  it.each([
    [1, 1],
    [3, 3],
    [4, 3],
    [16, 14],
    [64, 57],
    [1000, 880],
  ])('of %i slots grants at most %i to one request, and serves the next caller at once', async (count, reach) => {
    const slots = new FairSlots(count, 2000)
    const hanging = await askMany(slots, 2 * count, 'heavy')
    expect(holding(hanging)).toHaveLength(reach)
    if (reach === count) return
    const [other] = await askMany(slots, 1, 'light')
    expect(other?.holds).toBe(true)
  })

  it('leaves slots to other requests of the same caller', async () => {
    const slots = new FairSlots(64, 640)
    await askMany(slots, 100, 'local', 'heavy')
    expect(holding(await askMany(slots, 2, 'local', 'light'))).toHaveLength(2)
  })

  it('leaves slots to a third caller when the calls of two others hang', async () => {
    const slots = new FairSlots(64, 640)
    const counts = []
    for (const caller of ['a', 'b', 'c']) counts.push(holding(await askMany(slots, 100, caller)).length)
    expect(counts).toEqual([57, 5, 2])
  })
})

describe('a full queue', () => {
  it('refuses the newest call of the heaviest caller rather than a newcomer', async () => {
    const slots = new FairSlots(1, 10)
    const heavy = await askMany(slots, 11, 'heavy')
    const light = await askMany(slots, 3, 'light')
    expect(refused(heavy)).toEqual(heavy.slice(-3))
    expect(waiting(light)).toHaveLength(3)
  })

  it('refuses a newcomer who is among the heaviest callers', async () => {
    const slots = new FairSlots(1, 10)
    await askMany(slots, 1, 'z')
    const one = await askMany(slots, 5, 'one')
    const other = await askMany(slots, 6, 'other')
    const more = await askMany(slots, 1, 'one')
    expect([refused(one), refused(other), refused(more)].map(({ length }) => length)).toEqual([0, 1, 1])
  })

  it('refuses the newest call of the heaviest request of a caller', async () => {
    const slots = new FairSlots(1, 10)
    const heavy = await askMany(slots, 11, 'local', 'heavy')
    const light = await askMany(slots, 2, 'local', 'light')
    expect(refused(heavy)).toEqual(heavy.slice(-2))
    expect(waiting(light)).toHaveLength(2)
  })

  it('frees a place in the queue for each that leaves, even thousands at once', async () => {
    const slots = new FairSlots(1, 5000)
    const askers = await askMany(slots, 5001, 'heavy')
    expect(waiting(askers)).toHaveLength(5000)
    for (const asker of askers.slice(1)) asker.leave()
    await settled()
    expect(waiting(await askMany(slots, 5000, 'heavy'))).toHaveLength(5000)
  })

  it('ends a wait for a slot at once when its signal has already fired', async () => {
    expect(await new FairSlots(1, 1).acquire(new Sharers(), AbortSignal.abort())).toBe('left')
  })
})

describe('sharers of a call', () => {
  it('serves all sharers with the first one that is granted a slot', async () => {
    const slots = new FairSlots(2, 100)
    const heavy = await askMany(slots, 30, 'heavy')
    const last = heavy.at(-1)
    last?.sharers.add(['light', 'r'])
    expect((await drain(heavy))[0]).toBe(last)
  })

  it('keeps sharers waiting while one of them waits, even if others were refused or left', async () => {
    const slots = new FairSlots(1, 5)
    const heavy = await askMany(slots, 6, 'heavy')
    const last = heavy.at(-1)
    const leave = last?.sharers.add(['light', 'r'])
    const more = await askMany(slots, 2, 'other')
    expect(last?.isWaiting).toBe(true)
    expect(refused(heavy)).toEqual(heavy.slice(-3, -1))
    expect(refused(more)).toHaveLength(0)
    leave?.()
    await settled()
    expect(last?.isWaiting).toBe(false)
  })

  it('grants a free slot to a sharer who joins later', async () => {
    const slots = new FairSlots(64, 640)
    const heavy = await askMany(slots, 100, 'heavy')
    const last = heavy.at(-1)
    expect(last?.isWaiting).toBe(true)
    last?.sharers.add(['light', 'r'])
    await settled()
    expect(last?.holds).toBe(true)
  })
})

describe('any sequence of events', () => {
  const CALLERS = ['a', 'b', 'c', 'd']
  const move = fc.record({
    kind: fc.constantFrom('ask', 'ask', 'ask', 'leave', 'release', 'release', 'share'),
    caller: fc.constantFrom(...CALLERS),
    request: fc.constantFrom('1', '2', '3'),
    which: fc.nat(),
  })
  const history = fc.array(move, { maxLength: 80 })

  it('never grants too many slots, never keeps a caller without slots waiting beside a free one, and loses none', async () => {
    await fc.assert(
      fc.asyncProperty(history, fc.integer({ min: 1, max: 20 }), fc.nat(12), async (moves, count, queueMax) => {
        const slots = new FairSlots(count, queueMax)
        const askers: Asker[] = []
        for (const { kind, caller, request, which } of moves) {
          const pick = (from: readonly Asker[]): Asker | undefined => from[which % from.length]
          if (kind === 'ask') askers.push(ask(slots, caller, request))
          else if (kind === 'leave') pick(waiting(askers))?.leave()
          else if (kind === 'share') pick(waiting(askers))?.sharers.add([caller, request])
          else {
            const released = pick(holding(askers))
            released?.release()
            if (released !== undefined) released.result = 'left'
          }
          await settled()
          const held = holding(askers)
          expect(held.length).toBeLessThanOrEqual(count)
          expect(waiting(askers).length).toBeLessThanOrEqual(queueMax)
          if (held.length < count) {
            const callers = new Set(held.map(({ path }) => path[0]))
            expect(waiting(askers).filter(({ path }) => !callers.has(path[0]))).toEqual([])
          }
        }
        await drain(askers)
        expect(waiting(askers)).toEqual([])
        const all = await Promise.all(Array.from({ length: count }, (_, nth) => ask(slots, `new-${nth}`)))
        await settled()
        expect(holding(all)).toHaveLength(count)
      }),
      { numRuns: 150 },
    )
  })

  it('lets a caller without slots wait for at most one grant per caller ahead', async () => {
    const loads = fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(loads, fc.integer({ min: 1, max: 8 }), async (sizes, count) => {
        const slots = new FairSlots(count, 1000)
        const crowd: Asker[] = []
        for (const [nth, size] of sizes.entries()) crowd.push(...(await askMany(slots, size, `caller-${nth}`)))
        const callersBefore = new Set(waiting(crowd).map(({ path }) => path[0])).size
        const own = ask(slots, 'own')
        await settled()
        const order = own.holds ? [own] : await drain([...crowd, own])
        expect(order.indexOf(own)).toBeLessThanOrEqual(callersBefore)
      }),
      { numRuns: 100 },
    )
  })
})
