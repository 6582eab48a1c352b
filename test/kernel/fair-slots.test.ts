import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FairSlots, type NoSlot, type Path, Sharers } from '../../src/kernel/fair-slots.js'
import type { Release } from '../../src/kernel/keyed-lock.js'

/** Somebody who asks for a slot, and what became of it. */
class Asker {
  readonly sharers = new Sharers()
  readonly #controller = new AbortController()
  result: Release | NoSlot | undefined

  constructor(
    slots: FairSlots,
    readonly path: Path,
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

/** Everything that follows from what was done so far has happened. */
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

/** Gives back slots one by one, the oldest grant first, until nobody waits; returns who was granted, in order. */
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
  it('goes to the caller that holds the fewest, however long another has queued', async () => {
    const slots = new FairSlots(3, 100)
    const heavy = await askMany(slots, 20, 'heavy')
    const light = await askMany(slots, 2, 'light')
    expect([holding(heavy).length, holding(light).length]).toEqual([3, 0])
    const order = (await drain([...heavy, ...light])).map(({ path }) => path[0])
    expect(order.slice(0, 4)).toEqual(['light', 'heavy', 'light', 'heavy'])
  })

  it('goes round in turns among callers that hold as many', async () => {
    const slots = new FairSlots(1, 100)
    const first = ask(slots, 'z')
    const askers = [first, ...'aaabbbcc'.split('').map((caller) => ask(slots, caller))]
    await settled()
    expect((await drain(askers)).map(({ path }) => path[0]).join('')).toBe('abcabcab')
  })

  it('goes, inside a caller, to the request that holds the fewest', async () => {
    const slots = new FairSlots(3, 100)
    const heavy = await askMany(slots, 20, 'a', 'heavy')
    const light = await askMany(slots, 2, 'a', 'light')
    const order = (await drain([...heavy, ...light])).map(({ path }) => path[1])
    expect(order.slice(0, 4)).toEqual(['light', 'heavy', 'light', 'heavy'])
  })

  it('goes to calls of one request in the order they came', async () => {
    const slots = new FairSlots(1, 100)
    const askers = await askMany(slots, 10, 'a')
    expect(await drain(askers)).toEqual(askers.slice(1))
  })

  it('is given back once, whatever is called twice', async () => {
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
  ])('of %i slots gets %i with one request, and whoever comes next is served at once', async (count, reach) => {
    const slots = new FairSlots(count, 2000)
    const hanging = await askMany(slots, 2 * count, 'heavy')
    expect(holding(hanging)).toHaveLength(reach)
    if (reach === count) return
    const [other] = await askMany(slots, 1, 'light')
    expect(other?.holds).toBe(true)
  })

  it('leaves something to the other requests of the same caller too', async () => {
    const slots = new FairSlots(64, 640)
    await askMany(slots, 100, 'local', 'heavy')
    expect(holding(await askMany(slots, 2, 'local', 'light'))).toHaveLength(2)
  })

  it('and another like it leave something to a third', async () => {
    const slots = new FairSlots(64, 640)
    const counts = []
    for (const caller of ['a', 'b', 'c']) counts.push(holding(await askMany(slots, 100, caller)).length)
    expect(counts).toEqual([57, 5, 2])
  })
})

describe('a full queue', () => {
  it('refuses the newest of the heaviest caller in place of whoever comes', async () => {
    const slots = new FairSlots(1, 10)
    const heavy = await askMany(slots, 11, 'heavy')
    const light = await askMany(slots, 3, 'light')
    expect(refused(heavy)).toEqual(heavy.slice(-3))
    expect(waiting(light)).toHaveLength(3)
  })

  it('refuses who comes when they are the heaviest, or as heavy', async () => {
    const slots = new FairSlots(1, 10)
    await askMany(slots, 1, 'z')
    const one = await askMany(slots, 5, 'one')
    const other = await askMany(slots, 6, 'other')
    const more = await askMany(slots, 1, 'one')
    expect([refused(one), refused(other), refused(more)].map(({ length }) => length)).toEqual([0, 1, 1])
  })

  it('refuses, inside a caller, the newest of the heaviest request', async () => {
    const slots = new FairSlots(1, 10)
    const heavy = await askMany(slots, 11, 'local', 'heavy')
    const light = await askMany(slots, 2, 'local', 'light')
    expect(refused(heavy)).toEqual(heavy.slice(-2))
    expect(waiting(light)).toHaveLength(2)
  })

  it('has room again for each that leaves, and thousands leave at once', async () => {
    const slots = new FairSlots(1, 5000)
    const askers = await askMany(slots, 5001, 'heavy')
    expect(waiting(askers)).toHaveLength(5000)
    for (const asker of askers.slice(1)) asker.leave()
    await settled()
    expect(waiting(await askMany(slots, 5000, 'heavy'))).toHaveLength(5000)
  })

  it('turns away at once whose signal has fired', async () => {
    expect(await new FairSlots(1, 1).acquire(new Sharers(), AbortSignal.abort())).toBe('left')
  })
})

describe('those who share a call', () => {
  it('are served with the first of them whose turn it is', async () => {
    const slots = new FairSlots(2, 100)
    const heavy = await askMany(slots, 30, 'heavy')
    const last = heavy.at(-1)
    last?.sharers.add(['light', 'r'])
    expect((await drain(heavy))[0]).toBe(last)
  })

  it('stay in line while one of them does, though the others were refused or left', async () => {
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

  it('who come while a slot is free for them take it', async () => {
    const slots = new FairSlots(64, 640)
    const heavy = await askMany(slots, 100, 'heavy')
    const last = heavy.at(-1)
    expect(last?.isWaiting).toBe(true)
    last?.sharers.add(['light', 'r'])
    await settled()
    expect(last?.holds).toBe(true)
  })
})

describe('whatever happens', () => {
  const CALLERS = ['a', 'b', 'c', 'd']
  const move = fc.record({
    kind: fc.constantFrom('ask', 'ask', 'ask', 'leave', 'release', 'release', 'share'),
    caller: fc.constantFrom(...CALLERS),
    request: fc.constantFrom('1', '2', '3'),
    which: fc.nat(),
  })
  const history = fc.array(move, { maxLength: 80 })

  it('no more than the slots are held, nobody who holds none waits beside a free one, and no slot is lost', async () => {
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

  it('a caller who holds nothing waits for no more grants than callers waited before', async () => {
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
