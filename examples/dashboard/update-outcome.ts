import type { ErrorLike } from '@apollo/client'
import type { PaymentLinkFieldsFragment, UpdatePaymentLinkMutation } from 'singapay-payment-link-gateway/client'
import { type Failure, toFailures } from './gateway.js'

/** What can become of an update, and all that the form has to tell apart. */
export type UpdateOutcome =
  | { readonly kind: 'saved' }
  /** Somebody else changed the link since it was read; nothing was written. */
  | { readonly kind: 'conflict'; readonly theirs: PaymentLinkFieldsFragment }
  /** There is something to mend; `link` is as it is now, where it was looked at. */
  | {
      readonly kind: 'refused'
      readonly userErrors: readonly UserError[]
      readonly link: PaymentLinkFieldsFragment | null
    }
  /** It may have been written or not. */
  | { readonly kind: 'unknown'; readonly failure: Failure }
  /** Nothing was written. */
  | { readonly kind: 'failed'; readonly failure: Failure }

type Payload = NonNullable<UpdatePaymentLinkMutation['updatePaymentLink']>
export type UserError = Payload['userErrors'][number]

export function toOutcome(data: UpdatePaymentLinkMutation | undefined, error: ErrorLike | undefined): UpdateOutcome {
  const payload = data?.updatePaymentLink
  if (payload == null) {
    const [failure = NO_ANSWER] = toFailures(error)
    return { kind: MAY_HAVE_WRITTEN.has(failure.code) ? 'unknown' : 'failed', failure }
  }
  const { paymentLink, userErrors } = payload
  if (userErrors.length === 0) return { kind: 'saved' }
  const isStale = userErrors.some(({ code }) => code === 'STALE')
  return isStale && paymentLink
    ? { kind: 'conflict', theirs: paymentLink }
    : { kind: 'refused', userErrors, link: paymentLink }
}

const NO_ANSWER: Failure = { message: 'No answer came.', code: undefined, requestId: undefined, isRetryable: false }

/** No code: the connection broke, before or after the gateway had read the request. */
const MAY_HAVE_WRITTEN: ReadonlySet<string | undefined> = new Set([
  undefined,
  'UPSTREAM_OUTCOME_UNKNOWN',
  'REQUEST_TIMEOUT',
  'INTERNAL_SERVER_ERROR',
])
