/** What a field may cost at worst, each time it is asked for. */
export interface FieldCost {
  /** Calls that the gateway decides to make; a call that is tried again, or renews a token, is one. */
  readonly calls: number
  /** Objects the field may answer with: what is asked of each is paid so many times. Default: 1. */
  readonly rows?: number
  /** Of JSON, that a leaf may answer with. Default: what values of its type have. */
  readonly bytes?: number
  /** How often it tells the whole schema, which an operation may ask for once. */
  readonly sdls?: number
  /** Length of its key list, which has a limit of its own. */
  readonly keys?: number
  /** Rows that it reads by their ids. Those of a whole operation are read together, and so they are priced: `batchCalls`. */
  readonly batches?: Batches | undefined
  /** Length of its list of representations, which may be `REFERENCES_A_KEY` times as long as a key list. */
  readonly references?: number
}

/**
 * How many rows of which list are read by their ids, as the batch plan reads them, each with the pages of a list that may be
 * read besides, for what a row lacks that was read by itself. The same counts stand for the same rows, which are read once.
 */
export type Batches = ReadonlyMap<ReadonlyMap<string, number>, number>

/** Rows read in two places, read together: the same rows once. */
export function joinBatches(a: Batches | undefined, b: Batches | undefined): Batches | undefined {
  if (a === undefined || b === undefined) return a ?? b
  const joined = new Map(a)
  for (const [rows, besides] of b) joined.set(rows, Math.max(besides, joined.get(rows) ?? 0))
  return joined
}

/** Of the 100 keys that a list may have by default, `_entities` makes 1000 references. */
export const REFERENCES_A_KEY = 10

/** Arguments with variables filled in and defaults applied, before anything has checked their types. */
export type KnownArguments = Readonly<Record<string, unknown>>

/**
 * What an operation selects below a field, by names and through fragments; true where any part of it may ask, for `@skip` and
 * `@include` are not looked at.
 */
export interface SelectedBelow {
  /** @param path names of fields joined by dots, of no alias: `account.name`. It need not end in a leaf */
  has(path: string): boolean
}

/** The cost of a field that depends on what it is asked with, or on what is asked below it. */
export type FieldCostOf = (args: KnownArguments, selected: SelectedBelow) => FieldCost

/**
 * `Type.field` to its cost. Every field with a resolver of its own has an entry, `FREE` if it asks for nothing; of the others
 * those that have a size of their own: lists of objects, and leaves that are larger than others of their type.
 */
export type CostTable = Readonly<Record<string, FieldCost | FieldCostOf>>

export const FREE: FieldCost = { calls: 0 }

/** The items an argument brings: GraphQL reads a lone value as a list of one. */
export function itemsOf(argument: unknown): readonly unknown[] {
  if (argument == null) return []
  return Array.isArray(argument) ? argument : [argument]
}

/** How many of the items name which list, before anything has checked them; an id that is neither text nor number names none. */
export function countByList(items: readonly unknown[], idOf: (item: unknown) => unknown): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const item of items) {
    const id = idOf(item)
    if (typeof id !== 'string' && typeof id !== 'number') continue
    counts.set(String(id), (counts.get(String(id)) ?? 0) + 1)
  }
  return counts
}
