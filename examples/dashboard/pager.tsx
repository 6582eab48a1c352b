import type { PaymentLinksQuery, PaymentLinksQueryVariables } from 'singapay-payment-link-gateway/client'
import { PAGE_SIZE } from './config.js'
import { formatCount } from './format.js'

/** Which rows of an account: a size, and a cursor to start from. */
export type Page = Omit<PaymentLinksQueryVariables, 'accountId'>

interface Props {
  readonly links: NonNullable<PaymentLinksQuery['paymentLinks']>
  readonly label: string
  readonly onPage: (page: Page) => void
}

/** Both ways go by the cursors of the rows in view, so rows that come or go meanwhile are neither skipped nor repeated. */
export function Pager({ links: { edges, pageInfo, totalCount }, label, onPage }: Props) {
  const { hasPreviousPage, startCursor, hasNextPage, endCursor } = pageInfo
  return (
    <nav aria-label={label}>
      <p className="quiet">
        {formatCount(edges.length)}
        {totalCount !== null && ` of ${formatCount(totalCount)}`} links
      </p>
      <button
        type="button"
        disabled={!hasPreviousPage}
        onClick={() => onPage({ last: PAGE_SIZE, before: startCursor })}
      >
        Previous
      </button>
      <button type="button" disabled={!hasNextPage} onClick={() => onPage({ first: PAGE_SIZE, after: endCursor })}>
        Next
      </button>
    </nav>
  )
}
