import type { ErrorCode } from 'singapay-payment-link-gateway'
import type { AnsweredError } from './retrying.js'

/** `updatePaymentLink` of an answer, with whatever the operation selects. */
export interface UpdatePayload {
  readonly paymentLink: unknown
  readonly userErrors: readonly unknown[]
}

/** What a form has to do after `updatePaymentLink`. */
export type UpdateOutcome<Payload extends UpdatePayload> =
  /** Show that it is saved. */
  | { readonly kind: 'saved'; readonly link: Payload['paymentLink'] }
  /** Put each message next to its field; `link` is what stands there now, which matters when a code is `STALE`. */
  | { readonly kind: 'refused'; readonly link: Payload['paymentLink']; readonly userErrors: Payload['userErrors'] }
  /** It may or may not have happened: read the link again and let the person decide. */
  | { readonly kind: 'unknown' }
  /** Nothing was written. Show the message, quote the request id. */
  | { readonly kind: 'failed'; readonly message: string; readonly code: string; readonly requestId: string | undefined }

/** Reads the answer of any client. Neither a payload nor an error of the gateway: nobody knows what happened. */
export function toUpdateOutcome<Payload extends UpdatePayload>(
  payload: Payload | null | undefined,
  errors: readonly AnsweredError[],
): UpdateOutcome<Payload> {
  if (payload) {
    const { paymentLink: link, userErrors } = payload
    return userErrors.length === 0 ? { kind: 'saved', link } : { kind: 'refused', link, userErrors }
  }
  const [error] = errors
  const { code, requestId } = error?.extensions ?? {}
  if (error === undefined || typeof code !== 'string' || UNKNOWN.includes(code)) return { kind: 'unknown' }
  return {
    kind: 'failed',
    message: error.message,
    code,
    requestId: typeof requestId === 'string' ? requestId : undefined,
  }
}

const UNKNOWN: readonly string[] = [
  'UPSTREAM_OUTCOME_UNKNOWN',
  'REQUEST_TIMEOUT',
  'INTERNAL_SERVER_ERROR',
] satisfies ErrorCode[]
