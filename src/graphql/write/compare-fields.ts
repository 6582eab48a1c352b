import { isSameValue } from '../../upstream/json-equality.js'
import type { Comparison } from './send-once.js'

/**
 * Compares a state with the fields of a change, name by name. A field that is undefined in the change was not asked for; one
 * that is undefined in the state is absent.
 */
export function compareFields<State extends object>(state: State, changes: Partial<State>): Comparison {
  const names = Object.keys(changes) as (keyof State & string)[]
  const asked = names.filter((name) => changes[name] !== undefined)
  return {
    different: asked.filter((name) => state[name] !== undefined && !isSameValue(state[name], changes[name])),
    absent: asked.filter((name) => state[name] === undefined),
  }
}
