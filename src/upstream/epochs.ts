/** A moment in the order of all writes. */
export type Mark = number

/** Tags remembered one by one; what was bumped before them is remembered as a whole. */
const TAGS_MAX = 10_000

/**
 * Which tags were written to, and when, in the order of one counter. An answer asked for at a mark is true of now only
 * while none of its tags was bumped since. Memory is bounded: of forgotten tags it is known that they were bumped no
 * later than `floor`, so every tag that is not remembered counts as bumped then.
 */
export class EpochBook {
  readonly #bumps = new Map<string, Mark>()
  #counter: Mark = 0
  #floor: Mark = 0

  constructor(private readonly tagsMax = TAGS_MAX) {}

  /** Tags remembered one by one. */
  get size(): number {
    return this.#bumps.size
  }

  /** Now. */
  mark(): Mark {
    return this.#counter
  }

  /** Something that these tags name may have changed just now. */
  bump(tags: readonly string[]): void {
    this.#counter += 1
    for (const tag of tags) {
      // Deleted first: the map's order is the order of bumps.
      this.#bumps.delete(tag)
      this.#bumps.set(tag, this.#counter)
    }
    for (const [tag, mark] of this.#bumps) {
      if (this.#bumps.size <= this.tagsMax) break
      this.#bumps.delete(tag)
      this.#floor = mark
    }
  }

  /** Whether no tag was bumped after the mark. */
  isCurrent(tags: readonly string[], mark: Mark): boolean {
    return tags.every((tag) => (this.#bumps.get(tag) ?? this.#floor) <= mark)
  }
}
