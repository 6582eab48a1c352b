import { badUserInput } from '../../kernel/errors.js'
import { excerpt } from '../../kernel/excerpt.js'

/**
 * Where a row stood when it was read. Rows come and go while a caller walks, so a position alone is not enough: the id
 * finds the row again, the creation time finds its place when it is gone.
 */
export interface RowPlace {
  /** Counted from 0 in the upstream's order. */
  readonly position: number
  /** Undefined for a row that could not be read: it has a position only. */
  readonly id: string | undefined
  /** Epoch ms. */
  readonly createdAtMs: number | undefined
  /** Index into `ORDERS` of the order the list showed; undefined when it showed none. */
  readonly order: number | undefined
}

const VERSION = '1'
const SHAPE = /^1\|([^|]{1,64})\|(\d{1,10})\|(\d{1,19})?\|(-?\d{1,15})?\|(\d)?\|[0-9a-z]{1,7}$/

/** Opaque text for the outside. `list` names the list, so that a cursor of another one is refused. */
export function encodeCursor(list: string, place: RowPlace): string {
  const plain = [VERSION, list, place.position, place.id ?? '', place.createdAtMs ?? '', place.order ?? ''].join('|')
  return Buffer.from(`${plain}|${checksum(plain)}`, 'latin1').toString('base64url')
}

/** @throws GatewayError BAD_USER_INPUT when the text is no cursor of this list */
export function decodeCursor(name: 'after' | 'before', list: string, cursor: string): RowPlace {
  const plain = cursor.length <= 256 ? Buffer.from(cursor, 'base64url').toString('latin1') : ''
  const parts = SHAPE.exec(plain)
  const [, itsList, position, id, createdAtMs, order] = parts ?? []
  const place: RowPlace = {
    position: Number(position),
    id,
    createdAtMs: createdAtMs === undefined ? undefined : Number(createdAtMs),
    order: order === undefined ? undefined : Number(order),
  }
  // Base64 is lenient; only the text that was given out is taken back.
  if (!parts || itsList === undefined || encodeCursor(itsList, place) !== cursor) {
    throw badUserInput(`${name} must be a cursor that an earlier page gave, but got: ${excerpt(cursor)}.`)
  }
  if (itsList !== list) {
    throw badUserInput(`${name} must be a cursor of this account's links, but got one of another account.`)
  }
  return place
}

/** FNV-1a: tells a cursor that was cut or mistyped from one that was given out; it is no secret. */
function checksum(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return (hash >>> 0).toString(36)
}
