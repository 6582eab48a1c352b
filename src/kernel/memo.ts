/** Makes a thing for an owner; the same factory gives the same thing again for as long as the owner lives. */
export type Factory<Owner, T> = (owner: Owner) => T

/** Things built on first use, one per factory: no registry, no names, no order of construction. */
export class Memo<Owner> {
  readonly #made = new Map<Factory<Owner, unknown>, unknown>()

  constructor(private readonly owner: Owner) {}

  get<T>(factory: Factory<Owner, T>): T {
    if (!this.#made.has(factory)) this.#made.set(factory, factory(this.owner))
    return this.#made.get(factory) as T
  }
}
