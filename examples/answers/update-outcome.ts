import type { ErrorCode } from 'singapay-payment-link-gateway'
import type { UpdatePaymentLinkMutation } from 'singapay-payment-link-gateway/client'
import type { AnsweredError } from './retry-delay.js'

type Payload = NonNullable<UpdatePaymentLinkMutation['updatePaymentLink']>

/** What a form has to do after `updatePaymentLink`. */
export type UpdateOutcome =
  /** Show that it is saved. */
  | { readonly kind: 'saved'; readonly link: Payload['paymentLink'] }
  /** Put each message next to its field; `link` is what stands there now, which matters when a code is `STALE`. */
  | { readonly kind: 'refused'; readonly link: Payload['paymentLink']; readonly userErrors: Payload['userErrors'] }
  /** It may or may not have happened: read the link again and let the person decide. */
  | { readonly kind: 'unknown' }
  /** Nothing was written. Show the message, quote the request id. */
  | { readonly kind: 'failed'; readonly message: string; readonly code: string; readonly requestId: string | undefined }

/** Reads the answer of any client; without data and without errors from the gateway, nobody knows what happened. */
export function toUpdateOutcome(
  data: UpdatePaymentLinkMutation | null | undefined,
  errors: readonly AnsweredError[],
): UpdateOutcome {
  const payload = data?.updatePaymentLink
  if (payload) {
    const { paymentLink: link, userErrors } = payload
    return userErrors.length === 0 ? { kind: 'saved', link } : { kind: 'refused', link, userErrors }
  }
  const [error] = errors
  const code = error?.extensions?.['code']
  if (error === undefined || typeof code !== 'string' || UNKNOWN.includes(code)) return { kind: 'unknown' }
  const requestId = error.extensions?.['requestId']
  return {
    kind: 'failed',
    message: error.message,
    code,
    requestId: requestId === undefined ? undefined : `${requestId}`,
  }
}

const UNKNOWN: readonly string[] = [
  'UPSTREAM_OUTCOME_UNKNOWN',
  'REQUEST_TIMEOUT',
  'INTERNAL_SERVER_ERROR',
] satisfies ErrorCode[]
