import { badUserInput } from '../../kernel/errors.js'
import { type Cursor, decodeCursor } from './cursor.js'

/** The arguments of a cursor connection as received; null means the same as absent. */
export interface ConnectionArguments {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
  readonly last?: number | null | undefined
  readonly before?: string | null | undefined
  readonly offset?: number | null | undefined
}

/** The rows requested: the first or last `count` of those between two cursors, or `count` from an offset. */
export type SliceQuery =
  | { readonly kind: 'forward' | 'backward'; readonly count: number; readonly after?: Cursor; readonly before?: Cursor }
  | { readonly kind: 'offset'; readonly count: number; readonly offset: number }

export const ROWS_DEFAULT = 25
export const ROWS_MAX = 100
/** Longer than any list; up to here page numbers are exact. */
const OFFSET_MAX = 1_000_000_000

/**
 * Checks the arguments before anything is read.
 * @param list the name of the list, which must be the list of every cursor
 * @throws GatewayError BAD_USER_INPUT
 */
export function parseArguments(list: string, args: ConnectionArguments): SliceQuery {
  const first = parseCount('first', args.first)
  const last = parseCount('last', args.last)
  if (first !== undefined && last !== undefined) {
    throw badUserInput(`Give either first or last, but got both: first: ${first}, last: ${last}.`)
  }
  const count = first ?? ROWS_DEFAULT
  if (args.offset != null) return { kind: 'offset', count, offset: parseOffset(args.offset, args) }
  return {
    ...(last === undefined ? { kind: 'forward', count } : { kind: 'backward', count: last }),
    ...(args.after == null ? {} : { after: decodeCursor('after', list, args.after) }),
    ...(args.before == null ? {} : { before: decodeCursor('before', list, args.before) }),
  }
}

function parseOffset(offset: number, args: ConnectionArguments): number {
  const rivals = (['last', 'after', 'before'] as const).filter((name) => args[name] != null)
  if (rivals.length > 0) throw badUserInput(`offset goes with first only, but got it with ${rivals.join(' and ')}.`)
  if (offset >= 0 && offset <= OFFSET_MAX) return offset
  throw badUserInput(`offset must be a whole number from 0 to ${OFFSET_MAX}, but got: ${offset}.`)
}

function parseCount(name: 'first' | 'last', value: number | null | undefined): number | undefined {
  if (value == null) return undefined
  if (value >= 1 && value <= ROWS_MAX) return value
  throw badUserInput(`${name} must be a whole number from 1 to ${ROWS_MAX}, but got: ${value}.`)
}
