import type { Release } from './keyed-lock.js'

/** Whose load something is, from the whole to its part: `[caller, request]`. All paths of one line are equally long. */
export type Path = readonly string[]

/** Why waiting ended without a slot: too many waited and this was of the heaviest, or the signal fired. */
export type NoSlot = 'full' | 'left'

/**
 * So many slots at once, shared fairly. A free slot goes to the waiting party that holds the fewest, in turns among
 * equals, and inside it by the same rule to one of its parts. When more wait than may, the newest of the heaviest party
 * is refused. Whoever holds slots leaves some of the free ones to those who hold none, so that nobody fills all of them
 * with work that hangs.
 *
 * A slot may be held for as long as one likes: a budget of calls a minute is as many slots, each given back a minute
 * later.
 */
export class FairSlots {
  readonly #everybody = new Party()
  #free: number
  #waiting = 0

  constructor(
    slots: number,
    private readonly queueMax: number,
  ) {
    this.#free = slots
  }

  /** Waits until a slot is there for one of the sharers, which then serves them all. */
  acquire(sharers: Sharers, signal: AbortSignal): Promise<Release | NoSlot> {
    if (signal.aborted) return Promise.resolve('left')
    return new Promise((resolve) => {
      const leave = (): void => ticket.end('left')
      const ticket = new Ticket(this.#everybody, {
        entered: () => this.#serve(),
        ended: (result) => {
          signal.removeEventListener('abort', leave)
          this.#waiting -= 1
          resolve(result)
        },
      })
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting += 1
      sharers.stand(ticket)
      while (this.#waiting > this.queueMax) this.#everybody.heaviest(ticket)?.drop()
    })
  }

  #serve(): void {
    while (this.#free > 0) {
      const place = this.#everybody.next(this.#free)
      if (place === undefined) return
      this.#grant(place)
    }
  }

  #grant({ ticket, party }: Place): void {
    let isHeld = true
    this.#free -= 1
    party.hold(1)
    ticket.end(() => {
      if (!isHeld) return
      isHeld = false
      this.#free += 1
      party.hold(-1)
      this.#serve()
    })
  }
}

/** Those who wait for one slot together, each in a place of their own: mostly one, more where a call is shared. */
export class Sharers {
  readonly #paths = new Map<object, Path>()
  #ticket: Ticket | undefined

  /** Returns how to leave again. */
  add(path: Path): () => void {
    const sharer = {}
    this.#paths.set(sharer, path)
    this.#ticket?.enter(sharer, path)
    return () => {
      this.#paths.delete(sharer)
      this.#ticket?.leave(sharer)
    }
  }

  /** Takes a place for everybody; whoever is added meanwhile gets one as well. */
  stand(ticket: Ticket): void {
    this.#ticket = ticket
    for (const [sharer, path] of this.#paths) ticket.enter(sharer, path)
  }

  /** Whether they were last refused: each of them was of the heaviest. */
  get isRefused(): boolean {
    return this.#ticket?.result === 'full'
  }
}

/** One wait for a slot: over with the first of its places that is granted, or when the last is gone. */
class Ticket {
  result: Release | NoSlot | undefined
  readonly #places = new Map<object, Place>()

  constructor(
    private readonly everybody: Party,
    private readonly on: { readonly entered: () => void; readonly ended: (result: Release | NoSlot) => void },
  ) {}

  get places(): Iterable<Place> {
    return this.#places.values()
  }

  enter(sharer: object, path: Path): void {
    if (this.result !== undefined) return
    const party = this.everybody.at(path)
    const place = { ticket: this, party, drop: () => this.#drop(sharer, 'full') }
    this.#places.set(sharer, place)
    party.enter(place)
    this.on.entered()
  }

  leave(sharer: object): void {
    this.#drop(sharer, 'left')
  }

  end(result: Release | NoSlot): void {
    if (this.result !== undefined) return
    this.result = result
    for (const place of this.#places.values()) place.party.leave(place)
    this.#places.clear()
    this.on.ended(result)
  }

  #drop(sharer: object, why: NoSlot): void {
    const place = this.#places.get(sharer)
    if (place === undefined) return
    this.#places.delete(sharer)
    place.party.leave(place)
    if (this.#places.size === 0) this.end(why)
  }
}

interface Place {
  readonly ticket: Ticket
  readonly party: Party
  readonly drop: () => void
}

/** A caller, a request of theirs, or everybody: what it holds and what waits, its parts' included. */
class Party {
  held = 0
  private waiting = 0
  /** Of a party without parts, in order of arrival. */
  private readonly places = new Set<Place>()
  private readonly parts = new Map<string, Party>()
  /** The parts that wait, in turn: whoever was granted a slot goes to the end. */
  private readonly line = new Set<Party>()

  constructor(
    private readonly whole?: Party,
    private readonly name = '',
  ) {}

  at([name, ...rest]: Path): Party {
    if (name === undefined) return this
    const part = this.parts.get(name) ?? new Party(this, name)
    this.parts.set(name, part)
    return part.at(rest)
  }

  enter(place: Place): void {
    this.places.add(place)
    this.wait(1)
  }

  leave(place: Place): void {
    if (this.places.delete(place)) this.wait(-1)
  }

  hold(change: 1 | -1): void {
    this.held += change
    if (change > 0 && this.whole?.line.delete(this)) this.whole.line.add(this)
    this.whole?.hold(change)
    this.forget()
  }

  /** Whose turn it is, of those who may have one of so many free slots. */
  next(free: number): Place | undefined {
    if (free <= 0) return undefined
    let [chosen] = this.places
    let fewest = Number.POSITIVE_INFINITY
    for (const part of this.line) {
      if (part.held >= fewest) continue
      const place = part.next(withinReach(free, part.held))
      if (place === undefined) continue
      chosen = place
      fewest = part.held
      if (fewest === 0) break
    }
    return chosen
  }

  /** The newest place of the heaviest part of the heaviest party; among equals of the newcomer's own. */
  heaviest(newcomer: Ticket): Place | undefined {
    const own = new Set(Array.from(newcomer.places, ({ party }) => party.lineage()).flat())
    let party: Party = this
    while (party.line.size > 0) {
      party = [...party.line].reduce((one, other) => (other.outweighs(one, own) ? other : one))
    }
    return [...party.places].at(-1)
  }

  private outweighs(other: Party, favoured: ReadonlySet<Party>): boolean {
    const difference = this.held + this.waiting - other.held - other.waiting
    return difference > 0 || (difference === 0 && favoured.has(this))
  }

  private lineage(): Party[] {
    return [this, ...(this.whole?.lineage() ?? [])]
  }

  private wait(change: 1 | -1): void {
    this.waiting += change
    if (this.waiting > 0) this.whole?.line.add(this)
    else this.whole?.line.delete(this)
    this.whole?.wait(change)
    this.forget()
  }

  private forget(): void {
    if (this.held === 0 && this.waiting === 0) this.whole?.parts.delete(this.name)
  }
}

/** Of so many free slots, what a party may take that holds some already: from four on it leaves a sixteenth, one at least. */
function withinReach(free: number, held: number): number {
  const share = free + held
  return held === 0 || share < 4 ? free : free - Math.max(1, Math.floor(share / 16))
}
