import type { UserError } from './user-error.js'

/**
 * The outcome of a write. `before` is the state it was decided on, `state` the latest known state.
 *
 * - `invalid`: the input violates its own rules; nothing was read or sent.
 * - `refused`: by the gateway or by the upstream; nothing was written. `state` is null when there is no such object.
 * - `unchanged`: the state already shows the change; nothing was sent.
 * - `applied`: the state shows the change.
 * - `not-applied`: the upstream accepted the write, but the state does not show all of it.
 * - `unknown`: sent, and it may or may not have been written.
 * - `failed`: nothing was written, for a reason that no change of the input can fix.
 */
export type WriteResult<State, Own extends string = never> =
  | { readonly kind: 'invalid'; readonly userErrors: readonly UserError<Own>[] }
  | {
      readonly kind: 'refused'
      readonly userErrors: readonly UserError<Own>[]
      readonly state: State | null
      readonly before?: State
    }
  | { readonly kind: 'unchanged' | 'applied'; readonly state: State; readonly before: State }
  | {
      readonly kind: 'not-applied'
      readonly userErrors: readonly UserError<Own>[]
      readonly state: State
      readonly before: State
    }
  | { readonly kind: 'unknown'; readonly error: unknown; readonly before: State }
  | { readonly kind: 'failed'; readonly error: unknown; readonly before?: State }

/**
 * What a payload says about a write.
 * @throws the error of a write that failed, or whose outcome is unknown
 */
export function toPayload<State, Own extends string>(
  result: WriteResult<State, Own>,
): { readonly state: State | null; readonly userErrors: readonly UserError<Own>[] } {
  switch (result.kind) {
    case 'invalid':
      return { state: null, userErrors: result.userErrors }
    case 'refused':
    case 'not-applied':
      return { state: result.state, userErrors: result.userErrors }
    case 'unchanged':
    case 'applied':
      return { state: result.state, userErrors: [] }
    case 'unknown':
    case 'failed':
      throw result.error
  }
}
