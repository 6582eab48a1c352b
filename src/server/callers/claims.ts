import { type Grants, grantsOf } from '../../kernel/grants.js'
import { isAccountId } from '../../resources/account-facts/account-id.js'

/** The claims of a token whose signature, issuer, audience and expiry have been verified. */
export type Claims = Readonly<Record<string, unknown>>

/**
 * The grants of a token; an absent claim grants nothing. Undefined when a claim has an unexpected form: its issuer
 * meant something this gateway does not understand, so none of the token counts.
 */
export function readGrants({ scope = [], accounts = [] }: Claims): Grants | undefined {
  const scopes = typeof scope === 'string' ? scope.split(' ') : scope
  if (!isListOf(scopes, (word) => word.length <= WORD_CHARACTERS_MAX)) return undefined
  if (accounts === '*') return grantsOf(scopes, '*')
  return isListOf(accounts, isAccountId) ? grantsOf(scopes, accounts) : undefined
}

/** The token's subject, which becomes part of the caller's name; undefined unless it is a short string. */
export function readSubject({ sub = '' }: Claims): string | undefined {
  return typeof sub === 'string' && sub.length <= WORD_CHARACTERS_MAX ? sub : undefined
}

const WORD_CHARACTERS_MAX = 1024

function isListOf(value: unknown, isItem: (item: string) => boolean): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && isItem(item))
}
