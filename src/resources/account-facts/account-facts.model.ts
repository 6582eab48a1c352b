import { type Readable, Unreadable } from '../../kernel/unreadable.js'

export const ACCOUNT_STATUSES = ['ACTIVE', 'INACTIVE', 'PENDING', 'REJECTED', 'UNKNOWN'] as const
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number]

/** What a link row says of the account it belongs to; `undefined` is "the row does not carry it", `null` is "empty". */
export interface AccountFacts {
  readonly name: Readable<string | null | undefined>
  readonly email: Readable<string | null | undefined>
  readonly phone: Readable<string | null | undefined>
  readonly status: Readable<AccountStatus | null | undefined>
}

/** A merchant account; `id` is the ULID of the request path. */
export interface Account extends AccountFacts {
  readonly id: string
}

/** Rows of one account may disagree: the fact that says more wins, the newer of two that say as much. */
export function mergeAccountFacts(known: AccountFacts, newer: AccountFacts): AccountFacts {
  return {
    name: moreTelling(known.name, newer.name),
    email: moreTelling(known.email, newer.email),
    phone: moreTelling(known.phone, newer.phone),
    status: moreTelling(known.status, newer.status),
  }
}

/** How much a fact says: nothing, "empty", "something that cannot be read", a value. */
export function weightOf(fact: AccountFacts[keyof AccountFacts]): number {
  if (fact === undefined) return 0
  if (fact === null) return 1
  return fact instanceof Unreadable ? 2 : 3
}

function moreTelling<T extends AccountFacts[keyof AccountFacts]>(known: T, newer: T): T {
  return weightOf(newer) >= weightOf(known) ? newer : known
}
