export const ACCOUNT_STATUSES = ['ACTIVE', 'INACTIVE', 'PENDING', 'REJECTED', 'UNKNOWN'] as const
export type AccountStatus = (typeof ACCOUNT_STATUSES)[number]

/** What a link row says of the account it belongs to; `undefined` is "the row does not carry it", `null` is "empty". */
export interface AccountFacts {
  readonly name: string | null | undefined
  readonly email: string | null | undefined
  readonly phone: string | null | undefined
  readonly status: AccountStatus | null | undefined
}

/** A merchant account; `id` is the ULID of the request path. */
export interface Account extends AccountFacts {
  readonly id: string
}

/** Rows of one account may disagree: a value that is not null wins, the newest of those. */
export function mergeAccountFacts(known: AccountFacts, newer: AccountFacts): AccountFacts {
  return {
    name: firstKnown(newer.name, known.name),
    email: firstKnown(newer.email, known.email),
    phone: firstKnown(newer.phone, known.phone),
    status: firstKnown(newer.status, known.status),
  }
}

function firstKnown<T>(newer: T | null | undefined, known: T | null | undefined): T | null | undefined {
  return newer ?? known ?? (newer === null || known === null ? null : undefined)
}
