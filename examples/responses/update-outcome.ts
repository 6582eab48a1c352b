import type { ErrorCode } from 'singapay-payment-link-gateway'
import type { ResponseError } from './retrying.js'

/** `updatePaymentLink` of a response, with whatever the operation selects. */
export interface UpdatePayload {
  readonly paymentLink: unknown
  readonly userErrors: readonly unknown[]
}

/** What a form should do after `updatePaymentLink`. */
export type UpdateOutcome<Payload extends UpdatePayload> =
  /** Tell the person that it was saved. */
  | { readonly kind: 'saved'; readonly link: Payload['paymentLink'] }
  /** Show each message next to its field. `link` is the link as it is now, which matters if a code is `STALE`. */
  | { readonly kind: 'refused'; readonly link: Payload['paymentLink']; readonly userErrors: Payload['userErrors'] }
  /** The update may or may not have happened: read the link again and let the person decide. */
  | { readonly kind: 'unknown' }
  /** Nothing was written. Show the message and the request id. */
  | { readonly kind: 'failed'; readonly message: string; readonly code: string; readonly requestId: string | undefined }

/** Works with the response of any client. Without a payload or an error from the gateway, the outcome is unknown. */
export function toUpdateOutcome<Payload extends UpdatePayload>(
  payload: Payload | null | undefined,
  errors: readonly ResponseError[],
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
