import { badUserInput } from '../../kernel/errors.js'
import { excerpt } from '../../kernel/excerpt.js'

/**
 * Where a row was when it was read. Rows come and go between two requests, so a position alone is not enough: the id finds
 * the row again, and the sort key finds its place once the row is gone.
 *
 * `{ position: 24, id: '4711', sortKey: 1750000000000, order: 0 }` is the 25th row of a list that was newest first.
 */
export interface Cursor {
  /** Counted from 0, in the upstream's order. */
  readonly position: number
  /** Undefined for an unreadable row. */
  readonly id: string | undefined
  /** See `Row`. */
  readonly sortKey: number | undefined
  /** Index into `ORDERS` of the order that the list followed; undefined when it followed none. */
  readonly order: number | undefined
}

/**
 * Writes the cursors of one list as opaque text: base64url of
 *
 *     2|1b4qgy9|2h8dk1|24|1750000000000|0|4711
 *
 * which is version, checksum, digest of the list's name, position, sort key, order, id. Cursors of version 1, which named only
 * an account, are refused like any other text.
 *
 * @param list its name, hashed once for all cursors of a page
 */
export function cursorEncoder(list: string): (cursor: Cursor) => string {
  const digest = hashOf(list)
  return ({ position, id, sortKey, order }) => {
    // A cursor without an id still works; an error here would fail the whole page.
    const carried = id !== undefined && ID.test(id) ? id : ''
    const fields = `${digest}|${position}|${sortKey ?? ''}|${order ?? ''}|${carried}`
    return toBase64url(`2|${hashOf(fields)}|${fields}`)
  }
}

/**
 * @param list the name of the list that the cursor must belong to
 * @throws GatewayError BAD_USER_INPUT when the text is not a cursor, or is one of another list
 */
export function decodeCursor(argument: 'after' | 'before', list: string, text: string): Cursor {
  const plain = text.length <= LENGTH_MAX ? Buffer.from(text, 'base64url').toString() : ''
  const [, checksum, fields, digest, position, sortKey, order, id] = PLAIN.exec(plain) ?? []
  // Base64 decoding is lenient: only the exact text that was issued is a cursor.
  const isOurs = fields !== undefined && checksum === hashOf(fields) && text === toBase64url(plain)
  if (!isOurs) {
    throw badUserInput(`${argument} must be a cursor from an earlier page, but got: ${excerpt(text)}.`)
  }
  if (digest !== hashOf(list)) {
    throw badUserInput(`${argument} must be a cursor of this list, but got one of another list.`)
  }
  return { position: Number(position), id, sortKey: numberOf(sortKey), order: numberOf(order) }
}

/** Without control characters and lone surrogates, which UTF-8 cannot encode. */
const ID = /^[^\p{Cc}\p{Cs}]{1,128}$/u
const PLAIN = /^2\|([0-9a-z]+)\|(([0-9a-z]+)\|(\d{1,12})\|(-?[\d.e+-]{1,24})?\|(\d)?\|([^\p{Cc}\p{Cs}]{1,128})?)$/u
/** Of an id of 128 characters outside the Basic Multilingual Plane. */
const LENGTH_MAX = 1_024

function toBase64url(plain: string): string {
  return Buffer.from(plain).toString('base64url')
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text)
}

/** FNV-1a. Detects cursors of other lists, and truncated or mistyped ones; it protects no secret. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  return (hash >>> 0).toString(36)
}
