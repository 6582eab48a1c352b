import type { Asks } from './asked.js'
import type { SelectedBelow } from './field-cost.js'
import type { RequestScope } from './scope.js'

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
  /**
   * Calls that so many references may cause, before anything has checked what they are made of.
   * @param selected what is asked of any of them, of whatever type
   */
  calls(references: readonly Reference[], selected: SelectedBelow): number
  /** The query that reads a list of keys, for gateways that stitch schemas. */
  readonly keyList?: { readonly field: string; readonly argument: string }
}

/** A representation: `__typename`, the fields of a key, and what the subgraph asked to be given with them. */
export type Reference = Readonly<Record<string, unknown>>

export function isReference(value: unknown): value is Reference {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
