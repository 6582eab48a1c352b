/** Codes that every mutation may answer with. What each means to its callers: `user-error.type.ts`. */
export type CommonCode = 'INVALID' | 'NOT_FOUND' | 'STALE' | 'REJECTED' | 'NOT_APPLIED'

/** Something a person can fix. `Own` are the codes of one mutation. */
export interface UserError<Own extends string = never> {
  readonly code: CommonCode | Own
  /** Path from the input's own field, `['whitelistedPaymentMethod', '1']`; null when no single field is concerned. */
  readonly field: readonly string[] | null
  /** In English, for the person. */
  readonly message: string
}

/** @param field a path, or the name of one of the input's own fields */
export function userError<Code extends string>(
  code: Code,
  field: UserError['field'] | string,
  message: string,
): Omit<UserError, 'code'> & { readonly code: Code } {
  return { code, field: typeof field === 'string' ? [field] : field, message }
}

/** The upstream refused the write and named no field. */
export const rejected: UserError = userError('REJECTED', null, 'The upstream refused the change.')

/** The upstream said yes, but a field shows something else than was asked. */
export function notApplied(field: string): UserError {
  return userError('NOT_APPLIED', field, `The upstream accepted the change, but ${field} still has another value.`)
}
