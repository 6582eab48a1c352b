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
import { toUpdateOutcome, type UpdateOutcome } from '../answers/update-outcome.js'

/** In React: `useQuery(PaymentLinksDocument, { variables, errorPolicy: 'all' })`, which has the same `fetchMore`. */
export type Links = ObservableQuery<PaymentLinksQuery, PaymentLinksQueryVariables>

export const PAGE_SIZE = 25

/** An account's links. `errorPolicy: 'all'` keeps what was answered beside what failed: one bad row is one null. */
export function watchLinks(client: ApolloClient, variables: PaymentLinksQueryVariables): Links {
  return client.watchQuery({ query: PaymentLinksDocument, variables, errorPolicy: 'all' })
}

/** All pages that were loaded, as one list. */
export function shownLinks(links: Links): readonly PaymentLinkFieldsFragment[] {
  return connectionOf(links)?.edges.flatMap((edge) => edge?.node ?? []) ?? []
}

/** Adds the next page behind what is shown. Answers whether there was one. */
export async function loadNext(links: Links): Promise<boolean> {
  const pageInfo = connectionOf(links)?.pageInfo
  if (!pageInfo?.hasNextPage) return false
  const variables = { first: PAGE_SIZE, after: pageInfo.endCursor, last: null, before: null }
  await links.fetchMore({ variables, errorPolicy: 'all' })
  return true
}

/** Adds the page before what is shown. `first` is emptied: fetchMore keeps the variables it is not told of. */
export async function loadPrevious(links: Links): Promise<boolean> {
  const pageInfo = connectionOf(links)?.pageInfo
  if (!pageInfo?.hasPreviousPage) return false
  const variables = { last: PAGE_SIZE, before: pageInfo.startCursor, first: null, after: null }
  await links.fetchMore({ variables, errorPolicy: 'all' })
  return true
}

type Payload = NonNullable<UpdatePaymentLinkMutation['updatePaymentLink']>

/** The answer carries the whole link, so every list and page that shows it changes without another request. */
export async function updateLink(client: ApolloClient, input: UpdatePaymentLinkInput): Promise<UpdateOutcome<Payload>> {
  const mutation = UpdatePaymentLinkDocument
  const { data, error } = await client.mutate({ mutation, variables: { input }, errorPolicy: 'all' })
  return toUpdateOutcome(data?.updatePaymentLink, CombinedGraphQLErrors.is(error) ? error.errors : [])
}

function connectionOf(links: Links) {
  const result = links.getCurrentResult()
  return result.dataState === 'complete' ? result.data.paymentLinks : undefined
}
