import { type Grants, grantsOf } from '../../kernel/grants.js'
import { isAccountId } from '../../resources/account-facts/account-id.js'

/** The claims of a token whose signature, issuer, audience and time were checked. */
export type Claims = Readonly<Record<string, unknown>>

/**
 * What a token allows; a claim that is absent allows nothing. Undefined when a claim is not what the contract says: whoever
 * made such a token meant something that is not known here, so none of it counts.
 */
export function readGrants({ scope = [], accounts = [] }: Claims): Grants | undefined {
  const scopes = typeof scope === 'string' ? scope.split(' ') : scope
  if (!isListOf(scopes, (word) => word.length <= WORD_CHARACTERS_MAX)) return undefined
  if (accounts === '*') return grantsOf(scopes, '*')
  return isListOf(accounts, isAccountId) ? grantsOf(scopes, accounts) : undefined
}

/** Whom a token is about, as part of a caller's name; undefined when it is no short text. */
export function readSubject({ sub = '' }: Claims): string | undefined {
  return typeof sub === 'string' && sub.length <= WORD_CHARACTERS_MAX ? sub : undefined
}

const WORD_CHARACTERS_MAX = 1024

function isListOf(value: unknown, isItem: (item: string) => boolean): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && isItem(item))
}
