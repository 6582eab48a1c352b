import { type Readable, Unreadable } from '../../kernel/unreadable.js'

export const ACCOUNT_STATUSES = ['ACTIVE', 'INACTIVE', 'PENDING', 'REJECTED', 'UNKNOWN'] as const
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number]

/** What a link row says about its account. `undefined`: the row does not carry it. `null`: it is empty. */
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

/** Rows of one account may disagree: the heavier fact wins (see `weightOf`), then the newer one. */
export function mergeAccountFacts(known: AccountFacts, newer: AccountFacts): AccountFacts {
  return {
    name: heavier(known.name, newer.name),
    email: heavier(known.email, newer.email),
    phone: heavier(known.phone, newer.phone),
    status: heavier(known.status, newer.status),
  }
}

/** From heaviest to lightest: a value, an unreadable value, an empty one, an absent one. */
export function weightOf(fact: AccountFacts[keyof AccountFacts]): number {
  if (fact === undefined) return 0
  if (fact === null) return 1
  return fact instanceof Unreadable ? 2 : 3
}

function heavier<T extends AccountFacts[keyof AccountFacts]>(known: T, newer: T): T {
  return weightOf(newer) >= weightOf(known) ? newer : known
}
