import type { FieldCost, RowsByList, SelectedFields } from '../../admission/field-cost.js'
import type { RequestScope } from '../scope.js'

/**
 * How references to an object type are resolved. The type's keys are directives on its class:
 * `@Directive('@key(fields: "accountId id")')`.
 */
export interface Entity<Key = never> {
  readonly typename: string
  /**
   * Reads the object that a reference names, null if there is none. Called for all references of a request in one tick, so
   * that loaders batch them.
   * @param reference the fields of one key, coerced to the schema's types, and the other fields as they came
   * @param selected what is selected of any reference in the list
   * @throws GatewayError for this reference only
   */
  resolveReference(scope: RequestScope, reference: Key & Reference, selected: SelectedFields): Promise<object | null>
  /** The id of the list that has the row of a key, such as its account's id. The key has not been checked yet. */
  listIdOf(key: unknown): unknown
  /**
   * The cost of reading this many rows of each list.
   * @param selected what is selected of any of them; in `_entities`, also of other types
   */
  cost(rows: RowsByList, selected: SelectedFields): Pick<FieldCost, 'calls' | 'batches'>
  /** The query that reads a list of keys, for gateways that stitch schemas. */
  readonly keyList?: { readonly field: string; readonly argument: string }
}

/** A representation: `__typename`, the fields of a key, and the fields that `@requires` asked for. */
export type Reference = Readonly<Record<string, unknown>>

export function isReference(value: unknown): value is Reference {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
