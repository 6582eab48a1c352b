import { badUserInput } from '../../kernel/errors.js'
import { excerpt } from '../../kernel/excerpt.js'
import type { AccessScope, Requirement } from '../../kernel/grants.js'
import { parseAccountId } from '../account-facts/account-id.js'

/** Identifies one payment link. The upstream checks the pair, so the `id` alone is not enough. */
export interface LinkKey {
  readonly accountId: string
  readonly id: string
}

export const LINK_ID = /^[1-9]\d{0,18}$/

export function isLinkId(text: string): boolean {
  return LINK_ID.test(text)
}

/** @throws GatewayError BAD_USER_INPUT naming the part that is not an id */
export function parseLinkKey({ accountId, id }: LinkKey): LinkKey {
  return { accountId: parseAccountId(accountId), id: parseLinkId(id) }
}

/** @throws GatewayError BAD_USER_INPUT */
export function parseLinkId(text: string): string {
  if (isLinkId(text)) return text
  throw badUserInput(`A payment link id is a whole number of 1 to 19 digits, but got: ${excerpt(text)}.`)
}

/** The name of an account's list of links: for cursors, hints and tags. */
export function linkListName(accountId: string): string {
  return `account/${accountId}/payment-links`
}

/** The name of one link: for tags and locks. */
export function linkName({ accountId, id }: LinkKey): string {
  return `${linkListName(accountId)}/${id}`
}

/** The scopes of payment links. A write includes the reads it needs and the link it returns. */
const SCOPES = {
  read: { name: 'payment-links:read', allows: 'read the payment links' },
  write: { name: 'payment-links:write', allows: 'write the payment links' },
} as const satisfies Readonly<Record<string, AccessScope>>

export type LinkAccess = keyof typeof SCOPES

/** What a caller needs for the links of an account. */
export function linkAccess(accountId: string, access: LinkAccess): Requirement {
  return { kind: 'account', id: accountId, scope: SCOPES[access] }
}
