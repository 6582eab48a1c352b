import type { RequestScope } from '../../graphql/scope.js'
import type { Instant } from '../../kernel/instant.js'
import { type Account, type AccountFacts, weightOf } from './account-facts.model.js'

/** What the link rows read in one request say about their accounts. */
export interface AccountBook {
  /** @param asOf when the row was last changed: of two facts of equal weight, the newer one wins */
  note(accountId: string, facts: AccountFacts, asOf: Instant): void
  /** A fact is undefined while no row read so far carries it. */
  read(accountId: string): Account
}

type FactName = keyof AccountFacts
interface Fact {
  readonly value: AccountFacts[FactName]
  readonly asOf: Instant
}

export function accountBook(_scope: RequestScope): AccountBook {
  const accounts = new Map<string, Map<FactName, Fact>>()
  return {
    note(accountId, facts, asOf) {
      const known = accounts.get(accountId) ?? new Map<FactName, Fact>()
      accounts.set(accountId, known)
      for (const name of ['name', 'email', 'phone', 'status'] as const) {
        const value = facts[name]
        if (value !== undefined && outranks({ value, asOf }, known.get(name))) known.set(name, { value, asOf })
      }
    },
    read(accountId) {
      const known = accounts.get(accountId)
      return {
        id: accountId,
        name: known?.get('name')?.value,
        email: known?.get('email')?.value,
        phone: known?.get('phone')?.value,
        status: known?.get('status')?.value as Account['status'],
      }
    },
  }
}

function outranks(fact: Fact, known: Fact | undefined): boolean {
  const more = weightOf(fact.value) - weightOf(known?.value)
  return more > 0 || (more === 0 && known !== undefined && fact.asOf > known.asOf)
}
