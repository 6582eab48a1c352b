import type { ExecutionResult } from 'graphql'

/** The parts of a response that must be equal. */
export interface ComparableResponse {
  /** JSON text, so that the order of the fields counts too. */
  readonly data: string
  /** `paymentLinks.nodes.1 UPSTREAM_MALFORMED`, sorted. */
  readonly errors: readonly string[]
}

export function toComparable({
  data,
  errors = [],
}: Pick<ExecutionResult<unknown>, 'data' | 'errors'>): ComparableResponse {
  return {
    data: JSON.stringify(data, null, 1),
    errors: errors.map(({ path = [], extensions }) => `${path.join('.')} ${extensions?.['code']}`).sort(),
  }
}
