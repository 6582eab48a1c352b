/** How one row is sent in place of what is stored, to test how odd rows are read. */
export interface RawRow {
  /** The whole row as JSON text, sent as it is: digits that a double cannot hold, duplicate keys, anything. */
  readonly text?: string
  /** Keys put over the row. */
  readonly set?: Readonly<Record<string, unknown>>
  /** Keys taken out of the row. */
  readonly remove?: readonly string[]
  /** The operations whose responses show it; all of them when left out. */
  readonly in?: readonly string[]
}

/** The rows of one resource that are sent otherwise than they are stored. */
export class PlantedRows {
  readonly #byId = new Map<string | number, RawRow>()

  /** `null` shows the stored row again. */
  plant(id: string | number, raw: RawRow | null): void {
    if (raw === null) this.#byId.delete(id)
    else this.#byId.set(id, raw)
  }

  /** The row as JSON text, as the responses of this operation show it. */
  textOf(id: string | number, operation: string, row: object): string {
    const raw = this.#byId.get(id)
    if (raw === undefined || raw.in?.includes(operation) === false) return JSON.stringify(row)
    if (raw.text !== undefined) return raw.text
    const shown: Record<string, unknown> = { ...row, ...raw.set }
    for (const key of raw.remove ?? []) delete shown[key]
    return JSON.stringify(shown)
  }
}
