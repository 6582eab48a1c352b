import { badUserInput } from './errors.js'
import { excerpt } from './excerpt.js'

/** A ULID in upper case; its first character holds three bits only. */
export const ACCOUNT_ID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/
export const LINK_ID = /^[1-9]\d{0,18}$/

export function isAccountId(text: string): boolean {
  return ACCOUNT_ID.test(text)
}

export function isLinkId(text: string): boolean {
  return LINK_ID.test(text)
}

/** @throws GatewayError BAD_USER_INPUT */
export function parseAccountId(text: string): string {
  if (isAccountId(text)) return text
  throw badUserInput(`An account id is a ULID, 26 characters in upper case, but got: ${excerpt(text)}.`)
}

/** @throws GatewayError BAD_USER_INPUT */
export function parseLinkId(text: string): string {
  if (isLinkId(text)) return text
  throw badUserInput(`A payment link id is a whole number of 1 to 19 digits, but got: ${excerpt(text)}.`)
}
