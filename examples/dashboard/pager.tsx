import type { PaymentLinksQuery, PaymentLinksQueryVariables } from 'singapay-payment-link-gateway/client'
import { PAGE_SIZE } from './config.js'
import { formatCount } from './format.js'

/** A page of an account: a size, and a cursor to start from. */
export type Page = Omit<PaymentLinksQueryVariables, 'accountId'>

interface Props {
  readonly links: NonNullable<PaymentLinksQuery['paymentLinks']>
  readonly label: string
  readonly onPage: (page: Page) => void
}

/** Pages from the cursors of the visible rows, so no row is skipped or repeated when others come and go. */
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
