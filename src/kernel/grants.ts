/** What may be done with an account's links. A write covers the reads it is made of and the link it answers with. */
export type Access = 'read' | 'write'

/** What a caller may do, and with which accounts; both must allow it. */
export interface Grants {
  readonly accounts: ReadonlySet<string> | '*'
  readonly access: ReadonlySet<Access>
}

export const EVERY_GRANT: Grants = Object.freeze({ accounts: '*', access: new Set<Access>(['read', 'write']) })
export const NO_GRANT: Grants = Object.freeze({ accounts: new Set<string>(), access: new Set<Access>() })

/** The words of a token's scope and what each allows; any other word allows nothing. */
const SCOPES: ReadonlyMap<string, Access> = new Map([
  ['payment-links:read', 'read'],
  ['payment-links:write', 'write'],
])

/** @param accounts ids of accounts, or `*` for every one */
export function grantsOf(scopes: readonly string[], accounts: readonly string[] | '*'): Grants {
  const access = scopes.map((scope) => SCOPES.get(scope)).filter((allowed) => allowed !== undefined)
  return Object.freeze({ accounts: accounts === '*' ? '*' : new Set(accounts), access: new Set(access) })
}

export function allows({ accounts, access }: Grants, accountId: string, wanted: Access): boolean {
  return access.has(wanted) && (accounts === '*' || accounts.has(accountId))
}
