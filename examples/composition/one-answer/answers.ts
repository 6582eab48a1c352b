import type { ExecutionResult } from 'graphql'

/** What two answers to one question are compared by. */
export interface Seen {
  /** As JSON, so that the order of the fields counts as well. */
  readonly data: string
  /** `paymentLinks.nodes.1 UPSTREAM_MALFORMED`, sorted. */
  readonly errors: readonly string[]
}

export function seen({ data, errors = [] }: Pick<ExecutionResult<unknown>, 'data' | 'errors'>): Seen {
  return {
    data: JSON.stringify(data, null, 1),
    errors: errors.map(({ path = [], extensions }) => `${path.join('.')} ${extensions?.['code']}`).sort(),
  }
}
