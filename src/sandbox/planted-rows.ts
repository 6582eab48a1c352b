/** Changes how one row is sent, to test how odd rows are read. */
export interface RawRow {
  /** The whole row as JSON text, sent unchanged: digits that a double cannot hold, duplicate keys, anything. */
  readonly text?: string
  /** Keys to set. */
  readonly set?: Readonly<Record<string, unknown>>
  /** Keys to remove. */
  readonly remove?: readonly string[]
  /** The operations whose responses are changed; default all. */
  readonly in?: readonly string[]
}

/** The rows of one resource that are not sent as they are stored. */
export class PlantedRows {
  readonly #byId = new Map<string | number, RawRow>()

  /** `null` sends the stored row again. */
  plant(id: string | number, raw: RawRow | null): void {
    if (raw === null) this.#byId.delete(id)
    else this.#byId.set(id, raw)
  }

  /** The row as JSON text, as responses of this operation send it. */
  textOf(id: string | number, operation: string, row: object): string {
    const raw = this.#byId.get(id)
    if (raw === undefined || raw.in?.includes(operation) === false) return JSON.stringify(row)
    if (raw.text !== undefined) return raw.text
    const shown: Record<string, unknown> = { ...row, ...raw.set }
    for (const key of raw.remove ?? []) delete shown[key]
    return JSON.stringify(shown)
  }
}
