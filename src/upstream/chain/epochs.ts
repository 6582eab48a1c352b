/** A point in the order of all writes. */
export type Mark = number

/** Tags remembered individually. */
const TAGS_MAX = 10_000

/**
 * When each tag was last written to, by one counter. A response requested at a mark is valid while none of its tags has
 * been bumped since. Memory is bounded: a tag that is not remembered counts as bumped at `floor`, which is no earlier
 * than the last bump of any forgotten tag.
 */
export class EpochBook {
  readonly #bumps = new Map<string, Mark>()
  #counter: Mark = 0
  #floor: Mark = 0

  constructor(private readonly tagsMax = TAGS_MAX) {}

  /** How many tags are remembered individually. */
  get size(): number {
    return this.#bumps.size
  }

  /** Now. */
  mark(): Mark {
    return this.#counter
  }

  /** Invalidates what was read before now and depends on one of these tags. */
  bump(tags: readonly string[]): void {
    this.#counter += 1
    for (const tag of tags) {
      // Deleted first, so that the map is in the order of bumps.
      this.#bumps.delete(tag)
      this.#bumps.set(tag, this.#counter)
    }
    for (const [tag, mark] of this.#bumps) {
      if (this.#bumps.size <= this.tagsMax) break
      this.#bumps.delete(tag)
      this.#floor = mark
    }
  }

  /** Whether none of the tags has been bumped since the mark. */
  isCurrent(tags: readonly string[], mark: Mark): boolean {
    return tags.every((tag) => (this.#bumps.get(tag) ?? this.#floor) <= mark)
  }
}
