/** What a caller holds. A requirement is met if both its account and its scope are among them. */
export interface Grants {
  readonly accounts: ReadonlySet<string> | '*'
  readonly scopes: ReadonlySet<string> | '*'
}

/** A scope, declared by the resource it gives access to. */
export interface AccessScope {
  /** The word in a token, `payment-links:read`. */
  readonly name: string
  /** What it allows, as a refusal says it: `read the payment links`. */
  readonly allows: string
}

/** What a call needs of its caller. */
export type Requirement =
  | { readonly kind: 'account'; readonly id: string; readonly scope: AccessScope }
  /** For what spans accounts: a grant of single accounts is not enough. */
  | { readonly kind: 'every-account'; readonly scope: AccessScope }
  /** Any known caller, whatever their grants. */
  | { readonly kind: 'public' }

export const EVERY_GRANT: Grants = Object.freeze({ accounts: '*', scopes: '*' })
export const NO_GRANT: Grants = grantsOf([], [])

/**
 * @param scopes words of a token; those that no resource declares grant nothing
 * @param accounts account ids, or `*` for every account
 */
export function grantsOf(scopes: readonly string[], accounts: readonly string[] | '*'): Grants {
  return Object.freeze({ accounts: accounts === '*' ? '*' : new Set(accounts), scopes: new Set(scopes) })
}

/** Why the grants do not meet the requirement, as a sentence for the caller; undefined when they do. */
export function findRefusal({ accounts, scopes }: Grants, requirement: Requirement): string | undefined {
  if (requirement.kind === 'public') return undefined
  const { kind, scope } = requirement
  const hasScope = scopes === '*' || scopes.has(scope.name)
  const hasAccount = accounts === '*' || (kind === 'account' && accounts.has(requirement.id))
  if (hasScope && hasAccount) return undefined
  return `The caller may not ${scope.allows} of ${kind === 'account' ? 'this account' : 'every account'}.`
}
