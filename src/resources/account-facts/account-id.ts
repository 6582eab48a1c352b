import { badUserInput } from '../../kernel/errors.js'
import { excerpt } from '../../kernel/excerpt.js'

/** A ULID in upper case; its first character holds only three bits. */
export const ACCOUNT_ID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/

export function isAccountId(text: string): boolean {
  return ACCOUNT_ID.test(text)
}

/** @throws GatewayError BAD_USER_INPUT */
export function parseAccountId(text: string): string {
  if (isAccountId(text)) return text
  throw badUserInput(`An account id is a ULID, 26 characters in upper case, but got: ${excerpt(text)}.`)
}
