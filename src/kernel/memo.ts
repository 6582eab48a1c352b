/** Builds a value for an owner. It declares the owner even if it ignores it, so that the compiler refuses the wrong one. */
export type Factory<Owner, T> = (owner: Owner) => T

/** One value per factory, built on first use. The factory is the key, so nothing has to be registered or named. */
export class Memo<Owner> {
  readonly #values = new Map<Factory<Owner, unknown>, unknown>()

  constructor(private readonly owner: Owner) {}

  get<T>(factory: Factory<Owner, T>): T {
    if (!this.#values.has(factory)) this.#values.set(factory, factory(this.owner))
    return this.#values.get(factory) as T
  }
}
