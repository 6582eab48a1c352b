import type { Client } from '@urql/core'
import {
  PaymentLinksDocument,
  type PaymentLinksQuery,
  type PaymentLinksQueryVariables,
  UpdatePaymentLinkDocument,
  type UpdatePaymentLinkInput,
  type UpdatePaymentLinkMutation,
} from 'singapay-payment-link-gateway/client'
import { toUpdateOutcome, type UpdateOutcome } from '../responses/update-outcome.js'

export const PAGE_SIZE = 25

/**
 * The variables of the next page, or undefined at the end. A component renders one page with
 * `useQuery({ query: PaymentLinksDocument, variables })` and, below it, the next page with these variables.
 */
export function nextPage(
  shown: PaymentLinksQueryVariables,
  data: PaymentLinksQuery | undefined,
): PaymentLinksQueryVariables | undefined {
  const { hasNextPage, endCursor } = data?.paymentLinks?.pageInfo ?? {}
  return hasNextPage ? { accountId: shown.accountId, first: PAGE_SIZE, after: endCursor } : undefined
}

/** The variables of the previous page, or undefined at the start. */
export function previousPage(
  shown: PaymentLinksQueryVariables,
  data: PaymentLinksQuery | undefined,
): PaymentLinksQueryVariables | undefined {
  const { hasPreviousPage, startCursor } = data?.paymentLinks?.pageInfo ?? {}
  return hasPreviousPage ? { accountId: shown.accountId, last: PAGE_SIZE, before: startCursor } : undefined
}

export function queryLinks(client: Client, variables: PaymentLinksQueryVariables) {
  return client.query(PaymentLinksDocument, variables)
}

type Payload = NonNullable<UpdatePaymentLinkMutation['updatePaymentLink']>

/** The response carries the whole link, so every page that shows it updates without another request. */
export async function updateLink(client: Client, input: UpdatePaymentLinkInput): Promise<UpdateOutcome<Payload>> {
  const { data, error } = await client.mutation(UpdatePaymentLinkDocument, { input })
  return toUpdateOutcome(data?.updatePaymentLink, error?.graphQLErrors ?? [])
}
