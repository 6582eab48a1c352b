import type { FieldCost, SelectedBelow } from '../../admission/field-cost.js'
import type { Asks } from '../asked.js'
import type { RequestScope } from '../scope.js'

/**
 * How references to one type are read. What names the type stands on its class:
 * `@Directive('@key(fields: "accountId id")')`.
 */
export interface Entity<Key = never> {
  readonly typename: string
  /**
   * Reads what one reference names, null for nothing. All references of a request are asked for in one tick, so that
   * loaders see them together. The reference has the fields of one key, with values of the schema's types; what else came
   * with it is as it came.
   * @param asks what is asked of any reference of the list
   * @throws GatewayError the answer of this reference and of no other
   */
  find(scope: RequestScope, reference: Key & Reference, asks: Asks): Promise<object | null>
  /** The id of what a key is read together with: of its account. Asked before anything has checked the key. */
  groupOf(key: unknown): unknown
  /**
   * What reading so many of each group costs.
   * @param selected what is asked of any of them; of references, also of those to other types
   */
  cost(counts: ReadonlyMap<string, number>, selected: SelectedBelow): Pick<FieldCost, 'calls' | 'batches'>
  /** The query that reads a list of keys, for gateways that stitch schemas. */
  readonly keyList?: { readonly field: string; readonly argument: string }
}

/** A representation: `__typename`, the fields of a key, and what the subgraph asked to be given with them. */
export type Reference = Readonly<Record<string, unknown>>

export function isReference(value: unknown): value is Reference {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
