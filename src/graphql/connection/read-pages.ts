/** A page by the question that brought it. */
export interface ListedPage {
  readonly number: number
  /** The `per_page` asked for. */
  readonly size: number
}

/** 4,000 rows in pages of the largest size. Looking for more would take longer than it can save. */
export const PAGES_KEPT_MAX = 40

/** Pages of a list whose answers may still be kept. */
export class ReadPages {
  readonly #pages = new Map<string, ListedPage>()

  /** The latest last. */
  get all(): readonly ListedPage[] {
    return [...this.#pages.values()]
  }

  note(page: ListedPage): void {
    // Deleted first: the map's order is the order of reads.
    this.forget(page)
    this.#pages.set(nameOf(page), page)
    const [oldest] = this.#pages.values()
    if (this.#pages.size > PAGES_KEPT_MAX && oldest !== undefined) this.forget(oldest)
  }

  /** Its answer is not kept any more. */
  forget(page: ListedPage): void {
    this.#pages.delete(nameOf(page))
  }
}

function nameOf({ number, size }: ListedPage): string {
  return `${size}/${number}`
}
