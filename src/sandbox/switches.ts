/** One behaviour: its default, and the values it takes. */
export interface Switch<Value> {
  readonly initial: Value
  /** The value after a change. @throws TypeError naming the behaviour and the values it takes */
  change(to: unknown, from: Value, name: string): Value
}

export type Switches<Behaviour> = { readonly [Name in keyof Behaviour]: Switch<Behaviour[Name]> }

/** The values that a table of switches holds. */
export type ValuesOf<Table> = {
  readonly [Name in keyof Table]: Table[Name] extends Switch<infer Value> ? Value : never
}

/** Changes of some behaviours; one with parts may be changed in part. */
export type Changes<Behaviour> = {
  readonly [Name in keyof Behaviour]?: Behaviour[Name] extends object ? Partial<Behaviour[Name]> : Behaviour[Name]
}

/** One of the given values; the first is the default. */
export function oneOf<const Value extends string | number | boolean>(
  initial: Value,
  ...others: readonly Value[]
): Switch<Value> {
  const values = [initial, ...others]
  return {
    initial,
    change: (to, _from, name) => values.find((value) => value === to) ?? refuse(name, values.join(' | '), to),
  }
}

export function flag(initial: boolean): Switch<boolean> {
  return oneOf<boolean>(initial, !initial)
}

export function count(initial: number): Switch<number> {
  return {
    initial,
    change: (to, _from, name) =>
      typeof to === 'number' && Number.isInteger(to) && to >= 1 ? to : refuse(name, 'an integer of at least 1', to),
  }
}

/** Several parts under one name, which may be changed one by one. */
export function group<Parts extends object>(parts: Switches<Parts>, initial: Partial<Parts> = {}): Switch<Parts> {
  const known = new Map(Object.entries<Switch<unknown>>(parts))
  const initials = [...known].map(([part, { initial }]) => [part, initial])
  return {
    initial: { ...Object.fromEntries(initials), ...initial },
    change: (to, from, name) => {
      if (typeof to !== 'object' || to === null) return refuse(name, `an object of ${[...known.keys()].join(', ')}`, to)
      const next = new Map<string, unknown>(Object.entries(from))
      for (const [part, value] of Object.entries(to)) {
        const path = name === '' ? part : `${name}.${part}`
        const found = known.get(part)
        if (found === undefined) throw new TypeError(`No behaviour is called ${path}`)
        next.set(part, found.change(value, next.get(part), path))
      }
      return Object.fromEntries(next) as Parts
    },
  }
}

/** The behaviours of one sandbox. A change acts from the next request on. */
export class BehaviourSwitches<Behaviour extends object> {
  readonly #all: Switch<Behaviour>
  #current: Behaviour

  constructor(switches: Switches<Behaviour>) {
    this.#all = group(switches)
    this.#current = this.#all.initial
  }

  get current(): Behaviour {
    return this.#current
  }

  /** @throws TypeError naming the behaviour and the values it takes; nothing is changed then. */
  change(changes: Changes<Behaviour>): Behaviour {
    this.#current = this.#all.change(changes, this.#current, '')
    return this.#current
  }

  reset(): Behaviour {
    this.#current = this.#all.initial
    return this.#current
  }
}

function refuse(name: string, expected: string, got: unknown): never {
  throw new TypeError(`${name} takes ${expected}, but got: ${JSON.stringify(got)}`)
}
