import type { Release } from './keyed-lock.js'

/** Who causes the load, from the outer group to the inner one: `[caller, request]`. All paths have the same length. */
export type LoadPath = readonly string[]

/** Why a wait ended without a slot: the queue was full and this was part of the heaviest load, or the signal fired. */
export type NoSlot = 'full' | 'left'

/**
 * A fixed number of slots, shared fairly. A free slot goes to the waiting caller that holds the fewest, round-robin
 * among equals, and within that caller to a request by the same rule. When the queue is full, the newest entry of the
 * heaviest caller is refused. Callers who hold slots leave some free ones to those who hold none, so that nobody can
 * fill every slot with calls that hang.
 */
export class FairSlots {
  readonly #root = new Group()
  #free: number
  #waiting = 0

  constructor(
    slots: number,
    private readonly queueMax: number,
  ) {
    this.#free = slots
  }

  /** Waits for a slot for any one of the sharers; that slot serves all of them. */
  acquire(sharers: Sharers, signal: AbortSignal): Promise<Release | NoSlot> {
    if (signal.aborted) return Promise.resolve('left')
    return new Promise((resolve) => {
      const leave = (): void => ticket.end('left')
      const ticket = new Ticket(this.#root, {
        entered: () => this.#serve(),
        ended: (result) => {
          signal.removeEventListener('abort', leave)
          this.#waiting -= 1
          resolve(result)
        },
      })
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting += 1
      sharers.enqueue(ticket)
      while (this.#waiting > this.queueMax) this.#root.heaviest(ticket)?.drop()
    })
  }

  #serve(): void {
    while (this.#free > 0) {
      const entry = this.#root.next(this.#free)
      if (entry === undefined) return
      this.#grant(entry)
    }
  }

  #grant({ ticket, group }: QueueEntry): void {
    let isHeld = true
    this.#free -= 1
    group.hold(1)
    ticket.end(() => {
      if (!isHeld) return
      isHeld = false
      this.#free += 1
      group.hold(-1)
      this.#serve()
    })
  }
}

/** Requests that wait for one slot together, each with its own queue entry. There are several when a call is shared. */
export class Sharers {
  readonly #paths = new Map<object, LoadPath>()
  #ticket: Ticket | undefined

  /** Returns a function that removes the sharer again. */
  add(path: LoadPath): () => void {
    const sharer = {}
    this.#paths.set(sharer, path)
    this.#ticket?.enter(sharer, path)
    return () => {
      this.#paths.delete(sharer)
      this.#ticket?.leave(sharer)
    }
  }

  /** Queues an entry for each sharer, including those added later. */
  enqueue(ticket: Ticket): void {
    this.#ticket = ticket
    for (const [sharer, path] of this.#paths) ticket.enter(sharer, path)
  }

  /** Whether the last wait was refused because the queue was full. */
  get isRefused(): boolean {
    return this.#ticket?.result === 'full'
  }
}

/** One wait for a slot. It ends when one of its entries is granted the slot, or when the last entry is removed. */
class Ticket {
  result: Release | NoSlot | undefined
  readonly #entries = new Map<object, QueueEntry>()

  constructor(
    private readonly root: Group,
    private readonly on: { readonly entered: () => void; readonly ended: (result: Release | NoSlot) => void },
  ) {}

  get entries(): Iterable<QueueEntry> {
    return this.#entries.values()
  }

  enter(sharer: object, path: LoadPath): void {
    if (this.result !== undefined) return
    const group = this.root.at(path)
    const entry = { ticket: this, group, drop: () => this.#drop(sharer, 'full') }
    this.#entries.set(sharer, entry)
    group.enter(entry)
    this.on.entered()
  }

  leave(sharer: object): void {
    this.#drop(sharer, 'left')
  }

  end(result: Release | NoSlot): void {
    if (this.result !== undefined) return
    this.result = result
    for (const entry of this.#entries.values()) entry.group.leave(entry)
    this.#entries.clear()
    this.on.ended(result)
  }

  #drop(sharer: object, why: NoSlot): void {
    const entry = this.#entries.get(sharer)
    if (entry === undefined) return
    this.#entries.delete(sharer)
    entry.group.leave(entry)
    if (this.#entries.size === 0) this.end(why)
  }
}

interface QueueEntry {
  readonly ticket: Ticket
  readonly group: Group
  readonly drop: () => void
}

/** All callers, one caller, or one request: counts the slots held and the entries waiting, including its children's. */
class Group {
  held = 0
  private waiting = 0
  /** In order of arrival; only leaf groups have entries. */
  private readonly entries = new Set<QueueEntry>()
  private readonly children = new Map<string, Group>()
  /** Children with waiting entries; a child that is granted a slot moves to the end. */
  private readonly waitingChildren = new Set<Group>()

  constructor(
    private readonly parent?: Group,
    private readonly name = '',
  ) {}

  at([name, ...rest]: LoadPath): Group {
    if (name === undefined) return this
    const child = this.children.get(name) ?? new Group(this, name)
    this.children.set(name, child)
    return child.at(rest)
  }

  enter(entry: QueueEntry): void {
    this.entries.add(entry)
    this.wait(1)
  }

  leave(entry: QueueEntry): void {
    if (this.entries.delete(entry)) this.wait(-1)
  }

  hold(change: 1 | -1): void {
    this.held += change
    if (change > 0 && this.parent?.waitingChildren.delete(this)) this.parent.waitingChildren.add(this)
    this.parent?.hold(change)
    this.forget()
  }

  /** The next entry to be granted one of the free slots. */
  next(free: number): QueueEntry | undefined {
    if (free <= 0) return undefined
    let [chosen] = this.entries
    let fewest = Number.POSITIVE_INFINITY
    for (const child of this.waitingChildren) {
      if (child.held >= fewest) continue
      const entry = child.next(withinReach(free, child.held))
      if (entry === undefined) continue
      chosen = entry
      fewest = child.held
      if (fewest === 0) break
    }
    return chosen
  }

  /** The newest entry of the heaviest request of the heaviest caller; among equals, the newcomer's own. */
  heaviest(newcomer: Ticket): QueueEntry | undefined {
    const own = new Set(Array.from(newcomer.entries, ({ group }) => group.ancestry()).flat())
    let group: Group = this
    while (group.waitingChildren.size > 0) {
      group = [...group.waitingChildren].reduce((one, other) => (other.outweighs(one, own) ? other : one))
    }
    return [...group.entries].at(-1)
  }

  private outweighs(other: Group, favoured: ReadonlySet<Group>): boolean {
    const difference = this.held + this.waiting - other.held - other.waiting
    return difference > 0 || (difference === 0 && favoured.has(this))
  }

  private ancestry(): Group[] {
    return [this, ...(this.parent?.ancestry() ?? [])]
  }

  private wait(change: 1 | -1): void {
    this.waiting += change
    if (this.waiting > 0) this.parent?.waitingChildren.add(this)
    else this.parent?.waitingChildren.delete(this)
    this.parent?.wait(change)
    this.forget()
  }

  private forget(): void {
    if (this.held === 0 && this.waiting === 0) this.parent?.children.delete(this.name)
  }
}

/** Of four or more, a group that holds slots leaves a sixteenth of its share free, at least one. */
function withinReach(free: number, held: number): number {
  const share = free + held
  return held === 0 || share < 4 ? free : free - Math.max(1, Math.floor(share / 16))
}
