import { graphql, useFragment, useLazyLoadQuery, usePaginationFragment } from 'react-relay'
import type { paymentLinkList_link$key } from './__generated__/paymentLinkList_link.graphql.js'
import type { paymentLinkList_query$key } from './__generated__/paymentLinkList_query.graphql.js'
import type { paymentLinkListQuery } from './__generated__/paymentLinkListQuery.graphql.js'

const PAGE_SIZE = 25

/** The links of one account, with buttons to load more. Wrap it in `<RelayEnvironmentProvider>` and `<Suspense>`. */
export function PaymentLinkList({ accountId }: { readonly accountId: string }) {
  const query = useLazyLoadQuery<paymentLinkListQuery>(
    graphql`
      query paymentLinkListQuery($accountId: ID!, $first: Int, $after: String, $last: Int, $before: String) {
        ...paymentLinkList_query
          @arguments(accountId: $accountId, first: $first, after: $after, last: $last, before: $before)
      }
    `,
    { accountId, first: PAGE_SIZE },
  )
  return <Pages query={query} />
}

/** Only fields of `Query` can be refetched by themselves; those of `PaymentLink` cannot, because there is no `node(id:)`. */
function Pages({ query }: { readonly query: paymentLinkList_query$key }) {
  const { data, hasNext, loadNext, isLoadingNext } = usePaginationFragment(
    graphql`
      fragment paymentLinkList_query on Query
      @refetchable(queryName: "paymentLinkListPaginationQuery")
      @argumentDefinitions(
        accountId: { type: "ID!" }
        first: { type: "Int" }
        after: { type: "String" }
        last: { type: "Int" }
        before: { type: "String" }
      ) {
        paymentLinks(accountId: $accountId, first: $first, after: $after, last: $last, before: $before)
          @connection(key: "paymentLinkList_paymentLinks") {
          totalCount
          edges {
            node {
              id
              ...paymentLinkList_link
            }
          }
        }
      }
    `,
    query,
  )
  const links = data.paymentLinks?.edges.flatMap((edge) => edge?.node ?? []) ?? []
  return (
    <>
      <ul>
        {links.map((link) => (
          <Row key={link.id} link={link} />
        ))}
      </ul>
      {hasNext && (
        <button type="button" disabled={isLoadingNext} onClick={() => loadNext(PAGE_SIZE)}>
          More
        </button>
      )}
    </>
  )
}

/** `accountId` is part of the link's identity: select it wherever you select a link. */
function Row({ link }: { readonly link: paymentLinkList_link$key }) {
  const { title, status, totalAmount, currency, maxUsage } = useFragment(
    graphql`
      fragment paymentLinkList_link on PaymentLink {
        id
        accountId
        title
        status
        totalAmount
        currency
        maxUsage
        version
      }
    `,
    link,
  )
  return (
    <li>
      {title} {status} {totalAmount} {currency} {maxUsage}
    </li>
  )
}
