/** One behaviour: its default, and the values it takes. */
export interface Switch<Value> {
  readonly initial: Value
  /** Describes the values it takes, for the message when it is given another. */
  readonly expected: string
  /** The value after a change, or undefined where it takes no such value. */
  change(to: unknown, from: Value): Value | undefined
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
  return { initial, expected: values.join(' | '), change: (to) => values.find((value) => value === to) }
}

export function flag(initial: boolean): Switch<boolean> {
  return { ...oneOf<boolean>(true, false), initial }
}

export function count(initial: number): Switch<number> {
  return {
    initial,
    expected: 'an integer of at least 1',
    change: (to) => (typeof to === 'number' && Number.isInteger(to) && to >= 1 ? to : undefined),
  }
}

/** Several parts under one name. */
export function group<Parts extends object>(parts: Switches<Parts>, initial: Partial<Parts> = {}): Switch<Parts> {
  return {
    initial: { ...initialOf(parts), ...initial },
    expected: `an object of ${Object.keys(parts).join(', ')}`,
    change: (to, from) => {
      if (typeof to !== 'object' || to === null) return undefined
      const next = new Map<string, unknown>(Object.entries(from))
      for (const [name, value] of Object.entries(to)) {
        next.set(name, switchNamed(parts, name)?.change(value, next.get(name)))
        if (next.get(name) === undefined) return undefined
      }
      return Object.fromEntries(next) as Parts
    },
  }
}

/** The behaviours of one sandbox. A change acts from the next request on. */
export class BehaviourSwitches<Behaviour extends object> {
  #current: Behaviour

  constructor(private readonly switches: Switches<Behaviour>) {
    this.#current = initialOf(switches)
  }

  get current(): Behaviour {
    return this.#current
  }

  /** @throws TypeError naming the behaviour and the values it takes; nothing is changed then. */
  change(changes: Changes<Behaviour>): Behaviour {
    const next = new Map<string, unknown>(Object.entries(this.#current))
    for (const [name, value] of Object.entries(changes)) {
      const asked = switchNamed(this.switches, name)
      if (asked === undefined) throw new TypeError(`No behaviour is called ${name}`)
      next.set(name, asked.change(value, next.get(name)))
      if (next.get(name) !== undefined) continue
      throw new TypeError(`${name} takes ${asked.expected}, but got: ${JSON.stringify(value)}`)
    }
    this.#current = Object.fromEntries(next) as Behaviour
    return this.#current
  }

  reset(): Behaviour {
    this.#current = initialOf(this.switches)
    return this.#current
  }
}

function initialOf<Behaviour extends object>(switches: Switches<Behaviour>): Behaviour {
  const entries = Object.entries<Switch<unknown>>(switches).map(([name, { initial }]) => [name, initial])
  return Object.fromEntries(entries) as Behaviour
}

function switchNamed<Behaviour>(switches: Switches<Behaviour>, name: string): Switch<unknown> | undefined {
  return Object.hasOwn(switches, name) ? (switches as Readonly<Record<string, Switch<unknown>>>)[name] : undefined
}
