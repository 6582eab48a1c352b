import { badUserInput } from '../../kernel/errors.js'

/** The arguments of a cursor connection as they came; null means the same as absent. */
export interface WindowArguments {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
  readonly last?: number | null | undefined
  readonly before?: string | null | undefined
  readonly offset?: number | null | undefined
}

/** Which rows are wanted: `count` of them from the front or the back of what lies between the two cursors. */
export type Window =
  | { readonly kind: 'forward'; readonly count: number; readonly after?: string; readonly before?: string }
  | { readonly kind: 'backward'; readonly count: number; readonly after?: string; readonly before?: string }
  | { readonly kind: 'offset'; readonly count: number; readonly offset: number }

export const ROWS_DEFAULT = 25
export const ROWS_MAX = 100
/** Beyond this no account reaches; it keeps page numbers exact. */
const OFFSET_MAX = 1_000_000_000

/** Refuses what does not go together, before anything is read. @throws GatewayError BAD_USER_INPUT */
export function parseWindow(given: WindowArguments): Window {
  const first = countOf('first', given.first)
  const last = countOf('last', given.last)
  if (first !== undefined && last !== undefined) {
    throw badUserInput(`Give either first or last, but got both: first: ${first}, last: ${last}.`)
  }
  if (given.offset != null) return offsetWindow(given, given.offset, first)
  const cursors = {
    ...(given.after == null ? {} : { after: given.after }),
    ...(given.before == null ? {} : { before: given.before }),
  }
  if (last !== undefined) return { kind: 'backward', count: last, ...cursors }
  return { kind: 'forward', count: first ?? ROWS_DEFAULT, ...cursors }
}

function offsetWindow(given: WindowArguments, offset: number, first: number | undefined): Window {
  const rivals = (['last', 'after', 'before'] as const).filter((name) => given[name] != null)
  if (rivals.length > 0) throw badUserInput(`offset goes with first only, but got it with ${rivals.join(' and ')}.`)
  if (offset < 0 || offset > OFFSET_MAX) {
    throw badUserInput(`offset must be a whole number from 0 to ${OFFSET_MAX}, but got: ${offset}.`)
  }
  return { kind: 'offset', count: first ?? ROWS_DEFAULT, offset }
}

function countOf(name: 'first' | 'last', value: number | null | undefined): number | undefined {
  if (value == null) return undefined
  if (value < 1 || value > ROWS_MAX) {
    throw badUserInput(`${name} must be a whole number from 1 to ${ROWS_MAX}, but got: ${value}.`)
  }
  return value
}
