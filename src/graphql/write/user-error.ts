/** Codes that any mutation may return; `user-error.type.ts` describes them. */
export type CommonCode = 'INVALID' | 'NOT_FOUND' | 'STALE' | 'REJECTED' | 'NOT_APPLIED'

/** Something a person can fix. `Own` are the codes of one mutation. */
export interface UserError<Own extends string = never> {
  readonly code: CommonCode | Own
  /** Path within the input, `['whitelistedPaymentMethod', '1']`; null when it concerns no single field. */
  readonly field: readonly string[] | null
  /** In English, for the person. */
  readonly message: string
}

/** @param field a path, or the name of a top-level field of the input */
export function userError<Code extends string>(
  code: Code,
  field: UserError['field'] | string,
  message: string,
): Omit<UserError, 'code'> & { readonly code: Code } {
  return { code, field: typeof field === 'string' ? [field] : field, message }
}

/** The upstream refused the write and named no field. */
export const rejected: UserError = userError('REJECTED', null, 'The upstream refused the change.')

/** The upstream accepted the write, but a field has another value than requested. */
export function notApplied(field: string): UserError {
  return userError('NOT_APPLIED', field, `The upstream accepted the change, but ${field} still has another value.`)
}
