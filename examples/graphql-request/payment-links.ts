import type { GraphQLClient } from 'graphql-request'
import {
  PaymentLinksDocument,
  type PaymentLinksQuery,
  type PaymentLinksQueryVariables,
  UpdatePaymentLinkDocument,
  type UpdatePaymentLinkInput,
  type UpdatePaymentLinkMutation,
} from 'singapay-payment-link-gateway/client'
import { queryWithRetries } from '../responses/retrying.js'
import { toUpdateOutcome, type UpdateOutcome } from '../responses/update-outcome.js'
import { ask } from './client.js'

type Edge = NonNullable<PaymentLinksQuery['paymentLinks']>['edges'][number]

/** Every link of an account, page by page. An unreadable link is null. @throws Error if a page fails */
export async function* eachLink(client: GraphQLClient, accountId: string): AsyncGenerator<NonNullable<Edge>['node']> {
  let after: string | null = null
  do {
    const variables: PaymentLinksQueryVariables = { accountId, first: 100, after }
    const { data, errors } = await queryWithRetries(() => ask(client, PaymentLinksDocument, variables))
    if (!data?.paymentLinks) throw new Error(errors?.[0]?.message ?? 'The gateway returned no list.', { cause: errors })
    const { edges, pageInfo } = data.paymentLinks
    for (const edge of edges) yield edge?.node ?? null
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null
  } while (after !== null)
}

type Payload = NonNullable<UpdatePaymentLinkMutation['updatePaymentLink']>

/** Sends the update once, whatever happens. */
export async function updateLink(
  client: GraphQLClient,
  input: UpdatePaymentLinkInput,
): Promise<UpdateOutcome<Payload>> {
  try {
    const { data, errors = [] } = await ask(client, UpdatePaymentLinkDocument, { input })
    return toUpdateOutcome(data?.updatePaymentLink, errors)
  } catch {
    return { kind: 'unknown' }
  }
}
