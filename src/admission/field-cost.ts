/** The most that a field may cost each time it is selected. */
export interface FieldCost {
  /** Upstream calls that the gateway decides to make: with its retries and token renewals, a call counts once. */
  readonly calls: number
  /** Objects it may return; what is selected below it is paid for each. Default: 1. */
  readonly rows?: number
  /** Bytes of JSON of a leaf. Default: the most for values of its type. */
  readonly bytes?: number
  /** Copies of the schema that it returns; an operation may request one. */
  readonly sdls?: number
  /** Length of its key list, which has a limit of its own. */
  readonly keys?: number
  /** Rows it reads by id. Those of the whole operation are read, and priced, together: `Pricing.batchCalls`. */
  readonly batches?: Batches | undefined
  /** Length of its list of representations, which may be `REFERENCES_PER_KEY` times as long as a key list. */
  readonly references?: number
}

export const FREE: FieldCost = { calls: 0 }

/** How many rows of each list are read by id, by the list's id. */
export type RowsByList = ReadonlyMap<string, number>

/**
 * Rows that are read by id, each group with the pages of a list that may be read in addition, for what a row read by itself
 * lacks. The same `RowsByList` object stands for the same rows, which are read once.
 */
export type Batches = ReadonlyMap<RowsByList, number>

/** Merges what two fields read by id; rows named by both are read once. */
export function joinBatches(a: Batches | undefined, b: Batches | undefined): Batches | undefined {
  if (a === undefined || b === undefined) return a ?? b
  const joined = new Map(a)
  for (const [rows, pages] of b) joined.set(rows, Math.max(pages, joined.get(rows) ?? 0))
  return joined
}

/** With the default of 100 keys in a list, `_entities` takes 1000 references. */
export const REFERENCES_PER_KEY = 10

/** Arguments with variables and defaults filled in, before their types are checked. */
export type KnownArguments = Readonly<Record<string, unknown>>

/** The fields that an operation selects below a field, fragments included. */
export interface SelectedFields {
  /** @param path field names, not aliases, joined by dots: `account.name`. It need not end in a leaf */
  has(path: string): boolean
}

/**
 * The cost of a field that depends on its arguments or on what is selected below it.
 * @param selected what may be selected: `@skip` and `@include` are not evaluated
 */
export type FieldCostOf = (args: KnownArguments, selected: SelectedFields) => FieldCost

/**
 * `Type.field` to its cost. Every field with a resolver has an entry, `FREE` if it makes no call. Other fields have one where
 * their size is special: lists of objects, and leaves larger than the rest of their type.
 */
export type CostTable = Readonly<Record<string, FieldCost | FieldCostOf>>

/** Everything that prices an operation. */
export interface Pricing {
  readonly costs: CostTable
  /** The most upstream calls that it may take to read these rows by id. */
  readonly batchCalls: (batches: Batches) => number
}

/** The items of a list argument: GraphQL reads a single value as a list of one. */
export function itemsOf(argument: unknown): readonly unknown[] {
  if (argument == null) return []
  return Array.isArray(argument) ? argument : [argument]
}

/** Counts the items of each list before their types are checked: an id that is neither text nor a number counts nowhere. */
export function countByList(items: readonly unknown[], listIdOf: (item: unknown) => unknown): RowsByList {
  const counts = new Map<string, number>()
  for (const item of items) {
    const id = listIdOf(item)
    if (typeof id !== 'string' && typeof id !== 'number') continue
    counts.set(String(id), (counts.get(String(id)) ?? 0) + 1)
  }
  return counts
}
