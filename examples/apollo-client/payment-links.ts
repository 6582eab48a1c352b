import { type ApolloClient, CombinedGraphQLErrors, type ObservableQuery } from '@apollo/client'
import {
  type PaymentLinkFieldsFragment,
  PaymentLinksDocument,
  type PaymentLinksQuery,
  type PaymentLinksQueryVariables,
  UpdatePaymentLinkDocument,
  type UpdatePaymentLinkInput,
  type UpdatePaymentLinkMutation,
} from 'singapay-payment-link-gateway/client'
import { toUpdateOutcome, type UpdateOutcome } from '../responses/update-outcome.js'

/** In React, use `useQuery(PaymentLinksDocument, { variables, errorPolicy: 'all' })`, which has the same `fetchMore`. */
export type Links = ObservableQuery<PaymentLinksQuery, PaymentLinksQueryVariables>

export const PAGE_SIZE = 25

/** An account's links. `errorPolicy: 'all'` keeps the data of a partial response: one unreadable row is one null. */
export function watchLinks(client: ApolloClient, variables: PaymentLinksQueryVariables): Links {
  return client.watchQuery({ query: PaymentLinksDocument, variables, errorPolicy: 'all' })
}

/** All loaded pages, as one list. */
export function shownLinks(links: Links): readonly PaymentLinkFieldsFragment[] {
  return connectionOf(links)?.edges.flatMap((edge) => edge?.node ?? []) ?? []
}

/** Appends the next page. Returns whether there was one. */
export async function loadNext(links: Links): Promise<boolean> {
  const pageInfo = connectionOf(links)?.pageInfo
  if (!pageInfo?.hasNextPage) return false
  const variables = { first: PAGE_SIZE, after: pageInfo.endCursor, last: null, before: null }
  await links.fetchMore({ variables, errorPolicy: 'all' })
  return true
}

/** Prepends the previous page. Clears `first`, because `fetchMore` keeps variables that it is not given. */
export async function loadPrevious(links: Links): Promise<boolean> {
  const pageInfo = connectionOf(links)?.pageInfo
  if (!pageInfo?.hasPreviousPage) return false
  const variables = { last: PAGE_SIZE, before: pageInfo.startCursor, first: null, after: null }
  await links.fetchMore({ variables, errorPolicy: 'all' })
  return true
}

type Payload = NonNullable<UpdatePaymentLinkMutation['updatePaymentLink']>

/** The response carries the whole link, so every list and page that shows it updates without another request. */
export async function updateLink(client: ApolloClient, input: UpdatePaymentLinkInput): Promise<UpdateOutcome<Payload>> {
  const mutation = UpdatePaymentLinkDocument
  const { data, error } = await client.mutate({ mutation, variables: { input }, errorPolicy: 'all' })
  return toUpdateOutcome(data?.updatePaymentLink, CombinedGraphQLErrors.is(error) ? error.errors : [])
}

function connectionOf(links: Links) {
  const result = links.getCurrentResult()
  return result.dataState === 'complete' ? result.data.paymentLinks : undefined
}
